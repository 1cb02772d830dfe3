"""A transcript prepared for scoring: its words, streams and turns, computed once, and what is missing for a metric."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from meetscribe.evaluation.normalization import Normalization
from meetscribe.evaluation.words import ScoredWord, in_order, scored_utterances, words_by_speaker
from meetscribe.timeline import Span, Turn, union
from meetscribe.transcript import Transcript, Word
from meetscribe.transcript.turns import turns_of


class ScoringInput:
    """A reference or hypothesis transcript with its edits applied, restricted to the words inside `within`.

    A word is inside if its middle is. None includes all words. Turns and segments are not restricted: the metrics of
    turns have a parameter `within`. The methods return a reason that continues a sentence, such as "has no times".
    """

    def __init__(
        self, transcript: Transcript, normalization: Normalization, within: Sequence[Span] | None = None
    ) -> None:
        self.transcript = transcript.edited()
        self.within = None if within is None else union(within)
        self._normalization = normalization

    @cached_property
    def utterances(self) -> list[list[ScoredWord]]:
        """The normalized words of each utterance, in order of time."""
        utterances = scored_utterances(self.transcript, self._normalization)
        if self.within is None:
            return utterances
        return [kept for words in utterances if (kept := [word for word in words if self._is_inside(word)])]

    @cached_property
    def words(self) -> list[ScoredWord]:
        """The normalized words in order of their starts."""
        return in_order(self.utterances)

    @cached_property
    def streams(self) -> dict[str, list[ScoredWord]]:
        """The normalized words of each speaker."""
        return words_by_speaker(self.words)

    @cached_property
    def original_words(self) -> list[Word]:
        """The words of the transcript in order of their starts."""
        return sorted(filter(self._is_inside, self._all_words), key=lambda word: word.start)

    @cached_property
    def timed_words(self) -> list[Word]:
        """The words of the transcript whose times are not interpolated."""
        return [word for word in self.original_words if word.timing != "interpolated"]

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """The transcript's turns, or turns derived from its words if it has none."""
        return turns_of(self.transcript)

    @cached_property
    def segments(self) -> list[Turn]:
        """The transcript's segments, or its turns if it has none, each with a unique speaker label.

        With these, `purity` and `coverage` score segments instead of speakers.
        """
        spans = [segment.span for segment in self.transcript.segments] or [turn.span for turn in self.turns]
        return [Turn(span.start, span.end, str(index)) for index, span in enumerate(spans)]

    @cached_property
    def speakers(self) -> set[str]:
        """The speakers of the words, or of the turns if no word has a speaker."""
        return {name for name in self.streams if name} or {turn.speaker for turn in self.turns}

    def missing_words(self) -> str | None:
        """Return the reason why words cannot be scored; None if they can, also for a recording without speech."""
        if self.within is not None and self.missing_times():
            return "has no times, which are needed to score regions"
        return "has no words, only turns" if not self.words and self.transcript.turns else None

    def missing_speakers(self) -> str | None:
        """Return the reason why the speakers of words cannot be scored, None if they can."""
        return self.missing_words() or ("names no speakers" if self.words and not any(self.streams) else None)

    def missing_turns(self) -> str | None:
        """Return the reason why turns cannot be scored, None if they can."""
        return self.missing_times() or ("names no speakers" if self._all_words and not self.turns else None)

    def missing_times(self) -> str | None:
        """Return the reason why times cannot be scored, None if they can; words of formats without times end at 0."""
        return "has no times" if self._all_words and not any(word.end for word in self._all_words) else None

    def missing_timed_speakers(self) -> str | None:
        """Return the reason why words with speakers and times cannot be scored, None if they can."""
        return self.missing_times() or self.missing_speakers()

    def missing_word_times(self) -> str | None:
        """Return the reason why word times cannot be scored, None if they can."""
        return self.missing_words() or ("has no word times" if self.words and not self.timed_words else None)

    @cached_property
    def _all_words(self) -> tuple[Word, ...]:
        return self.transcript.words

    def _is_inside(self, word: ScoredWord | Word) -> bool:
        """Return whether a word is scored."""
        if self.within is None:
            return True
        middle = (word.start + word.end) / 2
        return any(span.start <= middle < span.end for span in self.within)
