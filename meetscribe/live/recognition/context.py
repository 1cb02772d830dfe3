"""The committed text that is given to the model with the next window."""

from __future__ import annotations

from collections.abc import Sequence

from meetscribe.asr.quality.repetition import max_repetitions, normalize_words
from meetscribe.text.joining import join_words
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word

_MAX_WORDS = 200


class Context:
    """The last committed words of one channel, at most `length` characters.

    A loop is never given to the model, which would continue it.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._words: tuple[Word, ...] = ()

    def add(self, words: Sequence[Word]) -> None:
        """Add committed words."""
        self._words = (*self._words, *words)[-_MAX_WORDS:]

    @property
    def end(self) -> Seconds:
        """The end of the last committed word."""
        return self._words[-1].end if self._words else 0.0

    def before(self, time: Seconds) -> str | None:
        """Return the text whose audio lies before `time`, the start of a window; None if there is none to use."""
        text = _ending([word.text for word in self._words if word.end <= time], self._length)
        return text if text and not max_repetitions(normalize_words(text)) else None


def _ending(texts: Sequence[str], length: int) -> str:
    """Return the text of the last words that have at most `length` characters together.

    >>> _ending(["one", "two", "three"], 9), _ending(["今天", "我们", "讨论"], 5)
    ('two three', '我们讨论')
    """
    ending = ""
    for first in range(len(texts) - 1, -1, -1):
        longer = join_words(texts[first:])
        if len(longer) > length:
            break
        ending = longer
    return ending
