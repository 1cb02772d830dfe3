"""A loaded engine shared by live sessions, and the state of a stream, which is one recognised channel of a session."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout  # another class before Python 3.11
from typing import TYPE_CHECKING

import numpy as np

from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import MeetscribeError
from meetscribe.live.protocols import Window
from meetscribe.live.recognition.context import Context
from meetscribe.live.recognition.fair_queue import FairQueue
from meetscribe.live.recognition.spoken_language import SpokenLanguage
from meetscribe.live.recognition.window_decoding import Decoding, StreamState, decode_window
from meetscribe.timeline import Seconds, Span, total
from meetscribe.transcript import Word

if TYPE_CHECKING:
    from meetscribe.asr.protocol import Engine
    from meetscribe.asr.settings import AsrSettings


class LiveRecogniser:
    """An engine with a fair queue. Sessions share it; each of their streams has its own language and context.

    `settings` are those of speech recognition; a `language` of None is detected for each stream.
    """

    def __init__(self, engine: Engine, settings: AsrSettings) -> None:
        self.engine = engine
        self.settings = settings
        self._queue = FairQueue()
        self._numbers = itertools.count()

    def stream(self, context: int = 200) -> StreamRecogniser:
        """Return the state of a new stream, with at most `context` characters of committed text as a prompt."""
        return StreamRecogniser(self, next(self._numbers), context)

    def warm_up(self, patience: Seconds = 20.0) -> None:
        """Decode a second of noise, so that the first words do not wait for the model.

        Raises MeetscribeError if there is no result within `patience` seconds, and the errors of the engine.
        """
        noise = np.random.default_rng(0).normal(0, 0.01, SAMPLE_RATE).astype(np.float32)
        window = Window("warm-up", 0, 0, noise, (Span(0.0, 1.0),))
        try:
            self.stream().decode(window).result(timeout=patience)
        except FutureTimeout as error:
            raise unresponsive(patience) from error

    def submit(self, client: int, stream: StreamRecogniser, window: Window) -> Future[Decoding]:
        """Queue a window of a stream."""
        return self._queue.submit(client, lambda: stream.decode_now(window))

    def close(self) -> None:
        """Stop after the current window."""
        self._queue.close()


class StreamRecogniser:
    """Decodes the windows of one stream, and keeps its language and its committed text."""

    def __init__(self, recogniser: LiveRecogniser, number: int, context: int) -> None:
        self._recogniser = recogniser
        self._number = number
        self._language = SpokenLanguage(recogniser.settings, recogniser.engine.languages)
        self._context = Context(context)

    @property
    def language(self) -> str | None:
        """The language once it is fixed, None before."""
        return self._language.fixed

    def decode(self, window: Window) -> Future[Decoding]:
        """Queue a window behind those of the other streams."""
        return self._recogniser.submit(self._number, self, window)

    def decode_now(self, window: Window) -> Decoding:
        """Decode a window in this thread."""
        engine, settings = self._recogniser.engine, self._recogniser.settings
        language = self._language.fixed
        if language is None:
            probabilities = engine.detect([window.samples])[0]
            language = self._language.update(probabilities, total(window.speech), final=window.final)
        state = StreamState(language, self._context.before(window.span.start), self._context.end)
        return decode_window(engine, window, settings, state)

    def committed(self, words: Sequence[Word]) -> None:
        """Add committed words to the context of later windows."""
        self._context.add(words)


def unresponsive(patience: Seconds) -> MeetscribeError:
    """Return the error for a window without a result; the model may be busy with the windows of other streams."""
    return MeetscribeError(
        f"recognition has waited {patience:.0f} s for the model",
        "Use a smaller model (--model) or fewer sessions, and check the machine with `meetscribe doctor`.",
    )
