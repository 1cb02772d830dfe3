"""Compare statistics from the turns of real diarizers with those from the true turns and words of AMI meetings.

    python -m tests.benchmarks.analytics                # errors by metric, the planning meeting, and the time for 10 h
    python -m tests.benchmarks.analytics --write        # also store the errors in meetscribe/analytics/trust.json
    python -m tests.benchmarks.analytics --only time    # one of: ami, planning, time

The truth has the words and speakers of the manual annotations and the reference turns. The estimate has one stream of
the same words, as a recognizer would write them, attributed to the turns of one of four diarizers. Speakers are matched
by shared time. An error of a share is its absolute difference, that of a latency is in seconds, all other errors are
relative. A metric is trusted if at least 80 % of the cases have a tolerable error.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import meetscribe
from meetscribe.analytics import Statistics, stats
from meetscribe.analytics.metrics import MEETING_METRICS, SPEAKER_METRICS, Metric
from meetscribe.analytics.statistics import TABLES
from meetscribe.attribution import AttributionSettings, attribute
from meetscribe.formats.recording_files import load_regions, transcripts_in
from meetscribe.formats.rttm import read_rttm
from meetscribe.settings import load_settings
from meetscribe.timeline import Diarization, cut, total
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.label_matching import match_labels
from tests.analytics.test_statistics import long_meeting
from tests.benchmarks import ami

STORED = Path(__file__).parents[2] / "meetscribe" / "analytics" / "trust.json"
SAMPLES = Path(__file__).parents[2] / "samples"
RULE = "longest"
TOLERABLE = {"share": 0.05, "0 to 1": 0.1, "latency": 0.2, "relative": 0.2}
"""Tolerable errors: of shares and indices absolute, of latencies in seconds, of all else relative."""

OFFLINE = ("vbx", "vbx-overlap")
"""The diarizers that decide; the first one finds no overlapping speech."""

ENOUGH = 0.8
"""A metric is trusted if this share of the cases has a tolerable error."""

LATENCIES = ("response_latency_s", "floor_transfer_s", "floor_transfer_p10_s", "floor_transfer_p90_s")


@dataclass(frozen=True, slots=True)
class Case:
    """One value of a metric: of a speaker or a meeting, by the truth and from a diarizer."""

    level: str
    metric: Metric
    diarizer: str
    truth: float
    estimate: float

    @property
    def tolerance(self) -> str:
        """The kind of the tolerable error."""
        if self.metric.name in LATENCIES:
            return "latency"
        return self.metric.unit if self.metric.unit in TOLERABLE else "relative"

    @property
    def error(self) -> float:
        """The error; relative to at least 1, so that it is finite for a truth of 0."""
        difference = abs(self.estimate - self.truth)
        return difference if self.tolerance != "relative" else difference / max(abs(self.truth), 1.0)


def truth_and_estimates(folder: Path, name: str) -> tuple[Statistics, dict[str, Statistics]]:
    """Return the statistics from the reference of a meeting, and those from each diarizer."""
    words = ami.read_words(folder / f"{name}.words.jsonl")
    duration = max(span.end for span in (load_regions(folder / "ami.uem") or {})[name])
    reference = read_rttm((folder / f"{name}.ref.rttm").read_bytes())
    truth = stats(Transcript(_segments(words), Meta("en", duration, turns=reference)), names=[name])
    stream = ami.as_recognised(ami.one_stream(words, RULE, name), name)
    recognised = Transcript(_segments([Word(word.text, word.start, word.end) for word in stream]), Meta("en", duration))
    estimates = {}
    for diarizer in ami.DIARIZERS:
        turns = read_rttm((folder / f"{name}.{diarizer}.rttm").read_bytes())
        found = attribute(recognised, Diarization(turns, ()), AttributionSettings())
        estimates[diarizer] = stats(found.with_meta(turns=turns, exclusive=()), names=[name])
    return truth, estimates


def _segments(words: Sequence[Word]) -> tuple[Segment, ...]:
    """Return a segment per word, which is all that statistics of speakers need."""
    return tuple(Segment((word,)) for word in words)


def cases_of(folder: Path) -> Iterator[Case]:
    """Yield all cases that both truth and estimate have a value for."""
    for name in (name for names in ami.series(folder) for name in names):
        truth, estimates = truth_and_estimates(folder, name)
        for diarizer, estimate in estimates.items():
            yield from _compared("meeting", MEETING_METRICS, diarizer, truth.meetings[0], estimate.meetings[0])
            pairs = match_labels(_shared(truth, estimate))
            found = {row.speaker: row for row in estimate.speakers}
            for row in truth.speakers:
                if row.speaker in pairs:
                    yield from _compared("speaker", SPEAKER_METRICS, diarizer, row, found[pairs[row.speaker]])


def _compared(level: str, metrics: Any, diarizer: str, truth: Any, estimate: Any) -> Iterator[Case]:
    for metric in metrics.values():
        values = getattr(truth, metric.name), getattr(estimate, metric.name)
        if None not in values:
            yield Case(level, metric, diarizer, *map(float, values))


def _shared(truth: Statistics, estimate: Statistics) -> dict[tuple[str, str], float]:
    """Return the seconds that each true speaker shares with each found one."""
    true, found = truth.analyses[0].speech, estimate.analyses[0].speech
    return {
        (one, other): total(part for span in spans for part in cut(others, within=span))
        for one, spans in true.items()
        for other, others in found.items()
    }


def summary(cases: Sequence[Case]) -> dict[str, Any]:
    """Return the errors of a metric for the offline diarizers: the median, the share of tolerable ones, the verdict."""
    offline = [case for case in cases if case.diarizer in OFFLINE]
    within = sum(case.error <= TOLERABLE[case.tolerance] for case in offline) / len(offline)
    return {
        "cases": len(offline),
        "median": round(median(case.error for case in offline), 3),
        "within": round(within, 3),
        "tolerable": TOLERABLE[cases[0].tolerance],
        "trust": "high" if within >= ENOUGH else "low",
    }


def by_metric(cases: Sequence[Case]) -> dict[tuple[str, str], list[Case]]:
    """Return the cases of each level and metric."""
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.level, case.metric.name), []).append(case)
    return groups


def print_errors(cases: Sequence[Case]) -> None:
    """Print a line per metric: the median error of each diarizer and of the offline ones, and the verdict."""
    heads = "".join(f"{name:>13}" for name in ami.DIARIZERS)
    print(f"  {'':<8}{'median error of':<27}{heads}{'offline':>9}{'cases':>7}{'tolerable':>11}{'within':>8}  trust")
    for (level, name), own in by_metric(cases).items():
        row = summary(own)
        each = "".join(f"{_median(own, diarizer):>13}" for diarizer in ami.DIARIZERS)
        counts = f"{row['median']:>9.3f}{row['cases']:>7}{row['tolerable']:>11}{row['within']:>8.0%}"
        print(f"  {level:<8}{name:<27}{each}{counts}  {row['trust']}")


def _median(cases: Sequence[Case], diarizer: str) -> str:
    own = [case.error for case in cases if case.diarizer == diarizer]
    return f"{median(own):.3f}" if own else "–"


def store(cases: Sequence[Case]) -> None:
    """Write the errors by level and metric to the package."""
    errors: dict[str, dict[str, Any]] = {}
    for (level, name), own in by_metric(cases).items():
        errors.setdefault(level, {})[name] = summary(own)
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
    pairs = match_labels(_shared(truth, estimate))
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
        cases = list(cases_of(options.folder))
        print_errors(cases)
        if options.write:
            store(cases)
    if options.only in (None, "planning"):
        print("\nThe planning meeting of the samples")
        print_planning()
    if options.only in (None, "time"):
        print("\nTime")
        print_time()


if __name__ == "__main__":
    main()
