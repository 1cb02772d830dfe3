"""The scores of several recordings, their total, and their comparison with those of another system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from meetscribe.evaluation.comparison import Comparison
from meetscribe.evaluation.metrics.error_rates import Rate
from meetscribe.evaluation.scoring import METRICS, Scores, UnknownScore, total_scores


@dataclass(frozen=True, slots=True)
class Results:
    """The scores of recordings by name; all recordings have the same metrics."""

    recordings: Mapping[str, Scores]

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of the metrics."""
        return tuple(next(iter(self.recordings.values()), {}))

    @property
    def total(self) -> Scores:
        """The scores of all recordings together."""
        return total_scores(self.recordings.values())

    def known(self, metric: str) -> dict[str, Rate]:
        """Return the rates of the recordings for which the metric is known."""
        return dict(self._known(metric))

    def unknown(self, metric: str) -> dict[str, str]:
        """Return the reason for each recording for which the metric is unknown."""
        scores = ((name, scores[metric]) for name, scores in self.recordings.items())
        return {name: score.reason for name, score in scores if isinstance(score, UnknownScore)}

    def interval(self, metric: str) -> tuple[float, float] | None:
        """Return the 95 % confidence interval of the total rate; None for fewer than two recordings."""
        from meetscribe.evaluation.bootstrap import interval  # imports numpy

        return interval(list(self.known(metric).values()))

    def compare(self, other: Results, metric: str) -> Comparison:
        """Compare with other results, on the recordings for which the metric is known in both."""
        from meetscribe.evaluation.bootstrap import compare  # imports numpy

        ours, theirs = self.known(metric), other.known(metric)
        common = [name for name in ours if name in theirs]
        errors = METRICS[metric].errors
        return compare([ours[name] for name in common], [theirs[name] for name in common], errors=errors)

    def _known(self, metric: str) -> Iterator[tuple[str, Rate]]:
        for name, scores in self.recordings.items():
            score = scores[metric]
            if not isinstance(score, UnknownScore):
                yield name, score
