"""Word and character error rates of two models on the same texts, with confidence intervals and a verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from meetscribe.evaluation import Comparison, ErrorRate, cer, compare, normalize, wer
from meetscribe.evaluation.bootstrap import MIN_RECORDINGS
from meetscribe.evaluation.normalization import normalize_characters

Verdict: TypeAlias = Literal["better", "worse", "no difference shown", "too few texts"]


@dataclass(frozen=True, slots=True)
class ScoredText:
    """A reference text, the texts of the base (`before`) and of the trained model (`after`), and their recording."""

    name: str
    recording: str
    language: str
    reference: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RateChange:
    """An error rate before and after training, and the difference (after minus before) with its 95 % interval."""

    before: ErrorRate
    after: ErrorRate
    comparison: Comparison

    @property
    def verdict(self) -> Verdict:
        """The verdict on the trained model; "better" and "worse" require that the interval excludes zero."""
        interval = self.comparison.interval
        if interval is None:
            return "too few texts"
        low, high = interval
        return "better" if high < 0 else "worse" if low > 0 else "no difference shown"


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """The scores of a set of texts. `units` describes the units that the bootstrap resamples, with their number."""

    name: str
    texts: int
    units: str
    wer: RateChange
    cer: RateChange

    def to_json(self) -> dict[str, Any]:
        """Return the table as a JSON object."""
        rates = {name: _rate_json(getattr(self, name)) for name in ("wer", "cer")}
        return {"set": self.name, "texts": self.texts, "resampled": self.units, **rates}


def score_texts(name: str, texts: Sequence[ScoredText]) -> ScoreTable:
    """Return the word and character error rates of both models over all texts.

    The bootstrap resamples recordings, or texts if there are fewer than six recordings. Texts of one recording are not
    independent, so in this case the interval is too narrow.
    """
    recordings = len({text.recording for text in texts})
    by_recording = recordings >= MIN_RECORDINGS
    units = f"{recordings} recordings" if by_recording else f"{len(texts)} texts of {recordings} recordings"
    return ScoreTable(
        name,
        len(texts),
        units,
        _change(texts, by_recording, lambda one, other: wer(_words(one), _words(other))),
        _change(texts, by_recording, lambda one, other: cer(" ".join(normalize(one)), " ".join(normalize(other)))),
    )


def _words(text: str) -> list[str]:
    """Return the words of a text, or its characters in a script without spaces."""
    return normalize_characters(text)


def _change(texts: Sequence[ScoredText], by_recording: bool, rate: Callable[[str, str], ErrorRate]) -> RateChange:
    """Return the rates of both models over all texts, and their comparison by the units of the bootstrap."""
    before: dict[str, ErrorRate] = defaultdict(ErrorRate.zero)
    after: dict[str, ErrorRate] = defaultdict(ErrorRate.zero)
    for text in texts:
        unit = text.recording if by_recording else text.name
        before[unit] += rate(text.reference, text.before)
        after[unit] += rate(text.reference, text.after)
    comparison = compare(list(after.values()), list(before.values()))
    return RateChange(sum(before.values(), ErrorRate.zero()), sum(after.values(), ErrorRate.zero()), comparison)


def _rate_json(change: RateChange) -> dict[str, Any]:
    comparison = change.comparison
    return {
        "before": change.before.rate,
        "after": change.after.rate,
        "errors_before": change.before.errors,
        "errors_after": change.after.errors,
        "length": change.before.length,
        "difference": comparison.difference,
        "interval": None if comparison.interval is None else list(comparison.interval),
        "p_value": comparison.p_value,
        "verdict": change.verdict,
    }
