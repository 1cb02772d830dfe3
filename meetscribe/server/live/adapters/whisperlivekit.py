"""The messages of WhisperLiveKit's `WS /asr`, so that its web page and clients can use this server.

Reference: github.com/QuentinFuxa/WhisperLiveKit, docs/API.md. A line is a run of words of one speaker in an utterance;
a silence of five seconds or more is a line of speaker -2. With `mode=diff`, only the lines of complete utterances are
sent, so that a client normally only appends lines; if earlier lines change, for example to another speaker, a snapshot
is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import cast

from meetscribe.errors import JSON
from meetscribe.live import Event, LiveTranscript
from meetscribe.live.transcript import LiveSegment
from meetscribe.server.live.adapters.serving import Command, Message
from meetscribe.server.live.audio_input import AUTO, PCM, AudioFormat
from meetscribe.server.responses import RequestError
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word

SILENCE = -2
"""The speaker number of a line of silence."""

_MIN_SILENCE: Seconds = 5.0
_UPDATES = ("partial", "commit", "revise", "speakers", "status")


class WhisperLiveKit:
    """One connection of a client of WhisperLiveKit."""

    name = "Live"
    error_close_code = 4400

    def __init__(self, query: Mapping[str, str]) -> None:
        self._language = query.get("language", "auto")
        self._mode = query.get("mode", "full")
        self._is_pcm = query.get("codec") == PCM
        self._transcript = LiveTranscript()
        self._status: Mapping[str, JSON] = {}
        self._speakers: dict[str, int] = {}
        self._sent: list[JSON] | None = None
        self._seq = 0

    def options(self) -> Mapping[str, object]:
        """Return the language of the query; "auto" means detection."""
        return {"language": None if self._language in ("", "auto") else self._language}

    def format(self) -> AudioFormat:
        """Return the format, detected from the first bytes; raises RequestError for an unknown mode."""
        if self._mode not in ("full", "diff"):
            raise RequestError(400, "mode", "mode must be full or diff")
        return AudioFormat(PCM if self._is_pcm else AUTO)

    def greeting(self) -> Sequence[Message]:
        """Return the configuration, with which the page of WhisperLiveKit records WebM, or PCM with `codec=pcm`."""
        return [{"type": "config", "useAudioWorklet": self._is_pcm, "mode": self._mode}]

    def audio(self, data: bytes) -> Command:
        """Return "end" for an empty message."""
        return "none" if data else "end"

    def command(self, text: str) -> Command:
        """Ignore the text; the protocol has no text messages from the client."""
        return "none"

    def translate(self, events: Sequence[Event]) -> Sequence[Message]:
        """Return the state after the events, at most one message."""
        self._transcript = self._transcript.apply_all(events)
        for event in events:
            if event.kind == "status":
                self._status = event.payload
            elif event.kind == "error":
                return [self.failure(str(event.payload["code"]), str(event.payload["message"]))]
        if not any(event.kind in _UPDATES for event in events):
            return []
        return [self._update()]

    def farewell(self, received: Seconds) -> Sequence[Message]:
        """Return the final state, and the message that tells the client to disconnect."""
        return [self._update(), {"type": "ready_to_stop"}]

    def failure(self, code: str, message: str) -> Message:
        """Return an update with an error."""
        return {**self._update(), "error": message}

    def _update(self) -> Message:
        """Return the state in the mode of the client."""
        lines = list(self._lines(only_closed=self._mode == "diff"))
        delay = self._status.get("compute_lag") or 0.0
        state: dict[str, JSON] = {
            "status": "active_transcription" if self._transcript.segments else "no_audio_detected",
            "lines": lines,
            "buffer_transcription": self._pending(),
            "buffer_diarization": "",
            "buffer_translation": "",
            "remaining_time_transcription": delay,
            "remaining_time_transcription_processing": delay,
            "remaining_time_transcription_policy": self._status.get("policy_lag") or 0.0,
            "remaining_time_diarization": self._status.get("diarizer_lag") or 0.0,
        }
        return self._difference(state, lines) if self._mode == "diff" else state

    def _difference(self, state: dict[str, JSON], lines: list[JSON]) -> Message:
        """Return the added lines, or all of them in a snapshot if earlier ones have changed."""
        self._seq += 1
        sent, self._sent = self._sent, lines
        if sent is None or lines[: len(sent)] != sent:
            return {"type": "snapshot", "seq": self._seq, **state}
        del state["lines"]
        added: dict[str, JSON] = {"new_lines": lines[len(sent) :]} if len(lines) > len(sent) else {}
        return {"type": "diff", "seq": self._seq, "n_lines": len(lines), **added, **state}

    def _pending(self) -> str:
        """Return the text that is not yet in lines."""
        parts = []
        for segment in self._transcript.segments.values():
            if not segment.closed and self._mode == "diff":
                parts += [word.text for word in segment.visible]
            if segment.pending:
                parts.append(segment.pending)
        return " ".join(parts)

    def _lines(self, *, only_closed: bool) -> Iterator[JSON]:
        """Yield the lines with the silence between them."""
        end = 0.0
        for segment in self._transcript.segments.values():
            if only_closed and not segment.closed:
                continue
            for number, words in self._runs(segment):
                start, last = words[0].start, max(word.end for word in words)
                if start - end >= _MIN_SILENCE:
                    yield _line(SILENCE, None, end, start)
                yield _line(number, " ".join(word.text for word in words), start, last)
                end = max(end, last)

    def _runs(self, segment: LiveSegment) -> Iterator[tuple[int, list[Word]]]:
        """Yield the runs of words of one speaker; speakers are numbered from 1, and an unknown speaker is 1."""
        for speaker, words in groupby(segment.visible, key=lambda word: word.speaker):
            known = 1 if speaker is None else self._speakers.setdefault(speaker, len(self._speakers) + 1)
            yield known, list(words)


def _line(speaker: int, text: str | None, start: Seconds, end: Seconds) -> JSON:
    return cast("JSON", {"speaker": speaker, "text": text, "start": _clock(start), "end": _clock(end)})


def _clock(time: Seconds) -> str:
    """Return a time in the notation of WhisperLiveKit.

    >>> _clock(3723.456)
    '1:02:03.46'
    """
    hundredths = round(time * 100)
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes // 60}:{minutes % 60:02}:{rest // 100:02}.{rest % 100:02}"
