"""Scores of a transcript against its reference, each a rate or the reason why it is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias

from meetscribe.errors import SettingsError, nearest
from meetscribe.evaluation.inputs import ScoringInput
from meetscribe.evaluation.metrics.diarization_errors import coverage, der, jer, purity, speaker_count_error
from meetscribe.evaluation.metrics.edit_distance import cer, wer
from meetscribe.evaluation.metrics.error_rates import Rate
from meetscribe.evaluation.metrics.speaker_errors import TCP_COLLAR, cpwer, tcpwer, wder
from meetscribe.evaluation.metrics.word_boundaries import word_boundary_error, word_detection
from meetscribe.evaluation.normalization import find_normalization
from meetscribe.evaluation.words import texts
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Transcript
from meetscribe.transcript.sources import TranscriptSource, as_transcript


@dataclass(frozen=True, slots=True)
class EvaluationSettings:
    """The metrics to compute, all if none are given, the text normalization, and the collars in seconds.

    Turns are not scored within `collar` seconds on each side of a boundary of the reference (as in md-eval; the collar
    of pyannote.metrics is the sum of both sides), nor during overlapping speech of the reference if `skip_overlap`.
    Matching words are less than `time_collar` seconds apart for tcpWER, and `word_collar` seconds for word detection.
    Raises SettingsError for unknown names and negative collars.
    """

    metrics: tuple[str, ...] = ()
    normalization: str = "basic"
    collar: Seconds = 0.0
    skip_overlap: bool = False
    time_collar: Seconds = TCP_COLLAR
    word_collar: Seconds = 0.2

    def __post_init__(self) -> None:
        if isinstance(self.metrics, str):
            names = tuple(self.metrics.replace(",", " ").split())
            raise SettingsError("the metrics must be a tuple of names, not a string", f"Write metrics={names!r}.")
        object.__setattr__(self, "metrics", tuple(self.metrics) or tuple(METRICS))
        for name in self.metrics:
            if name not in METRICS:
                raise SettingsError(f"unknown metric {name!r}", nearest(name, METRICS))
        find_normalization(self.normalization)
        collars = (self.collar, self.time_collar, self.word_collar)
        if not all(isinstance(collar, int | float) for collar in collars):
            raise SettingsError("a collar must be a number", "It is the width on each side, in seconds.")
        if min(collars) < 0:
            raise SettingsError("a collar must not be negative", "It is the width on each side, in seconds.")

    def __str__(self) -> str:
        """Return all settings that affect scores on one line."""
        overlap = "not scored" if self.skip_overlap else "scored"
        return "; ".join(
            [
                f"words: {find_normalization(self.normalization).description} ({self.normalization})",
                f"turns: collar {self.collar:g} s on each side (pyannote's {2 * self.collar:g}), overlap {overlap}",
                f"tcpWER within {self.time_collar:g} s, word detection within {self.word_collar:g} s",
            ]
        )


@dataclass(frozen=True, slots=True)
class UnknownScore:
    """The reason why a score is unknown; `rate` is None, as for a rate of length 0."""

    reason: str

    @property
    def rate(self) -> None:
        """None, so that scores can be tabulated: `{name: score.rate for name, score in scores.items()}`."""
        return None


Score: TypeAlias = Rate | UnknownScore
Scores: TypeAlias = Mapping[str, Score]
"""The scores of one or several recordings by metric."""


_Compute: TypeAlias = Callable[[ScoringInput, ScoringInput, EvaluationSettings], Score]
"""A function that scores a reference and a hypothesis, in this order."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric: its name and title, the function that computes it, and the unit of its rate.

    `errors` states that it counts errors, so that a lower rate is better.

    `missing` returns what an input lacks for the metric, such as "has no times", None if nothing; it is called for the
    reference and for the hypothesis.
    """

    name: str
    title: str
    compute: _Compute
    missing: Callable[[ScoringInput], str | None]
    unit: Literal["share", "seconds", "speakers"] = "share"
    errors: bool = True

    def format(self, rate: float | None, sign: bool = False) -> str:
        """Return a rate as text in the metric's unit, with a plus sign for positive values if `sign`.

        >>> METRICS["wer"].format(0.1234), METRICS["boundaries"].format(-0.012, sign=True)
        ('12.3 %', '-12 ms')
        """
        if rate is None:
            return "n/a"
        plus = "+" if sign else ""
        if self.unit == "share":
            return f"{100 * rate:{plus}.1f} %"
        return f"{1000 * rate:{plus}.0f} ms" if self.unit == "seconds" else f"{rate:{plus}.2f}"


def score(
    *,
    reference: Transcript,
    hypothesis: Transcript,
    settings: EvaluationSettings | None = None,
    within: Sequence[Span] | None = None,
) -> Scores:
    """Return the scores of the hypothesis by metric, for `settings.metrics`; `within` limits them to regions."""
    settings = settings or EvaluationSettings()
    normalization = find_normalization(settings.normalization)
    expected = ScoringInput(reference, normalization, within)
    found = ScoringInput(hypothesis, normalization, within)
    return {name: _compute(METRICS[name], expected, found, settings) for name in settings.metrics}


def evaluate(
    hypothesis: TranscriptSource,
    *,
    reference: TranscriptSource,
    settings: EvaluationSettings | Mapping[str, Any] | None = None,
    within: Sequence[Span] | None = None,
) -> Scores:
    """Return the scores of a transcript against its reference by metric.

    Both may be transcripts, frames or paths of files in any readable format. `settings` may be a mapping of the fields
    of `EvaluationSettings`, and `within` limits the scores to regions. Raises InputError for a file or a frame that
    cannot be read, and SettingsError for invalid settings.
    """
    if isinstance(settings, Mapping):
        settings = _settings_of(settings)
    return score(
        reference=as_transcript(reference), hypothesis=as_transcript(hypothesis), settings=settings, within=within
    )


def _settings_of(values: Mapping[str, Any]) -> EvaluationSettings:
    """Return the settings with these fields; raises SettingsError for an unknown one."""
    known = [field.name for field in fields(EvaluationSettings)]
    for name in values:
        if name not in known:
            raise SettingsError(f"unknown setting {name!r} of an evaluation", nearest(str(name), known))
    return EvaluationSettings(**values)


def total_scores(scores: Iterable[Scores]) -> Scores:
    """Return the scores of all recordings together: sums over the recordings for which they are known.

    A score that is unknown for all recordings remains unknown, with the last reason.
    """
    totals: dict[str, Score] = {}
    for recording in scores:
        for name, value in recording.items():
            before = totals.get(name)
            if before is None or isinstance(before, UnknownScore):
                totals[name] = value
            elif not isinstance(value, UnknownScore):
                totals[name] = before + value
    return totals


def _compute(metric: Metric, reference: ScoringInput, hypothesis: ScoringInput, settings: EvaluationSettings) -> Score:
    for role, side in (("the reference", reference), ("the hypothesis", hypothesis)):
        if reason := metric.missing(side):
            return UnknownScore(f"{role} {reason}")
    return metric.compute(reference, hypothesis, settings)


def _wer(reference: ScoringInput, hypothesis: ScoringInput, settings: EvaluationSettings) -> Score:
    return wer(texts(reference.words), texts(hypothesis.words))


def _cer(reference: ScoringInput, hypothesis: ScoringInput, settings: EvaluationSettings) -> Score:
    return cer(" ".join(texts(reference.words)), " ".join(texts(hypothesis.words)))


def _cpwer(reference: ScoringInput, hypothesis: ScoringInput, settings: EvaluationSettings) -> Score:
    return cpwer(*({name: texts(words) for name, words in side.streams.items()} for side in (reference, hypothesis)))


def _tcpwer(reference: ScoringInput, hypothesis: ScoringInput, settings: EvaluationSettings) -> Score:
    return tcpwer(reference.streams, hypothesis.streams, collar=settings.time_collar)


def _orcwer(reference: ScoringInput, hypothesis: ScoringInput, settings: EvaluationSettings) -> Score:
    from meetscribe.evaluation.metrics.orc_wer import orcwer  # imports numpy

    utterances = [texts(words) for words in reference.utterances]
    streams = {name: texts(words) for name, words in hypothesis.streams.items()}
    try:
        return orcwer(utterances, streams)
    except ValueError as error:
        return UnknownScore(str(error))


def _wder(reference: ScoringInput, hypothesis: ScoringInput, settings: EvaluationSettings) -> Score:
    return wder(*([(word.text, word.speaker) for word in side.words] for side in (reference, hypothesis)))


def _speakers(reference: ScoringInput, hypothesis: ScoringInput, settings: EvaluationSettings) -> Score:
    return speaker_count_error(reference.speakers, hypothesis.speakers)


def _segments(metric: Callable[..., Rate]) -> _Compute:
    """Return the function that computes a metric of the reference turns and the hypothesis segments."""
    return _turns(metric, segments=True)


def _turns(metric: Callable[..., Rate], segments: bool = False) -> _Compute:
    """Return the function that computes a metric of turns, or of the segments of the hypothesis."""

    def compute(reference: ScoringInput, hypothesis: ScoringInput, settings: EvaluationSettings) -> Score:
        return metric(
            reference.turns,
            hypothesis.segments if segments else hypothesis.turns,
            collar=settings.collar,
            skip_overlap=settings.skip_overlap,
            within=reference.within,
        )

    return compute


def _boundaries(reference: ScoringInput, hypothesis: ScoringInput, settings: EvaluationSettings) -> Score:
    return word_boundary_error(reference.timed_words, hypothesis.original_words)


def _detection(reference: ScoringInput, hypothesis: ScoringInput, settings: EvaluationSettings) -> Score:
    return word_detection(reference.timed_words, hypothesis.original_words, settings.word_collar)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("wer", "WER", _wer, ScoringInput.missing_words),
        Metric("cer", "CER", _cer, ScoringInput.missing_words),
        Metric("cpwer", "cpWER", _cpwer, ScoringInput.missing_speakers),
        Metric("tcpwer", "tcpWER", _tcpwer, ScoringInput.missing_timed_speakers),
        Metric("orcwer", "ORC-WER", _orcwer, ScoringInput.missing_words),
        Metric("wder", "WDER", _wder, ScoringInput.missing_speakers),
        Metric("speakers", "speaker count error", _speakers, ScoringInput.missing_turns, unit="speakers"),
        Metric("der", "DER", _turns(der), ScoringInput.missing_turns),
        Metric("jer", "JER", _turns(jer), ScoringInput.missing_turns),
        Metric("purity", "purity", _turns(purity), ScoringInput.missing_turns, errors=False),
        Metric("coverage", "coverage", _turns(coverage), ScoringInput.missing_turns, errors=False),
        Metric("segment-purity", "segment purity", _segments(purity), ScoringInput.missing_turns, errors=False),
        Metric("segment-coverage", "segment coverage", _segments(coverage), ScoringInput.missing_turns, errors=False),
        Metric("boundaries", "word time error", _boundaries, ScoringInput.missing_word_times, unit="seconds"),
        Metric("detection", "word detection", _detection, ScoringInput.missing_word_times, errors=False),
    )
}
"""All metrics by name, in the order of the output."""
