"""All scores of a transcript against its reference, each a value or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from meetscribe.errors import SettingsError, nearest
from meetscribe.evaluation.boundaries import word_boundary_error, words_found
from meetscribe.evaluation.normalization import find_normalization
from meetscribe.evaluation.rates import Rate
from meetscribe.evaluation.sides import Side
from meetscribe.evaluation.speakers import TCP_COLLAR, cpwer, tcpwer, wder
from meetscribe.evaluation.spoken import texts
from meetscribe.evaluation.streams import orcwer
from meetscribe.evaluation.turns import coverage, der, jer, purity, speaker_count_error
from meetscribe.evaluation.words import cer, wer
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Transcript


@dataclass(frozen=True, slots=True)
class EvaluationSettings:
    """What is scored, and what counts as an error.

    Within `collar` seconds on each side of a boundary of the reference no speaker is scored (as in md-eval: the
    collar of pyannote.metrics is both sides together), nor where two of the reference speak if `skip_overlap`. Of
    tcpWER, words may be `time_collar` seconds apart; words found, `word_collar`. Raises SettingsError.
    """

    metrics: tuple[str, ...] = ()
    normalization: str = "basic"
    collar: Seconds = 0.0
    skip_overlap: bool = False
    time_collar: Seconds = TCP_COLLAR
    word_collar: Seconds = 0.2

    def __post_init__(self) -> None:
        object.__setattr__(self, "metrics", self.metrics or tuple(METRICS))
        for name in self.metrics:
            if name not in METRICS:
                raise SettingsError(f"unknown metric {name!r}", nearest(name, METRICS))
        find_normalization(self.normalization)
        if min(self.collar, self.time_collar, self.word_collar) < 0:
            raise SettingsError("a collar must not be negative", "It is the width on each side, in seconds.")

    def __str__(self) -> str:
        """All of them in a sentence, so that nobody compares what cannot be compared."""
        overlap = "not scored" if self.skip_overlap else "scored"
        return "; ".join(
            [
                f"words: {find_normalization(self.normalization).says} ({self.normalization})",
                f"turns: collar {self.collar:g} s on each side (pyannote's {2 * self.collar:g}), overlap {overlap}",
                f"tcpWER within {self.time_collar:g} s, words found within {self.word_collar:g} s",
            ]
        )


@dataclass(frozen=True, slots=True)
class Unknown:
    """A score that there is none of, and why."""

    reason: str


Score: TypeAlias = Rate | Unknown
Scores: TypeAlias = Mapping[str, Score]
"""The scores of a recording, or of several, by the names of metrics."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A score: its title, its unit, whether it counts errors (or what is right), and how it is measured.

    `needs` is what both sides are asked for: each says what it lacks.
    """

    name: str
    title: str
    measure: Callable[[Side, Side, EvaluationSettings], Score]
    needs: Callable[[Side], str | None]
    unit: Literal["share", "seconds", "speakers"] = "share"
    errors: bool = True

    def shown(self, rate: float | None, sign: bool = False) -> str:
        """A rate to read, in the metric's unit, if need be with its sign.

        >>> METRICS["wer"].shown(0.1234), METRICS["boundaries"].shown(-0.012, sign=True)
        ('12.3 %', '-12 ms')
        """
        if rate is None:
            return "n/a"
        plus = "+" if sign else ""
        if self.unit == "share":
            return f"{100 * rate:{plus}.1f} %"
        return f"{1000 * rate:{plus}.0f} ms" if self.unit == "seconds" else f"{rate:{plus}.2f}"


def score(
    reference: Transcript,
    hypothesis: Transcript,
    settings: EvaluationSettings | None = None,
    within: Sequence[Span] | None = None,
) -> Scores:
    """The scores of the hypothesis, by the names of `settings.metrics`; only what is `within` the spans is scored."""
    settings = settings or EvaluationSettings()
    normalization = find_normalization(settings.normalization)
    return score_sides(Side(reference, normalization, within), Side(hypothesis, normalization, within), settings)


def score_sides(reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Scores:
    """The scores of two sides, which keep what is made of them."""
    return {name: _measured(METRICS[name], reference, hypothesis, settings) for name in settings.metrics}


def add_up(scores: Iterable[Scores]) -> Scores:
    """The scores of all recordings together: sums of what is counted, over those where it is known."""
    totals: dict[str, Score] = {}
    for one in scores:
        for name, value in one.items():
            before = totals.get(name)
            if before is None or isinstance(before, Unknown):
                totals[name] = value
            elif not isinstance(value, Unknown):
                totals[name] = before + value
    return totals


def _measured(metric: Metric, reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Score:
    for role, side in (("the reference", reference), ("the hypothesis", hypothesis)):
        if lacking := metric.needs(side):
            return Unknown(f"{role} {lacking}")
    return metric.measure(reference, hypothesis, settings)


def _wer(reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Score:
    return wer(texts(reference.words), texts(hypothesis.words))


def _cer(reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Score:
    return cer(" ".join(texts(reference.words)), " ".join(texts(hypothesis.words)))


def _cpwer(reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Score:
    return cpwer(*({name: texts(words) for name, words in side.streams.items()} for side in (reference, hypothesis)))


def _tcpwer(reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Score:
    return tcpwer(reference.streams, hypothesis.streams, collar=settings.time_collar)


def _orcwer(reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Score:
    utterances = [texts(words) for words in reference.utterances]
    streams = {name: texts(words) for name, words in hypothesis.streams.items()}
    try:
        return orcwer(utterances, streams)
    except ValueError as error:
        return Unknown(str(error))


def _wder(reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Score:
    return wder(*([(word.text, word.speaker) for word in side.words] for side in (reference, hypothesis)))


def _speakers(reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Score:
    return speaker_count_error(reference.speakers, hypothesis.speakers)


def _turns(measure: Callable[..., Rate], segments: bool = False) -> Callable[[Side, Side, EvaluationSettings], Score]:
    """What measures the turns of both, or of the hypothesis the segments."""

    def measured(reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Score:
        return measure(
            reference.turns,
            hypothesis.segments if segments else hypothesis.turns,
            collar=settings.collar,
            skip_overlap=settings.skip_overlap,
            within=reference.within,
        )

    return measured


def _boundaries(reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Score:
    return word_boundary_error(reference.timed, hypothesis.written)


def _detection(reference: Side, hypothesis: Side, settings: EvaluationSettings) -> Score:
    return words_found(reference.timed, hypothesis.written, settings.word_collar)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("wer", "WER", _wer, Side.lacks_words),
        Metric("cer", "CER", _cer, Side.lacks_words),
        Metric("cpwer", "cpWER", _cpwer, Side.lacks_speakers),
        Metric("tcpwer", "tcpWER", _tcpwer, Side.lacks_timed_speakers),
        Metric("orcwer", "ORC-WER", _orcwer, Side.lacks_words),
        Metric("wder", "WDER", _wder, Side.lacks_speakers),
        Metric("speakers", "speakers off", _speakers, Side.lacks_turns, unit="speakers"),
        Metric("der", "DER", _turns(der), Side.lacks_turns),
        Metric("jer", "JER", _turns(jer), Side.lacks_turns),
        Metric("purity", "purity", _turns(purity), Side.lacks_turns, errors=False),
        Metric("coverage", "coverage", _turns(coverage), Side.lacks_turns, errors=False),
        Metric("segment-purity", "segment purity", _turns(purity, True), Side.lacks_turns, errors=False),
        Metric("segment-coverage", "segment coverage", _turns(coverage, True), Side.lacks_turns, errors=False),
        Metric("boundaries", "word times off", _boundaries, Side.lacks_word_times, unit="seconds"),
        Metric("detection", "words found", _detection, Side.lacks_word_times, errors=False),
    )
}
"""Every metric, in the order in which they are shown."""
