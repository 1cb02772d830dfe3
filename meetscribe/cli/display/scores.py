"""Scores on stdout: tables on a terminal, plain columns in a pipe, or JSON; and whether they are good enough."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from meetscribe.errors import SettingsError, ThresholdError, nearest

if TYPE_CHECKING:
    from meetscribe.evaluation import Comparison, EvaluationSettings, Offsets
    from meetscribe.evaluation.results import Results
    from meetscribe.evaluation.scoring import Score

Limits: TypeAlias = Mapping[str, float]
Row: TypeAlias = Sequence[str]


def parse_limits(texts: Iterable[str]) -> Limits:
    """The highest rate of each metric in METRIC=RATE; raises SettingsError for what is none."""
    from meetscribe.evaluation import METRICS

    limits: dict[str, float] = {}
    allowed = [name for name, metric in METRICS.items() if metric.errors]
    for text in texts:
        name, _, rate = text.partition("=")
        if name not in allowed:
            raise SettingsError(f"--fail-over {text}: no metric of errors is called {name!r}", nearest(name, allowed))
        try:
            limits[name] = float(rate)
        except ValueError as error:
            raise SettingsError(f"--fail-over {text}: {rate!r} is no number", f"Write {name}=0.12 for 12 %.") from error
    return limits


def check_limits(results: Results, limits: Limits) -> None:
    """Raise ThresholdError naming each metric that is higher than its limit, or not known of all recordings."""
    from meetscribe.evaluation import METRICS

    missed = []
    for name, limit in limits.items():
        metric = METRICS[name]
        if name not in results.metrics:
            raise SettingsError(f"--fail-over {name}: the metric is not measured", f"Add it to --metrics: {name}.")
        rate = _rate(results.total[name])
        if unknown := results.unknown(name):
            missed.append(f"{metric.title} is not known of {', '.join(unknown)}: {next(iter(unknown.values()))}")
        elif rate is None or rate > limit:
            missed.append(f"{metric.title} is {metric.shown(rate)}, more than {metric.shown(limit)}")
    if missed:
        raise ThresholdError("\n".join(missed))


def print_tables(results: Results, others: Results | None, settings: EvaluationSettings) -> None:
    """Print the scores of each recording, of all together, and against those of others."""
    click.echo(f"{settings}\n")
    if len(results.recordings) > 1:
        _print_table(*_by_recording(results))
    _print_table(*_in_all(results))
    if others is not None:
        _print_table(*_against(results, others))


def print_json(results: Results, others: Results | None, settings: EvaluationSettings) -> None:
    """Print all counts, rates and intervals."""
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
                **dataclasses.asdict(results.compare(others, metric)),
            }
            for metric in results.metrics
        }
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _by_recording(results: Results) -> tuple[Row, Sequence[Row]]:
    """The rates of each recording."""
    from meetscribe.evaluation import METRICS

    rows = [
        [name, *(METRICS[metric].shown(_rate(score)) for metric, score in scores.items())]
        for name, scores in (*results.recordings.items(), ("all", results.total))
    ]
    return ["recording", *(METRICS[name].title for name in results.metrics)], rows


def _in_all(results: Results) -> tuple[Row, Sequence[Row]]:
    """The rates of all recordings together, and what they are made of."""
    from meetscribe.evaluation import METRICS, Unknown

    rows = []
    for name, score in results.total.items():
        metric, several = METRICS[name], results.interval(name)
        sure = "" if several is None else " – ".join(map(metric.shown, several))
        missing = results.unknown(name)
        detail = score.reason if isinstance(score, Unknown) else score.detail
        if missing and not isinstance(score, Unknown):
            detail += f" (not of {', '.join(missing)}: {next(iter(missing.values()))})"
        rows.append([metric.title, metric.shown(_rate(score)), *([sure] if _several(results) else []), detail])
    return ["metric", "rate", *(["95 % interval"] if _several(results) else []), "of"], rows


def _against(results: Results, others: Results) -> tuple[Row, Sequence[Row]]:
    """The rates of both systems, which is better how often, and how likely that is chance."""
    from meetscribe.evaluation import METRICS

    rows = []
    for name in results.metrics:
        metric, found = METRICS[name], results.compare(others, name)
        rates = (metric.shown(_rate(one.total[name])) for one in (results, others))
        sure = "" if found.interval is None else " – ".join(metric.shown(edge, sign=True) for edge in found.interval)
        counts = f"{found.wins} / {found.losses} / {found.ties}"
        rows.append([metric.title, *rates, metric.shown(found.difference, sign=True), sure, counts, _chance(found)])
    return ["metric", "HYP", "B", "HYP − B", "95 % interval", "better / worse / same", "by chance"], rows


def _chance(found: Comparison) -> str:
    """How likely the difference is chance, with few recordings that it cannot be told."""
    if found.chance is None:
        return "too few recordings"
    return f"p = {found.chance:.4f}{' *' if found.chance < 0.05 else ''}"


def _several(results: Results) -> bool:
    return len(results.recordings) > 1


def _print_table(head: Row, rows: Sequence[Row]) -> None:
    """Print a table: in colours on a terminal, in plain columns elsewhere."""
    if sys.stdout.isatty():
        _print_rich(head, rows)
        return
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = [
            f"{cell:>{width}}" if 0 < place < len(row) - 1 else f"{cell:<{width}}"
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())
    click.echo()


def _print_rich(head: Row, rows: Sequence[Row]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for place, title in enumerate(head):
        middle = 0 < place < len(head) - 1
        table.add_column(
            title, justify="right" if middle else "left", no_wrap=middle, style="bold" if place == 1 else ""
        )
    for row in rows:
        table.add_row(*(Text(cell, style="dim" if cell == "n/a" else "") for cell in row))
    Console().print(table)


def _rate(score: Score) -> float | None:
    from meetscribe.evaluation import Unknown

    return None if isinstance(score, Unknown) else score.rate


def _figures(score: Score) -> dict[str, Any]:
    """The rate and all counts of a score, or why there is none."""
    from meetscribe.evaluation import Unknown, WordBoundaryError, WordDetection

    if isinstance(score, Unknown):
        return {"rate": None, "unknown": score.reason}
    if isinstance(score, WordBoundaryError):
        edges = {"starts": _spread(score.starts), "ends": _spread(score.ends), "both": _spread(score.boundaries)}
        return {"rate": score.rate, "words": score.words, "matched": score.matched, **edges}
    counts = dataclasses.asdict(score)  # type: ignore[call-overload]  # all rates are dataclasses
    if isinstance(score, WordDetection):
        counts |= {"precision": score.precision, "recall": score.recall}
    return {"rate": score.rate, **counts}


def _spread(offsets: Offsets) -> dict[str, float | None]:
    """Seconds, and shares within milliseconds."""
    within = {f"within_{ms}_ms": offsets.share_within(ms / 1000) for ms in (50, 100, 200)}
    return {"bias": offsets.bias, "mean": offsets.mean, "median": offsets.median, "p90": offsets.p90, **within}
