"""Compare statistics from the turns of real diarizers with those from the true turns and words of AMI meetings.

    python -m tests.benchmarks.analytics                # errors by metric, the planning meeting, and the time for 10 h
    python -m tests.benchmarks.analytics --write        # also store the errors in meetscribe/analytics/trust.json
    python -m tests.benchmarks.analytics --only time    # one of: ami, planning, time

`statistics_errors` describes how truth and estimates are compared. An error of a share is its absolute difference, that
of an offset is in seconds, all other errors are relative. A metric is trusted if at least 80 % of the cases have a
tolerable error, whichever meeting is left out. "held out" is the number of meetings for which the verdict from the
other meetings is that of the meeting alone.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import meetscribe
from meetscribe.analytics import stats
from meetscribe.analytics.metrics import MEETING_METRICS, SPEAKER_METRICS
from meetscribe.analytics.statistics import TABLES
from meetscribe.formats.recording_files import transcripts_in
from meetscribe.formats.rttm import read_rttm
from meetscribe.settings import load_settings
from tests.analytics.test_statistics import long_meeting
from tests.benchmarks import ami
from tests.benchmarks.statistics_errors import (
    ENOUGH,
    OFFLINE,
    TOLERABLE,
    Case,
    Group,
    agreement,
    by_group,
    cases_of,
    held_out,
    is_trusted,
    matched_speakers,
    median_error,
    offline,
    within,
)

STORED = Path(__file__).parents[2] / "meetscribe" / "analytics" / "trust.json"
SAMPLES = Path(__file__).parents[2] / "samples"


def summary(cases: Sequence[Case]) -> dict[str, Any]:
    """Return the errors of a metric: the median, the share of tolerable ones, the verdict and its agreement."""
    agrees, meetings = agreement(cases, by_meeting)
    middle = median_error(cases)
    return {
        "cases": len(cases),
        "median": None if middle is None else round(middle, 3),
        "within": round(within(cases), 3),
        "tolerable": TOLERABLE[cases[0].kind],
        "trust": "high" if is_trusted(cases) else "low",
        "held_out": round(agrees / meetings, 3),
    }


def by_meeting(meeting: str) -> str:
    """Return the part of a meeting if every meeting is one."""
    return meeting


def by_series(meeting: str) -> str:
    """Return the series of a meeting: the meetings of one group of people."""
    return meeting[:-1]


def print_errors(groups: Mapping[Group, Sequence[Case]]) -> None:
    """Print a line per metric: the median error of each diarizer and of the offline ones, and the verdict."""
    heads = "".join(f"{name:>13}" for name in ami.DIARIZERS)
    tail = f"{'offline':>9}{'cases':>7}{'tolerable':>11}{'within':>8}  {'trust':<6}{'held out':>8}"
    print(f"  {'':<14}{'median error of':<27}{heads}{tail}")
    for (table, name), cases in groups.items():
        own = offline(cases)
        each = "".join(f"{_median([case for case in cases if case.diarizer == one]):>13}" for one in ami.DIARIZERS)
        agrees, meetings = agreement(own, by_meeting)
        counts = f"{_median(own):>9}{len(own):>7}{TOLERABLE[own[0].kind]:>11}{within(own):>8.0%}"
        verdict = f"{'high' if is_trusted(own) else 'low':<6}{f'{agrees}/{meetings}':>8}"
        print(f"  {table:<14}{name:<27}{each}{counts}  {verdict}")


def print_held_out(groups: Mapping[Group, Sequence[Case]]) -> None:
    """Print how the verdicts from some of the meetings do on the other ones."""
    for title, part in (("meeting", by_meeting), ("series", by_series)):
        tried = [(is_trusted(offline(cases)), held_out(offline(cases), part)) for cases in groups.values()]
        results = [(whole, verdict, own) for whole, each in tried for verdict, own in each]
        same = sum(verdict == whole for whole, verdict, _ in results)
        holds = sum(verdict == is_trusted(own) for _, verdict, own in results)
        print(f"  one {title} held out, {len(results)} verdicts from the others on {len(groups)} metrics:")
        print(f"    {same / len(results):.0%} are the verdict from all meetings")
        print(f"    {holds / len(results):.0%} are the verdict of the {title} alone")
        for name, trusted in (("high", True), ("low", False)):
            parts = [own for _, verdict, own in results if verdict == trusted]
            agree = sum(is_trusted(own) == trusted for own in parts)
            share = sum(map(within, parts)) / len(parts)
            print(f"    {name:<5}{agree:>4} of {len(parts):<4} agree; {share:.0%} of the held-out errors are tolerable")


def _median(cases: Sequence[Case]) -> str:
    """Return the median error as text."""
    middle = median_error(cases)
    return "–" if middle is None else f"{middle:.3f}"


def store(groups: Mapping[Group, Sequence[Case]]) -> None:
    """Write the errors by table and metric to the package."""
    errors: dict[str, dict[str, Any]] = {}
    for (table, name), cases in groups.items():
        errors.setdefault(table, {})[name] = summary(offline(cases))
    about = {
        "written by": "python -m tests.benchmarks.analytics --write",
        "data": "8 AMI test meetings, reference turns and words",
        "diarizers": list(OFFLINE),
        "enough": ENOUGH,
    }
    STORED.write_text(json.dumps(about | {"errors": errors}, indent=1) + "\n", encoding="utf-8")


def print_planning() -> None:
    """Run the planning meeting with the weights of the samples, and print its values beside those of the reference."""
    settings = load_settings(SAMPLES / "offline.toml")
    found = meetscribe.run(SAMPLES / "planning.flac", settings)
    reference = transcripts_in((SAMPLES / "planning.words.jsonl").read_bytes(), SAMPLES / "planning.words.jsonl")
    turns = read_rttm((SAMPLES / "planning.rttm").read_bytes())
    truth = stats(next(iter(reference.values()))().with_meta(turns=turns, duration=found.duration, language="en"))
    estimate = stats(found)
    pairs = matched_speakers(truth, estimate)
    rows = {row.speaker: row for row in estimate.speakers}
    print(
        f"  {'reference / meetscribe':<27}"
        + "".join(f"{row.speaker:>21}" for row in truth.speakers)
        + f"{'meeting':>21}"
    )
    for name in SPEAKER_METRICS:
        own = [_both(row, rows.get(pairs.get(row.speaker, "")), name) for row in truth.speakers]
        print(f"  {name:<27}" + "".join(own))
    for name in MEETING_METRICS:
        blank = " " * 21 * len(truth.speakers)
        print(f"  {name:<27}{blank}{_both(truth.meetings[0], estimate.meetings[0], name)}")


def _both(truth: Any, estimate: Any, name: str) -> str:
    """Return a value of the truth and of the estimate."""
    values = [None if row is None else getattr(row, name) for row in (truth, estimate)]
    return f"{' / '.join('–' if value is None else f'{value:g}' for value in values):>21}"


def print_time(hours: float = 10) -> None:
    """Print the processor time of all tables for half the length and the whole length."""
    for length in (hours / 2, hours):
        meeting = long_meeting(length)
        begun = time.process_time()
        result = stats(meeting)
        rows = sum(len(result.rows(table)) for table in TABLES)
        spent = time.process_time() - begun
        print(
            f"  {length:g} h, {len(meeting.words)} words: all tables, {rows} rows, in {spent:.2f} s of processor time"
        )


def main() -> None:
    """Print the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=ami.FOLDER, help="folder of the AMI meetings")
    parser.add_argument("--only", choices=("ami", "planning", "time"), help="print one part")
    parser.add_argument("--write", action="store_true", help="store the errors in the package")
    options = parser.parse_args()
    if options.only in (None, "ami"):
        print("AMI: statistics from diarizers against the truth")
        groups = by_group(list(cases_of(options.folder)))
        print_errors(groups)
        print("\nDo the verdicts hold for meetings that had no part in them?")
        print_held_out(groups)
        if options.write:
            store(groups)
    if options.only in (None, "planning"):
        print("\nThe planning meeting of the samples")
        print_planning()
    if options.only in (None, "time"):
        print("\nTime")
        print_time()


if __name__ == "__main__":
    main()
