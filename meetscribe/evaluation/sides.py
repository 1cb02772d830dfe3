"""A transcript as it is compared with another: its words, streams and turns, each made once, and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from meetscribe.evaluation.normalization import Normalization
from meetscribe.evaluation.spoken import Spoken, in_order, utterances_of, words_by_speaker
from meetscribe.timeline import Span, Turn, union
from meetscribe.transcript import Transcript, Word
from meetscribe.transcript.turns import turns_of


class Side:
    """A transcript to compare, with its corrections made; of its words, those inside `within`.

    A word is inside if its middle is.
    """

    def __init__(
        self, transcript: Transcript, normalization: Normalization, within: Sequence[Span] | None = None
    ) -> None:
        self.transcript = transcript.edited()
        self.within = None if within is None else union(within)
        self._normalization = normalization

    @cached_property
    def utterances(self) -> list[list[Spoken]]:
        """The normalised words of each utterance, in order of time."""
        spoken = utterances_of(self.transcript, self._normalization)
        if self.within is None:
            return spoken
        return [kept for words in spoken if (kept := [word for word in words if self._inside(word)])]

    @cached_property
    def words(self) -> list[Spoken]:
        """The normalised words in order of their start."""
        return in_order(self.utterances)

    @cached_property
    def streams(self) -> dict[str, list[Spoken]]:
        """The normalised words of each speaker."""
        return words_by_speaker(self.words)

    @cached_property
    def written(self) -> list[Word]:
        """The words as they are written, in order of their start."""
        return sorted(filter(self._inside, self._all), key=lambda word: word.start)

    @cached_property
    def timed(self) -> list[Word]:
        """The words as they are written whose times are more than a guess."""
        return [word for word in self.written if word.timing != "interpolated"]

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Who speaks when, by the transcript's turns, else by its words."""
        return turns_of(self.transcript)

    @cached_property
    def segments(self) -> list[Turn]:
        """The transcript's segments, else its turns, each as if it were of another speaker."""
        spans = [segment.span for segment in self.transcript.segments] or [turn.span for turn in self.turns]
        return [Turn(span.start, span.end, str(place)) for place, span in enumerate(spans)]

    @cached_property
    def speakers(self) -> set[str]:
        """The names of those who say a word; without words, of those who have a turn."""
        return {name for name in self.streams if name} or {turn.speaker for turn in self.turns}

    def lacks_words(self) -> str | None:
        """What it lacks to tell what is said; a recording in which nobody speaks lacks nothing."""
        return "has no words, only turns" if not self.words and self.transcript.turns else None

    def lacks_speakers(self) -> str | None:
        """What it lacks to tell who says what."""
        return self.lacks_words() or ("names no speakers" if self.words and not any(self.streams) else None)

    def lacks_turns(self) -> str | None:
        """What it lacks to tell who speaks when."""
        return self.lacks_times() or ("names no speakers" if self._all and not self.turns else None)

    def lacks_times(self) -> str | None:
        """What it lacks to tell when something is said."""
        return "has no times" if self._all and not any(word.end for word in self._all) else None

    def lacks_timed_speakers(self) -> str | None:
        """What it lacks to tell who says what when."""
        return self.lacks_times() or self.lacks_speakers()

    def lacks_word_times(self) -> str | None:
        """What it lacks to tell when each word is said."""
        return self.lacks_words() or ("has no times of its words" if self.words and not self.timed else None)

    @cached_property
    def _all(self) -> tuple[Word, ...]:
        return self.transcript.words

    def _inside(self, word: Spoken | Word) -> bool:
        """Whether a word is scored."""
        if self.within is None:
            return True
        middle = (word.start + word.end) / 2
        return any(span.start <= middle < span.end for span in self.within)
