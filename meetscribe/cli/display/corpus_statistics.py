"""Statistics of a corpus as a table on a terminal, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from meetscribe.cli.display.tables import UNKNOWN, print_columns
from meetscribe.corpus.estimates import format_duration
from meetscribe.formats.parts.delimited import escape_formula
from meetscribe.text.whitespace import one_line

if TYPE_CHECKING:
    from meetscribe.corpus.tables import CorpusStatistics, Totals

_MAX_ROWS = 40  # rows of the table


def statistics_document(found: CorpusStatistics) -> dict[str, Any]:
    """Return the statistics as an object for JSON."""
    groups = [_values(each) for each in found.groups]
    return {"by": found.by, "statuses": dict(found.statuses), "total": _values(found.total), "groups": groups}


def statistics_csv(found: CorpusStatistics) -> str:
    """Return the groups as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(_values(found.total)))
    writer.writeheader()
    writer.writerows(_safe(_values(each)) for each in found.groups)
    return out.getvalue()


def print_corpus_statistics(found: CorpusStatistics) -> None:
    """Print the statistics as a table; a dash is an unknown value."""
    meetings = ", ".join(f"{count:,} {status}" for status, count in found.statuses.items())
    click.echo(
        f"{meetings or 'no meetings'}; {format_duration(found.total.duration_s)} of audio, "
        f"{_number(found.total.words)} words, {found.total.turns:,} turns"
    )
    rows = [_row(each) for each in found.groups[:_MAX_ROWS]]
    if rows:
        click.echo()
        head = [
            found.by,
            "meetings",
            "talk",
            "share",
            "turns",
            "longest",
            "words",
            "words/min",
            "questions",
            "interrupts",
        ]
        print_columns(head, rows, right=range(1, len(head)))
    if len(found.groups) > _MAX_ROWS:
        click.echo(f"and {len(found.groups) - _MAX_ROWS:,} more: --csv or --json prints them all")
    if any(UNKNOWN in row[1:] for row in rows):
        click.echo(f"\n{UNKNOWN} means unknown: no meeting of the group has the value.")


def _row(totals: Totals) -> list[str]:
    return [
        one_line(totals.group),
        f"{totals.meetings:,}",
        format_duration(totals.talk_time_s),
        UNKNOWN if totals.talk_share is None else f"{100 * totals.talk_share:.1f} %",
        f"{totals.turns:,}",
        f"{totals.longest_turn_s:.0f} s",
        *map(_number, (totals.words, totals.words_per_min, totals.questions, totals.interruptions)),
    ]


def _number(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:,.0f}"


def _values(totals: Totals) -> dict[str, Any]:
    """Return the values of a group, including derived ones."""
    exact = {field.name: getattr(totals, field.name) for field in fields(totals)}
    rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in exact.items()}
    derived = ("talk_share", "airtime_share", "words_per_min")
    return rounded | {name: getattr(totals, name) for name in derived}


def _safe(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the name escaped, so that spreadsheets do not run it as a formula."""
    return values | {"group": escape_formula(values["group"])}
