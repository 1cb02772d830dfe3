"""Scores on stdout (tables on a terminal, plain columns in a pipe, or JSON), and the limits of --fail-over."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import click

from meetscribe.cli.display.tables import print_score_table
from meetscribe.errors import SettingsError, ThresholdError, nearest
from meetscribe.evaluation import (
    METRICS,
    Comparison,
    EvaluationSettings,
    Offsets,
    UnknownScore,
    WordBoundaryError,
    WordDetection,
)
from meetscribe.evaluation.results import Results
from meetscribe.evaluation.scoring import Score

Limits: TypeAlias = Mapping[str, float]
Row: TypeAlias = Sequence[str]


def parse_limits(texts: Iterable[str]) -> Limits:
    """Return the highest allowed rate of each metric in METRIC=RATE; raises SettingsError."""
    limits: dict[str, float] = {}
    allowed = [name for name, metric in METRICS.items() if metric.errors]
    for text in texts:
        name, _, rate = text.partition("=")
        if name not in allowed:
            raise SettingsError(f"--fail-over {text}: unknown error metric {name!r}", nearest(name, allowed))
        try:
            limits[name] = float(rate)
        except ValueError as error:
            raise SettingsError(
                f"--fail-over {text}: {rate!r} is not a number", f"Write {name}=0.12 for {METRICS[name].format(0.12)}."
            ) from error
    return limits


def check_limits(results: Results, limits: Limits) -> None:
    """Raise ThresholdError if a metric exceeds its limit or is unknown for a recording.

    Raises SettingsError if a metric with a limit is not computed.
    """
    missed = []
    for name, limit in limits.items():
        metric = METRICS[name]
        if name not in results.metrics:
            raise SettingsError(f"--fail-over {name}: this metric is not computed", f"Add {name} to --metrics.")
        rate = _rate(results.total[name])
        if unknown := results.unknown(name):
            missed.append(f"{metric.title} is unknown for {', '.join(unknown)}: {next(iter(unknown.values()))}")
        elif rate is None or rate > limit:
            missed.append(f"{metric.title} is {metric.format(rate)}, which exceeds {metric.format(limit)}")
    if missed:
        raise ThresholdError("\n".join(missed))


def print_tables(results: Results, others: Results | None, settings: EvaluationSettings) -> None:
    """Print the scores of each recording, the total, and the comparison with `others`."""
    click.echo(f"{settings}\n")
    if len(results.recordings) > 1:
        print_score_table(*_by_recording(results))
    print_score_table(*_totals(results))
    if others is not None:
        print_score_table(*_against(results, others))


def print_json(results: Results, others: Results | None, settings: EvaluationSettings) -> None:
    """Print all counts, rates and confidence intervals as JSON."""
    document: dict[str, Any] = {
        "settings": {**dataclasses.asdict(settings), "collar_is": "on each side of a boundary, as in md-eval"},
        "recordings": {
            name: {metric: _figures(score) for metric, score in scores.items()}
            for name, scores in results.recordings.items()
        },
        "total": {
            metric: {
                **_figures(score),
                "recordings": len(results.known(metric)),
                "interval": results.interval(metric),
            }
            for metric, score in results.total.items()
        },
    }
    if others is not None:
        document["against"] = {
            metric: {
                "rate": _rate(others.total[metric]),
                **_comparison(results.compare(others, metric)),
            }
            for metric in results.metrics
        }
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _by_recording(results: Results) -> tuple[Row, Sequence[Row]]:
    """Return the table of the rates of each recording."""
    rows = [
        [name, *(METRICS[metric].format(_rate(score)) for metric, score in scores.items())]
        for name, scores in (*results.recordings.items(), ("all", results.total))
    ]
    return ["recording", *(METRICS[name].title for name in results.metrics)], rows


def _totals(results: Results) -> tuple[Row, Sequence[Row]]:
    """Return the table of the total rates, with the counts behind them."""
    rows = []
    for name, score in results.total.items():
        metric, interval = METRICS[name], results.interval(name)
        shown = "" if interval is None else " – ".join(map(metric.format, interval))
        missing = results.unknown(name)
        detail = score.reason if isinstance(score, UnknownScore) else score.detail
        if missing and not isinstance(score, UnknownScore):
            detail += f" (without {', '.join(missing)}: {next(iter(missing.values()))})"
        rows.append([metric.title, metric.format(_rate(score)), *([shown] if _several(results) else []), detail])
    return ["metric", "rate", *(["95 % interval"] if _several(results) else []), "of"], rows


def _against(results: Results, others: Results) -> tuple[Row, Sequence[Row]]:
    """Return the table that compares the rates of HYP (`results`) and of B (`others`), with p-values."""
    rows = []
    for name in results.metrics:
        metric, found = METRICS[name], results.compare(others, name)
        rates = (metric.format(_rate(system.total[name])) for system in (results, others))
        shown = "" if found.interval is None else " – ".join(metric.format(edge, sign=True) for edge in found.interval)
        counts = f"{found.wins} / {found.losses} / {found.ties}"
        rows.append([metric.title, *rates, metric.format(found.difference, sign=True), shown, counts, _p_value(found)])
    return ["metric", "HYP", "B", "HYP − B", "95 % interval", "better / worse / same", "p-value"], rows


def _p_value(found: Comparison) -> str:
    """Return the p-value of the difference, marked if below 0.05; without one, "too few recordings" or "unknown"."""
    if found.p_value is None:
        from meetscribe.evaluation.bootstrap import MIN_RECORDINGS  # imports numpy

        recordings = found.wins + found.losses + found.ties
        return "too few recordings" if recordings < MIN_RECORDINGS else "unknown"
    return f"{found.p_value:.4f}{' *' if found.p_value < 0.05 else ''}"


def _comparison(found: Comparison) -> dict[str, Any]:
    """Return the fields of a comparison; `chance` is the former name of `p_value`."""
    return {**dataclasses.asdict(found), "chance": found.p_value}


def _several(results: Results) -> bool:
    return len(results.recordings) > 1


def _rate(score: Score) -> float | None:
    return None if isinstance(score, UnknownScore) else score.rate


def _figures(score: Score) -> dict[str, Any]:
    """Return the rate and all counts of a score, or the reason why it is unknown."""
    if isinstance(score, UnknownScore):
        return {"rate": None, "unknown": score.reason}
    if isinstance(score, WordBoundaryError):
        edges = {"starts": _spread(score.starts), "ends": _spread(score.ends), "both": _spread(score.boundaries)}
        return {"rate": score.rate, "words": score.words, "matched": score.matched, **edges}
    counts = dataclasses.asdict(score)  # type: ignore[call-overload]  # all rates are dataclasses
    if isinstance(score, WordDetection):
        counts |= {"precision": score.precision, "recall": score.recall}
    return {"rate": score.rate, **counts}


def _spread(offsets: Offsets) -> dict[str, float | None]:
    """Return statistics of offsets in seconds, and the shares within 50, 100 and 200 ms."""
    within = {f"within_{ms}_ms": offsets.share_within(ms / 1000) for ms in (50, 100, 200)}
    return {"bias": offsets.bias, "mean": offsets.mean, "median": offsets.median, "p90": offsets.p90, **within}
