"""LocalAgreement-2: words are final when two successive hypotheses agree on them (Macháček et al., 2023)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meetscribe.asr.quality.repetition import normalize_text
from meetscribe.live.commit.committed_prefix import words_after
from meetscribe.live.commit.missing_words import with_missing
from meetscribe.live.protocols import Decision, Hypothesis
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word

_FOLLOWED: Seconds = 0.5
"""The audio that must follow a word in a window so that the word counts as completely heard."""
_KEPT_PROBABILITY = 0.5
"""The probability from which a word is kept although the next hypothesis omits it."""
_COMMITTED_PROBABILITY = 0.3
"""The probability from which a word can be committed although the next hypothesis ends before it."""


class LocalAgreement:
    """A CommitPolicy that commits the longest common prefix of the last two hypotheses, in its newest spelling.

    Words are compared without case and punctuation. With `certain`, the first words of a hypothesis are committed at
    once if the engine gives them at least this probability and half a second of audio follows them. With `settled`,
    words followed by this many seconds of audio are also committed, because later audio hardly changes them. A final
    hypothesis is committed completely; if it has no further words, the pending ones are committed unless they were
    doubtful. If a provisional hypothesis contradicts the last one, only the words on which both agree are committed;
    words held from the previous utterance are committed in any case.
    """

    def __init__(self, certain: float | None = None, settled: Seconds | None = None) -> None:
        self._certain = certain
        self._settled = settled
        self._committed: tuple[Word, ...] = ()  # words with audio in the window
        self._pending: tuple[Word, ...] = ()
        self._heard: Seconds = 0.0  # the end of the hypothesis that the pending words come from
        self._held = False  # whether the pending words are those at the end of an utterance
        self._comparable = False  # whether the pending words are not doubtful, so that they count as a hypothesis

    def decide(self, hypothesis: Hypothesis) -> Decision:
        """Return the words that are final after a further hypothesis."""
        self._committed = tuple(word for word in self._committed if word.end > hypothesis.span.start)
        rest = words_after(self._committed, hypothesis.words, self._pending)
        if hypothesis.final and not (hypothesis.provisional and self._differs(rest)):
            last = rest or (self._pending if self._comparable else ())
            self._held = False
            self._committed, self._pending = (*self._committed, *last), ()
            return Decision(last)
        if not rest and self._pending and self._comparable and not self._held:
            return self._unconfirmed(hypothesis.span.end)
        rest, count = self._final(rest, hypothesis)
        self._committed, self._pending = (*self._committed, *rest[:count]), rest[count:]
        self._comparable, self._held = not hypothesis.doubtful, hypothesis.final and count < len(rest)
        self._heard = hypothesis.span.end
        return Decision(rest[:count], self._pending)

    def cut(self, until: Seconds) -> Decision:
        """Commit the first pending words that end by `until`; the others stay pending."""
        count = sum(1 for word in _leading(self._pending, until))
        forced, self._pending = self._pending[:count], self._pending[count:]
        self._committed = (*self._committed, *forced)
        return Decision(forced, self._pending)

    def _final(self, words: tuple[Word, ...], hypothesis: Hypothesis) -> tuple[tuple[Word, ...], int]:
        """Return the words that follow the committed ones, and the number of those that are final.

        Words held at the end of an utterance are kept where the hypothesis has none; all words up to the end of the
        last held one are final.
        """
        if self._held:
            words = with_missing(self._pending, () if hypothesis.doubtful else words, self._pending)
            known = sum(1 for word in words if word.middle <= self._pending[-1].end)
            return words, max(known, self._agreed(words, hypothesis.span.end))
        if hypothesis.doubtful or not words:
            return words, 0
        if self._comparable:
            words = with_missing(self._pending, words, self._firm(words[-1].end))
        # `decide` commits a provisional hypothesis at once unless it contradicts the last one, so this one does.
        return words, self._agreed(words, hypothesis.span.end, contradicted=hypothesis.provisional)

    def _firm(self, end: Seconds) -> list[Word]:
        """Return the pending words before `end` that are complete and probable."""
        end = min(end, self._heard - _FOLLOWED)
        return [word for word in self._pending if word.end <= end and (word.probability or 0.0) >= _KEPT_PROBABILITY]

    def _differs(self, words: Sequence[Word]) -> bool:
        """Return whether the last hypothesis had another word somewhere, although it had heard what followed it."""
        if not self._comparable:
            return False
        heard = [word for word in self._pending if word.end <= self._heard - _FOLLOWED]
        return any(
            normalize_text(before.text) != normalize_text(now.text) for before, now in zip(heard, words, strict=False)
        )

    def _unconfirmed(self, heard: Seconds) -> Decision:
        """Return the decision on the pending words if a hypothesis ends before them, as Whisper's sometimes do.

        The first words that are settled or certain, and not improbable, are committed; the others are kept for the next
        hypothesis.
        """
        count = 0
        for word in self._pending:
            if not (self._is_final(word, heard) and (word.probability or 0.0) >= _COMMITTED_PROBABILITY):
                break
            count += 1
        committed, self._pending = self._pending[:count], self._pending[count:]
        self._committed = (*self._committed, *committed)
        return Decision(committed, self._pending)

    def _agreed(self, words: Sequence[Word], heard: Seconds, *, contradicted: bool = False) -> int:
        """Return the number of leading words that are final.

        They are the words that agree with the pending ones, then those for which one hypothesis suffices, unless the
        pending ones are `contradicted`.
        """
        count = 0
        if self._comparable:
            for before, now in zip(self._pending, words, strict=False):
                if normalize_text(before.text) != normalize_text(now.text):
                    break
                count += 1
        while not contradicted and count < len(words) and self._is_final(words[count], heard):
            count += 1
        return count

    def _is_final(self, word: Word, heard: Seconds) -> bool:
        """Return whether one hypothesis suffices for a word."""
        if self._settled is not None and word.end <= heard - self._settled:
            return True
        sure = self._certain is not None and word.probability is not None and word.probability >= self._certain
        return sure and word.end <= heard - _FOLLOWED


def _leading(words: Sequence[Word], until: Seconds) -> Iterator[Word]:
    """Yield the first words that end by a time."""
    for word in words:
        if word.end > until:
            return
        yield word
