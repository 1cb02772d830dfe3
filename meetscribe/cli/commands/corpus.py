"""`meetscribe corpus`: the transcripts of many recordings as Parquet tables."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from meetscribe.analytics import AnalyticsSettings
from meetscribe.cli.display import messages
from meetscribe.cli.display.corpus_statistics import print_corpus_statistics, statistics_csv, statistics_document
from meetscribe.cli.flags import config_option, table_assignments
from meetscribe.cli.interruption import interruptible
from meetscribe.cli.options import general_options, json_option, message_options
from meetscribe.cli.sections import OUTPUT, SPEAKERS, SectionedCommand, option
from meetscribe.errors import IncompleteError, ThresholdError
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.settings.other_tables import load_table
from meetscribe.text.dates import parse_date

if TYPE_CHECKING:
    from datetime import date

    from meetscribe.corpus.tables import BuildResult, Problem

_MAX_PROBLEMS = 5  # lines for problems with the same code

BUILD_EPILOG = """\b
Examples:
  meetscribe corpus build corpus out
  meetscribe corpus build corpus out/meetscribe.manifest.jsonl transcripts/
  meetscribe run recordings/ -o out --corpus corpus
  meetscribe corpus compact corpus

\b
Then, in Python:
  pandas.read_parquet("corpus/turns")
  polars.read_parquet("corpus/turns/")
  duckdb.sql("FROM read_parquet('corpus/turns/**/*.parquet')")
  pyarrow.dataset.dataset("corpus/turns", partitioning="hive")
"""

STATS_EPILOG = """\b
Examples:
  meetscribe corpus stats corpus
  meetscribe corpus stats corpus --by month --since 2026-01-01
  meetscribe corpus stats corpus --by speaker --csv > speakers.csv

Speakers with labels such as SPEAKER_00 in place of names are summed up as "unnamed".
"""

GROUPS = ("speaker", "collection", "month", "year", "language")
"""The values of --by, the same as in `corpus.tables.statistics.Group`."""

_INTERVAL = 5.0  # seconds between progress messages

_COLLECTION = option(
    "--collection",
    metavar="NAME",
    help="Name of the collection.  [default: the folder of each recording or transcript]",
)
_PARQUET_FOLDER = click.argument("corpus", type=click.Path(path_type=Path))


@click.group(context_settings={"max_content_width": 100})
def group() -> None:
    """Build and read a corpus: the transcripts of many recordings as Parquet tables.

    The tables are meetings (with status and error), segments, turns and words. A corpus holds the words, names and
    paths of the transcripts. Its files are readable by their owner only.
    """


@group.command(cls=SectionedCommand, epilog=BUILD_EPILOG)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("sources", metavar="MANIFEST|FOLDER|TRANSCRIPT...", nargs=-1, required=True, type=click.Path())
@_COLLECTION
@json_option
@general_options
def build(out: Path, sources: Sequence[str], **given: Any) -> None:
    """Create the corpus OUT from transcripts, or update it.

    MANIFEST is the manifest of a batch; its failed recordings become meetings with an error. FOLDER contains such a
    manifest, or transcripts in any format that meetscribe reads, also in subfolders. Unchanged transcripts are
    skipped. A second recording with the same content becomes a meeting with status duplicate, without words.
    """
    _add(out, sources, given, create=True)


@group.command(cls=SectionedCommand)
@_PARQUET_FOLDER
@click.argument("sources", metavar="MANIFEST|FOLDER|TRANSCRIPT...", nargs=-1, required=True, type=click.Path())
@_COLLECTION
@json_option
@general_options
def add(corpus: Path, sources: Sequence[str], **given: Any) -> None:
    """Add transcripts to an existing CORPUS, or update changed ones; see meetscribe corpus build."""
    _add(corpus, sources, given, create=False)


@group.command(cls=SectionedCommand)
@_PARQUET_FOLDER
@click.argument("meetings", metavar="MEETING...", nargs=-1, required=True)
@json_option
@message_options
def remove(corpus: Path, meetings: Sequence[str], as_json: bool) -> None:
    """Remove meetings from a corpus, with all their rows.

    MEETING is an id, or the path of a recording or transcript. Its duplicates are removed too. Transcripts and
    recordings are not touched.
    """
    from meetscribe.corpus.tables import CorpusWriter  # imports pyarrow

    with CorpusWriter(corpus) as writer:
        removed = writer.remove(meetings)
    click.echo(json.dumps(removed) if as_json else "\n".join(removed))


@group.command(cls=SectionedCommand)
@_PARQUET_FOLDER
@json_option
@general_options
def compact(corpus: Path, as_json: bool, quiet: bool) -> None:
    """Join the small files of a corpus into few large ones, and clean up after an interrupted command.

    Running it again changes nothing. After an interruption, run it again: no row is lost, but until then other
    programs may read some rows twice.
    """
    from meetscribe.corpus.tables import compact as join  # imports pyarrow

    files = join(corpus, progress=_progress("compacting", quiet))
    click.echo(json.dumps(asdict(files)) if as_json else f"{files.before} files before, {files.after} after")


@group.command(cls=SectionedCommand)
@_PARQUET_FOLDER
@json_option
@general_options
def verify(corpus: Path, as_json: bool, quiet: bool) -> None:
    """Check the counts, hashes and rows of each meeting; exit with code 1 if there are problems.

    sha256sum --check SHA256SUMS, run in the corpus, checks the hashes too.
    """
    from meetscribe.corpus.tables import read_manifest  # imports pyarrow
    from meetscribe.corpus.tables import verify as check

    problems = check(corpus, _progress("verifying", quiet))
    counts = read_manifest(corpus)
    if as_json:
        click.echo(json.dumps({"problems": list(map(asdict, problems)), **asdict(counts)}, indent=1))
    else:
        _print_problems(problems)
        click.echo(", ".join(f"{count:,} {table}" for table, count in counts.rows.items()))
    if problems:
        remedies = "; ".join(dict.fromkeys(problem.remedy for problem in problems))
        raise ThresholdError(f"{len(problems)} problems", f"Repair: {remedies}")


def _print_problems(problems: Sequence[Problem]) -> None:
    """Print a line for each of the first problems with the same code, and the number of the others."""
    counts: Counter[str] = Counter()
    for problem in problems:
        counts[problem.code] += 1
        if counts[problem.code] <= _MAX_PROBLEMS:
            click.echo(f"{problem.code}  {problem.place}: {problem.text}")
    for code, count in counts.items():
        if count > _MAX_PROBLEMS:
            click.echo(f"{code}  and {count - _MAX_PROBLEMS:,} more, which --json lists")


def _parse_day(ctx: click.Context, parameter: click.Parameter, text: str | None) -> date | None:
    """Parse the argument of --since or --until; raises BadParameter."""
    try:
        return None if text is None else parse_date(text).date()
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not a day. Write it as 2026-11-27.") from error


@group.command(cls=SectionedCommand, epilog=STATS_EPILOG)
@_PARQUET_FOLDER
@option("--by", type=click.Choice(GROUPS), default="speaker", show_default=True, help="Group the sums by this.")
@option("--collection", "collections", metavar="NAME", multiple=True, help="Only this collection. Repeatable.")
@option("--since", metavar="DAY", callback=_parse_day, help="Only meetings recorded on this day or later.")
@option("--until", metavar="DAY", callback=_parse_day, help="Only meetings recorded on this day or earlier.")
@option(
    "--set",
    "assignments",
    metavar="analytics.KEY=VALUE",
    multiple=True,
    section=SPEAKERS,
    help="Change a threshold of the statistics: analytics.monologue=90. Repeatable.",
)
@config_option
@json_option
@option("--csv", "as_csv", is_flag=True, section=OUTPUT, help="Print CSV.")
@general_options
def stats(corpus: Path, **given: Any) -> None:
    """Sum up talk time, turns and words over the meetings of a corpus, in bounded memory.

    The definitions are the same as in meetscribe stats. Meetings are read one at a time.
    """
    from meetscribe.corpus.tables import Corpus, Selection, corpus_statistics  # imports pyarrow

    if given["as_csv"] and given["as_json"]:
        raise click.UsageError("Choose one of --json and --csv.")
    settings = load_table(
        "analytics", AnalyticsSettings, given["config"], table_assignments("analytics", given["assignments"])
    )
    selection = Selection(given["collections"], given["since"], given["until"])
    progress = _progress("reading", given["quiet"])
    found = corpus_statistics(Corpus(corpus), given["by"], selection, settings, progress)
    if given["as_json"]:
        click.echo(json.dumps(statistics_document(found), ensure_ascii=False, indent=1))
    elif given["as_csv"]:
        click.echo(statistics_csv(found), nl=False)
    else:
        print_corpus_statistics(found)


def _add(root: Path, sources: Sequence[str], given: Mapping[str, Any], create: bool) -> None:
    """Add sources to a corpus and print the result; raises IncompleteError if a transcript could not be read."""
    from meetscribe.corpus.tables import build_corpus, find_sources  # imports pyarrow

    progress = _progress("adding", given["quiet"])
    with interruptible() as stop:
        built = build_corpus(root, find_sources(sources, given["collection"]), progress, stop, create)
        stopped = stop()
    _print_built(built, given)
    if stopped:
        raise KeyboardInterrupt
    if built.unreadable:
        raise IncompleteError("some transcripts could not be read; the corpus lists them with status failed")


def _print_built(built: BuildResult, given: Mapping[str, Any]) -> None:
    """Print the number of recordings by outcome, the duplicates, and the transcripts that could not be read."""
    for added in built.unreadable:
        messages.warning(f"{added.source.name}: {added.error.message if added.error else ''}")
    for added in built.duplicates:
        messages.info(f"duplicate: {added.source.name}")
    if given["as_json"]:
        click.echo(json.dumps(built.counts))
    else:
        click.echo(", ".join(f"{count:,} {outcome}" for outcome, count in built.counts.items()) or "nothing to add")


def _progress(verb: str, quiet: bool) -> Progress:
    """Return a progress callback that prints a line every few seconds."""
    if quiet:
        return ignore_progress
    printed = time.monotonic()

    def show(done: float) -> None:
        nonlocal printed
        if time.monotonic() - printed >= _INTERVAL:
            printed = time.monotonic()
            messages.info(f"{verb}: {100 * done:.0f} %")

    return show
