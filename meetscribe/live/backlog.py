"""Audio waiting for the recogniser: in memory up to a limit, beyond that in the recording on disk."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from meetscribe.audio import SAMPLE_RATE
from meetscribe.live.protocols import AudioChunk, Recorder
from meetscribe.timeline import Seconds

_READ = 10 * SAMPLE_RATE  # frames per read from disk


@dataclass(frozen=True, slots=True)
class Break:
    """The session was paused here, so the utterance ends."""


class Backlog:
    """A queue of chunks. Audio beyond `limit` seconds is kept in memory only if it is not on disk."""

    def __init__(self, limit: Seconds, recorder: Recorder | None = None) -> None:
        self._limit = round(limit * SAMPLE_RATE)
        self._recorder = recorder
        self._changed = threading.Condition()
        self._chunks: deque[AudioChunk | tuple[int, int] | Break] = deque()  # or frames on disk, from and up to
        self._frames = 0
        self._in_memory = 0
        self._ended = False

    @property
    def seconds(self) -> Seconds:
        """The seconds of waiting audio."""
        return self._frames / SAMPLE_RATE

    def add(self, chunk: AudioChunk, *, saved: bool = True) -> None:
        """Add a chunk; `saved` states whether it is on disk."""
        with self._changed:
            self._frames += len(chunk.samples)
            if self._recorder is None or not saved or self._in_memory + len(chunk.samples) <= self._limit:
                self._chunks.append(chunk)
                self._in_memory += len(chunk.samples)
            else:
                self._append_saved(chunk.start, chunk.end)
            self._changed.notify_all()

    def add_saved(self, start: int, end: int) -> None:
        """Add frames that are on disk."""
        with self._changed:
            self._frames += end - start
            self._append_saved(start, end)
            self._changed.notify_all()

    def add_break(self) -> None:
        """Add a break, because the session is paused."""
        with self._changed:
            self._chunks.append(Break())
            self._changed.notify_all()

    def take(self, timeout: Seconds) -> AudioChunk | Break | None:
        """Return the next chunk or break; None if there is none within `timeout` seconds or no more follow."""
        with self._changed:
            self._changed.wait_for(lambda: self._chunks or self._ended, timeout)
            if not self._chunks:
                return None
            chunk = self._chunks.popleft()
            if isinstance(chunk, Break):
                return chunk
            if isinstance(chunk, AudioChunk):
                self._in_memory -= len(chunk.samples)
            else:
                chunk = self._read(*chunk)
            self._frames -= len(chunk.samples)
            self._changed.notify_all()
            return chunk

    def wait_below(self, seconds: Seconds, timeout: Seconds) -> bool:
        """Wait until less than `seconds` of audio are left, at most `timeout` seconds; return whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: self.seconds < seconds, timeout)

    def end(self) -> None:
        """Mark the end: no chunk follows."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def exhausted(self) -> bool:
        """Whether the end is marked and all chunks were taken."""
        with self._changed:
            return self._ended and not self._chunks

    def _append_saved(self, start: int, end: int) -> None:
        """Append frames on disk, merged with the preceding ones if they are consecutive."""
        last = self._chunks[-1] if self._chunks else None
        if isinstance(last, tuple) and last[1] == start:
            self._chunks[-1] = (last[0], end)
        else:
            self._chunks.append((start, end))

    def _read(self, start: int, end: int) -> AudioChunk:
        """Read the first of these frames from disk, and requeue the rest."""
        assert self._recorder is not None
        stop = min(end, start + _READ)
        if stop < end:
            self._chunks.appendleft((stop, end))
        return AudioChunk(start, self._recorder.read(start, stop))
