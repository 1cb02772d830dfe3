"""Statistics on a terminal: a summary, a table of speakers that fits the width, keywords and topics."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from rich.cells import cell_len, chop_cells

from meetscribe.analytics.metrics import trust_of
from meetscribe.analytics.overall import MeetingStatistics
from meetscribe.analytics.rows import KeywordRow, TopicRow
from meetscribe.analytics.speakers import SpeakerStatistics
from meetscribe.analytics.statistics import Statistics
from meetscribe.cli.display.tables import UNKNOWN, print_columns
from meetscribe.text.counting import counted
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript.display import clock

if TYPE_CHECKING:
    import pandas as pd

_MIN_WIDTH, _MAX_WIDTH, _MAX_NAME_WIDTH = 60, 160, 24  # terminal cells
UNTRUSTED = "~"  # before values that are often wrong with turns from a diarizer

_WITHOUT_WORDS = (
    "the transcript has no words, so all speech of at most {:g} s within a turn of another speaker counts as a "
    "backchannel; with words, some of it may count as turns"
)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the table of speakers; on a narrow terminal, those with the highest `rank` are omitted first."""

    title: str
    metric: str
    show: Callable[[Any], str]
    rank: int


def _number(value: float) -> str:
    return f"{value:.0f}"


def _seconds(value: Seconds) -> str:
    return f"{value:.1f} s"


def _offset(value: Seconds) -> str:
    return f"{value:+.2f} s"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


_COLUMNS = (
    _Column("talk", "talk_time_s", lambda value: clock(round(value))[:-2], 0),  # whole seconds, as in the report
    _Column("share", "talk_share", _percent, 0),
    _Column("turns", "turns", _number, 0),
    _Column("longest", "longest_turn_s", _seconds, 3),
    _Column("words", "words", _number, 2),
    _Column("words/min", "speaking_rate_per_min", _number, 2),
    _Column("questions", "questions", _number, 3),
    _Column("fillers", "fillers", _number, 4),
    _Column("latency", "response_latency_s", _offset, 4),
    _Column("interrupts", "interruptions_made", _number, 1),
    _Column("interrupted", "interruptions_suffered", _number, 1),
    _Column("backchannels", "backchannels", _number, 5),
    _Column("in overlap", "overlap_share", _percent, 2),
)


def print_statistics(statistics: Statistics) -> None:
    """Print a summary and the speakers of each meeting; with `by` "speaker", one table of speakers for all meetings."""
    width = max(_MIN_WIDTH, min(_MAX_WIDTH, shutil.get_terminal_size((100, 24)).columns))
    keywords: list[KeywordRow] = list(statistics.rows("keywords"))
    topics: list[TopicRow] = list(statistics.rows("topics"))
    for row in statistics.meetings:
        _print_summary(row, width, statistics.settings.backchannel)
        if statistics.by == "meeting":
            _print_speakers([speaker for speaker in statistics.speakers if speaker.meeting == row.meeting], width)
            _print_keywords([keyword for keyword in keywords if keyword.meeting == row.meeting], width)
        _print_topics([topic for topic in topics if topic.meeting == row.meeting], width)
    if statistics.by == "speaker":
        _print_title("All meetings")
        _print_speakers(statistics.speakers, width)
    _print_wrapped(
        f"{UNTRUSTED} marks values that are often wrong if the turns come from a diarizer; meetscribe stats --table "
        f"metrics prints the support and the trust of each value. {UNKNOWN} means unknown.",
        width,
    )


def print_table(statistics: Statistics, table: str) -> None:
    """Print one table as plain columns, without control characters.

    The columns `trust_METRIC` are left out; a mark in the heading of a metric stands for low trust. Tables of events
    keep their column `trust`, which concerns the whole row. On a terminal, the tables of speakers and of meetings are
    turned if they are too wide: a line has the values of one metric.
    """
    frame = statistics.frame(table)
    trust = [name for name in frame.columns if name.startswith("trust_")]
    marked = {name: _mark(name, table) + name for name in frame.columns}
    frame = frame.drop(columns=trust).rename(columns=marked)
    for name, dtype in frame.dtypes.items():
        if str(dtype) == "string":
            frame[name] = frame[name].map(one_line, na_action="ignore").astype("string")
    text, width = frame.to_string(index=False, max_colwidth=60), shutil.get_terminal_size((100, 24)).columns
    if table in ("speakers", "meeting") and sys.stdout.isatty() and max(map(cell_len, text.splitlines())) > width:
        _print_turned(frame, width)
    else:
        click.echo(text)


def _print_turned(frame: pd.DataFrame, width: int) -> None:
    """Print the columns of a table as lines, in blocks of as many rows of the table as fit the width."""
    titles = list(map(str, frame.columns))
    rows = [[_short(str(value)) for value in row] for row in frame.itertuples(index=False)]
    taken, blocks = width, list[list[list[str]]]()
    for row in rows:
        needed = 2 + max(map(cell_len, row))
        if taken + needed > width:
            taken = max(map(cell_len, titles))
            blocks.append([])
        blocks[-1].append(row)
        taken += needed
    for index, block in enumerate(blocks):
        if index:
            click.echo()
        first, *lines = zip(titles, *block, strict=True)
        print_columns(first, lines, right=range(1, len(block) + 1))


def _print_summary(row: MeetingStatistics, width: int, backchannel: Seconds) -> None:
    """Print the name and the statistics of a meeting; `backchannel` is the longest backchannel."""
    _print_title(row.meeting)
    lexicon = "unknown language" if row.lexicon == "und" else f"lexicon {row.lexicon}"
    facts = [
        f"{clock(row.duration_s)}, {counted(row.speakers, 'speaker')}, {counted(row.words, 'word')}, {lexicon}",
        f"speech {clock(row.speech_s)}, silence {_shown(row.silence_share, _percent)}, "
        f"{_mark('overlap_share', 'meeting')}overlap {_shown(row.overlap_share, _percent)}",
        f"{_mark('turns', 'meeting')}{counted(row.turns, 'turn')} from {_source(row.turn_source)}, "
        f"{_mark('turns_per_min', 'meeting')}{_shown(row.turns_per_min, '{:.1f}'.format)} per minute, "
        f"{counted(row.long_pauses, 'long pause')}, "
        f"{_mark('floor_transfer_s', 'meeting')}median gap {_shown(row.floor_transfer_s, _offset)}",
        *([] if row.words else [_WITHOUT_WORDS.format(backchannel)]),
        _interruptions(row),
        f"balance: {_mark('gini', 'meeting')}Gini {_shown(row.gini, '{:.2f}'.format)} (0 is even), "
        f"{_mark('entropy', 'meeting')}entropy {_shown(row.entropy, '{:.2f}'.format)} (1 is even)",
    ]
    for fact in facts:
        _print_wrapped(fact, width, indent="  ")


def _interruptions(row: MeetingStatistics) -> str:
    """Return the number of interruptions and how they were decided."""
    if row.interruptions_by is None:
        return "interruptions unknown: no speech overlaps, and no text breaks off"
    successes = f"{row.interruptions} of {counted(row.interruption_attempts or 0, 'attempt')} succeeded"
    return f"{_mark('interruptions', 'meeting')}interruptions: {successes}, decided by {row.interruptions_by}"


def _source(turn_source: str) -> str:
    return "speaker turns" if turn_source == "turns" else "the words"


def _print_speakers(speakers: Sequence[SpeakerStatistics], width: int) -> None:
    """Print the table of speakers, with the columns that fit the width."""
    if not speakers:
        return
    names = [_short(one_line(row.speaker)) for row in speakers]
    units = {row.counted for row in speakers if row.words}
    columns = list(_COLUMNS)
    while columns:
        head = [_title(column, units) for column in columns]
        cells = [[_shown(getattr(row, column.metric), column.show) for column in columns] for row in speakers]
        widths = [max(map(cell_len, column)) for column in zip(head, *cells, strict=True)]
        if sum(widths) + 2 * len(widths) + max(map(cell_len, ["speaker", *names])) <= width:
            break
        columns.remove(max(reversed(columns), key=lambda column: column.rank))
    click.echo()
    rows = [[name, *values] for name, values in zip(names, cells, strict=True)]
    print_columns(["speaker", *head], rows, right=range(1, len(columns) + 1))


def _title(column: _Column, units: set[str | None]) -> str:
    """Return the heading of a column, with "characters" for "words" if only characters are counted."""
    title = column.title.replace("words", "characters") if units == {"characters"} else column.title
    return _mark(column.metric, "speakers") + title


def _print_keywords(keywords: Sequence[KeywordRow], width: int) -> None:
    """Print the keywords of each speaker on a line."""
    if not keywords:
        return
    terms: dict[str, list[str]] = {}
    for row in keywords:
        terms.setdefault(row.speaker, []).append(row.term)
    click.echo("\nkeywords")
    for speaker, spoken in terms.items():
        _print_wrapped(f"{_short(one_line(speaker))}: {', '.join(spoken[:6])}", width, indent="  ")


def _print_topics(topics: Sequence[TopicRow], width: int) -> None:
    """Print the topics with their times."""
    if len(topics) > 1:
        click.echo("\ntopics")
        for row in topics:
            terms = ", ".join(row.terms.split(", ")[:6])
            _print_wrapped(f"{clock(row.start)[:-2]} – {clock(row.end)[:-2]}  {terms}", width, indent="  ")
    click.echo()


def _print_title(text: str) -> None:
    click.echo(click.style(one_line(text), bold=True))


def _print_wrapped(text: str, width: int, indent: str = "") -> None:
    """Print text wrapped to a width; lines after the first are indented further."""
    click.echo(textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent * 2))


def _mark(metric: str, table: str) -> str:
    """Return the mark of a metric that is often wrong with diarized turns, "" for other metrics."""
    return UNTRUSTED if trust_of(metric, table) == "low" else ""


def _shown(value: Any, show: Callable[[Any], str]) -> str:
    return UNKNOWN if value is None else show(value)


def _short(name: str) -> str:
    """Return a name shortened to the width of its column."""
    return name if cell_len(name) <= _MAX_NAME_WIDTH else f"{chop_cells(name, _MAX_NAME_WIDTH - 1)[0]}…"
