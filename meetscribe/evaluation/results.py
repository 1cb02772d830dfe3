"""The scores of many recordings: each, all together, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from meetscribe.evaluation.rates import Rate
from meetscribe.evaluation.sampling import Comparison, compare, interval
from meetscribe.evaluation.scoring import METRICS, Score, Scores, Unknown, add_up


@dataclass(frozen=True, slots=True)
class Results:
    """The scores of recordings, by their names; all have the same metrics."""

    recordings: Mapping[str, Scores]

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of the metrics."""
        return tuple(next(iter(self.recordings.values()), {}))

    @property
    def total(self) -> Scores:
        """The scores of all recordings together."""
        return add_up(self.recordings.values())

    def known(self, metric: str) -> dict[str, Rate]:
        """The recordings that have a score of the metric."""
        return dict(self._known(metric))

    def unknown(self, metric: str) -> dict[str, str]:
        """The recordings that have none, and why."""
        scores = ((name, scores[metric]) for name, scores in self.recordings.items())
        return {name: score.reason for name, score in scores if isinstance(score, Unknown)}

    def interval(self, metric: str) -> tuple[float, float] | None:
        """Where 95 % of the rates of draws of recordings lie."""
        return interval(list(self.known(metric).values()))

    def compare(self, other: Results, metric: str) -> Comparison:
        """These results against others, on the recordings that both have a score of."""
        ours, theirs = self.known(metric), other.known(metric)
        both = [name for name in ours if name in theirs]
        errors = METRICS[metric].errors
        return compare([ours[name] for name in both], [theirs[name] for name in both], errors=errors)

    def _known(self, metric: str) -> Iterator[tuple[str, Rate]]:
        for name, scores in self.recordings.items():
            score: Score = scores[metric]
            if not isinstance(score, Unknown):
                yield name, score
