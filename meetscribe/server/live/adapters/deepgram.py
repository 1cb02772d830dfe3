"""The messages of Deepgram's `WS /v1/listen`, so that its SDKs can use this server.

Reference: developers.deepgram.com/reference/speech-to-text/listen-streaming. The supported query parameters are
`language`, `encoding` (`linear16`; none for a container), `sample_rate`, `channels`, `interim_results`, `vad_events`,
`utterance_end_ms` and `diarize`. This server determines the ends of utterances; the values of `endpointing` and
`utterance_end_ms` are ignored. A word has a speaker only if it is known when the word is committed, because results are
not sent again.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from meetscribe.errors import JSON
from meetscribe.live import Event
from meetscribe.runtime.packages import versions
from meetscribe.server.live.adapters.serving import Command, Message
from meetscribe.server.live.audio_input import AUTO, PCM, AudioFormat
from meetscribe.server.live.messages import parsed
from meetscribe.server.responses import RequestError
from meetscribe.timeline import Seconds

_COMMANDS: Mapping[str, Command] = {"KeepAlive": "none", "Finalize": "flush", "CloseStream": "end"}
_CHANNEL: tuple[JSON, JSON] = (0, 1)  # channel 0 of 1


class Deepgram:
    """One connection of a client of Deepgram."""

    name = "Live"
    error_close_code = 1008

    def __init__(self, query: Mapping[str, str]) -> None:
        self._query = query
        self._id = str(uuid.uuid4())
        self._created = datetime.now(UTC).isoformat()
        self._digest = hashlib.sha256()
        self._started: set[str] = set()
        self._speakers: dict[str, int] = {}
        self._last_end: Seconds = 0.0
        self._has_finalized = False  # whether the client has sent Finalize: all later results say `from_finalize`

    def options(self) -> Mapping[str, object]:
        """Return the language of the query; "multi" or no language means detection."""
        language = self._query.get("language", "multi")
        return {"language": None if language == "multi" else language.partition("-")[0]}

    def format(self) -> AudioFormat:
        """Return the audio format of the query; raises RequestError for a raw encoding other than `linear16`."""
        encoding = self._query.get("encoding")
        if encoding not in (None, "linear16"):
            raise RequestError(400, "encoding", "encoding must be linear16, or omitted for audio in a container")
        try:
            rate = int(self._query.get("sample_rate", 16_000))
            channels = int(self._query.get("channels", 1))
        except ValueError as error:
            raise RequestError(400, "sample_rate", "sample_rate and channels must be numbers") from error
        return AudioFormat(PCM if encoding else AUTO, rate, channels)

    def greeting(self) -> Sequence[Message]:
        """Return no message, because a Deepgram server waits for audio."""
        return ()

    def audio(self, data: bytes) -> Command:
        """Return "end" for an empty message, which older SDKs send."""
        self._digest.update(data)
        return "none" if data else "end"

    def command(self, text: str) -> Command:
        """Return the command of a message; raises ValueError."""
        kind = str(parsed(text).get("type"))
        if kind not in _COMMANDS:
            raise ValueError(f"unknown type {kind!r}")
        self._has_finalized = self._has_finalized or kind == "Finalize"
        return _COMMANDS[kind]

    def translate(self, events: Sequence[Event]) -> Sequence[Message]:
        """Return the results, the starts of speech and the ends of utterances."""
        messages: list[Message] = []
        for event in events:
            if event.kind in ("partial", "commit"):
                messages += self._speech(event)
            elif event.kind == "error":
                messages.append(self.failure(str(event.payload["code"]), str(event.payload["message"])))
        return messages

    def farewell(self, received: Seconds) -> Sequence[Message]:
        """Return the metadata of the audio."""
        return [
            {
                "type": "Metadata",
                "transaction_key": "deprecated",
                "request_id": self._id,
                "sha256": self._digest.hexdigest(),
                "created": self._created,
                "duration": received,
                "channels": 1,
            }
        ]

    def failure(self, code: str, message: str) -> Message:
        """Return an error."""
        return {"type": "Error", "variant": code, "description": message, "message": message}

    def _speech(self, event: Event) -> list[Message]:
        """Return the messages for pending or committed words."""
        messages: list[Message] = []
        words = cast("Sequence[Mapping[str, JSON]]", event.payload.get("words", ()))
        start = words[0]["start"] if words else event.payload.get("start", self._last_end)
        if event.id not in self._started and (words or event.payload.get("text")):
            self._started.add(str(event.id))
            if self._has("vad_events"):
                messages.append({"type": "SpeechStarted", "channel": [*_CHANNEL], "timestamp": start})
        if event.kind == "partial":
            if self._has("interim_results") and event.payload["text"]:
                messages.append(self._results(str(event.payload["text"]), [], start, event.payload["end"]))
            return messages
        closed = bool(event.payload["closed"])
        if words:
            self._last_end = max(self._last_end, *(float(cast("float", word["end"])) for word in words))
        listed = [self._word(word) for word in words]
        text = " ".join(str(word["text"]) for word in words)
        messages.append(
            {**self._results(text, listed, start, self._last_end), "is_final": True, "speech_final": closed}
        )
        if closed and "utterance_end_ms" in self._query:
            messages.append({"type": "UtteranceEnd", "channel": [*_CHANNEL], "last_word_end": self._last_end})
        return messages

    def _results(self, text: str, words: list[JSON], start: JSON, end: JSON) -> dict[str, JSON]:
        """Return a message with results, marked as interim; the caller marks final ones."""
        start, end = float(cast("float", start)), float(cast("float", end))
        confidences = [cast("float", cast("Mapping[str, JSON]", word)["confidence"]) for word in words]
        confidence = sum(confidences) / len(confidences) if confidences else 0.0
        model: JSON = {"name": "meetscribe", "version": versions().get("meetscribe") or "", "arch": "whisper"}
        return {
            "type": "Results",
            "channel_index": [*_CHANNEL],
            "start": start,
            "duration": round(max(0.0, end - start), 3),
            "is_final": False,
            "speech_final": False,
            "from_finalize": self._has_finalized,
            "channel": {"alternatives": [{"transcript": text, "confidence": confidence, "words": [*words]}]},
            "metadata": {"request_id": self._id, "model_uuid": self._id, "model_info": model},
        }

    def _word(self, word: Mapping[str, JSON]) -> JSON:
        """Return a committed word."""
        text = str(word["text"])
        members: dict[str, JSON] = {
            "word": text.strip('.,;:!?¿¡"').lower(),
            "start": word["start"],
            "end": word["end"],
            "confidence": word.get("probability") or 0.0,
            "punctuated_word": text,
        }
        if self._has("diarize") and (speaker := word.get("speaker")) is not None:
            members["speaker"] = self._speakers.setdefault(str(speaker), len(self._speakers))
        return members

    def _has(self, name: str) -> bool:
        return self._query.get(name, "").lower() == "true"
