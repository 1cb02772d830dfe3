"""Live sessions with real models at the same time: each text against its own reference, and how late its words are."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.evaluation import ErrorRate, wer
from meetscribe.evaluation.normalization import normalize_english
from meetscribe.timeline import Seconds
from tests.benchmarks.real.recordings import Recording
from tests.server.running import RunningServer
from tests.server.test_live import Client

BLOCK = SAMPLE_RATE // 5
"""Samples per message: 0.2 s."""

_PHRASE = 4  # words that two different texts do not have in common by chance


@dataclass
class RealSession:
    """A session that plays the first `seconds` of a recording in real time, and what it received.

    `delays` are the seconds from the end of a word, as the server states it, to its commit; `lag` is the largest amount
    of audio that waited for recognition, in seconds.
    """

    recording: Recording
    seconds: Seconds = math.inf
    texts: tuple[str, ...] = ()
    delays: list[Seconds] = field(default_factory=list)
    lag: Seconds = 0.0
    duration: Seconds = 0.0

    @property
    def reference(self) -> list[str]:
        """The words that are spoken, normalised."""
        return normalize_english(" ".join(word.text for word in self.recording.words if word.end <= self.seconds))

    @property
    def found(self) -> list[str]:
        """The words of the final live transcript, normalised."""
        return normalize_english(" ".join(self.texts))

    @property
    def errors(self) -> ErrorRate:
        """The word errors."""
        return wer(self.reference, self.found)

    def foreign(self, others: Sequence[RealSession]) -> list[str]:
        """Return the phrases in this text that other recordings contain, and this one does not."""
        spoken = {phrase for other in others if other is not self for phrase in phrases(other.reference)}
        return sorted((spoken - phrases(self.reference)) & phrases(self.found))

    def play(self, server: RunningServer) -> None:
        """Send the recording in real time, and receive the events until the session ends."""
        audio = load_audio(self.recording.path)
        frames = round(min(self.seconds, audio.duration) * SAMPLE_RATE)
        samples = np.round(audio.samples[:frames] * 32_767).astype("<i2")
        self.duration = len(samples) / SAMPLE_RATE
        client = Client(server, name=self.recording.key, options={"language": "en"})
        started = time.monotonic()
        with ThreadPoolExecutor(1) as receiver:
            ended = receiver.submit(self._receive, client, started)
            for start in range(0, len(samples), BLOCK):
                time.sleep(max(0.0, started + (start + BLOCK) / SAMPLE_RATE - time.monotonic()))
                client.socket.send(samples[start : start + BLOCK].tobytes())
            client.send(type="stop")
            ended.result()
        self.texts = tuple(client.texts)

    def _receive(self, client: Client, started: float) -> None:
        """Receive events with the time of their arrival."""
        while (message := client.receive(300))["type"] != "stopped":
            elapsed = time.monotonic() - started
            if message.get("kind") == "commit":
                self.delays += [elapsed - word["end"] for word in message["words"]]
            elif message.get("kind") == "status":
                self.lag = max(self.lag, message["compute_lag"])


def phrases(words: Sequence[str]) -> set[str]:
    """Return the runs of four words in a text."""
    return {" ".join(words[start : start + _PHRASE]) for start in range(len(words) - _PHRASE + 1)}


def play_together(server: RunningServer, recordings: Sequence[Recording], seconds: Seconds) -> list[RealSession]:
    """Play the first seconds of recordings in sessions at the same time."""
    sessions = [RealSession(each, seconds) for each in recordings]
    with ThreadPoolExecutor(len(sessions)) as pool:
        list(pool.map(lambda session: session.play(server), sessions))
    return sessions
