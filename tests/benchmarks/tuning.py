"""Choose the constants of attribution on AMI meetings, and report the errors on meetings that were left out.

    python -m tests.benchmarks.tuning             # a row per meeting: held out, in sample, whisperX, interval
    python -m tests.benchmarks.tuning --without   # also the held-out gain with each constant at its starting value

`held out` uses constants that are chosen on the seven other meetings, `series out` on the six that have other people
and another room; `in sample` uses those chosen on all eight, which should be the defaults. Errors are added over four
diarizers, two rules that reduce the words to one stream, and words as annotated, as a recognizer writes them, or
without punctuation and capitals. Gains are relative to the errors of whisperx.assign_word_speakers. The 95 % intervals
are of the held-out gain: bootstrap over minutes of a meeting, and over meetings for the total.

The search is coordinate descent over a few round values, from a start that does not depend on the data. The cost of a
change within a clause and the evidence of a sentence are the unit of evidence, and are not tuned.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from meetscribe import evaluation
from meetscribe.attribution import AttributionSettings
from meetscribe.attribution.evidence import change_costs, estimate_lag, speaker_evidence
from meetscribe.attribution.problem import Problem
from meetscribe.attribution.viterbi import best_sequence
from meetscribe.transcript import Word
from tests.benchmarks import ami
from tests.benchmarks.perturbation import Observation
from tests.benchmarks.whisperx_speakers import assign_speakers

Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.intp]

VALUES: dict[str, tuple[float, ...]] = {
    "onset": (0.0, 0.05, 0.1, 0.15, 0.2, 0.25),
    "edge": (0.15, 0.2, 0.3, 0.4),
    "fade": (0.0, 0.01, 0.02),
    "sentence_change": (0.0, 0.1, 0.2, 0.3, 0.4),
    "breath": (0.05, 0.1, 0.15, 0.2, 0.3),
}
"""The constants that are chosen, each with the values that are tried.

Two requirements bound them. Two changes at the ends of a sentence must cost clearly less than 1, the evidence of a
sentence: otherwise a short reply between two turns is lost. Without punctuation, they must cost less than the evidence
of four words, which is at most twice `edge` each.
"""

START = AttributionSettings(onset=0.1, edge=0.2, fade=0.0, sentence_change=0.3, breath=0.2)
"""Round values, set without looking at a result, from which the search starts."""

RULES = ("longest", "random word")
"""The rules of one stream that are used for tuning: the two that differ most."""

WRITINGS: dict[str, Callable[[Sequence[Word], str], list[Word]]] = {
    "annotated": lambda words, seed: list(words),
    "recognised": ami.as_recognised,
    "unpunctuated": lambda words, seed: ami.unpunctuated(words),
}
"""Ways of writing the words, which determine where a sentence ends."""

STRETCHED = 1 / 8
BLOCK = 60_000  # milliseconds; within a meeting, the bootstrap resamples blocks of this length


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """One stream of a meeting's words with the turns of a diarizer, and which words whisperX assigns wrongly."""

    meeting: str
    cell: tuple[str, ...]
    problem: Problem
    truth: Labels
    lag: float
    peer: Flags

    @classmethod
    def of(cls, meeting: str, cell: tuple[str, ...], observed: Observation) -> Stream:
        """Attribute the words by whisperX, and estimate the lag with the settings of the start."""
        problem = Problem.of(observed.words, observed.diarization)
        lag = estimate_lag(problem, change_costs(problem, START), START)
        truth = _numbers([word.speaker or "" for word in observed.words])
        return cls(meeting, cell, problem, truth, lag, wrong_words(truth, _numbers(assign_speakers(observed))))

    def wrong(self, settings: AttributionSettings) -> Flags:
        """Return which words have the wrong speaker, `(words,)`."""
        costs = change_costs(self.problem, settings)
        return wrong_words(
            self.truth, best_sequence(speaker_evidence(self.problem, costs, self.lag, settings), costs)[0]
        )


@dataclass(frozen=True, slots=True)
class Relative:
    """Errors of meetscribe and of whisperX, out of a number of words; the rate is their ratio."""

    ours: int
    peer: int
    words: int

    @property
    def fraction(self) -> tuple[float, int]:
        """The errors of both."""
        return self.ours, self.peer

    @property
    def rate(self) -> float | None:
        """The errors of meetscribe divided by those of whisperX."""
        return self.ours / self.peer if self.peer else None

    @property
    def detail(self) -> str:
        """The gain, relative to whisperX."""
        return "–" if self.rate is None else f"{1 - self.rate:.1%}"

    def __add__(self, other: Relative) -> Relative:
        return Relative(self.ours + other.ours, self.peer + other.peer, self.words + other.words)


NOTHING = Relative(0, 0, 0)


@dataclass(slots=True)
class Search:
    """The streams, with the number of errors of each under every setting tried so far."""

    streams: Sequence[Stream]
    tried: dict[AttributionSettings, list[int]] = field(default_factory=dict)

    def loss(self, settings: AttributionSettings, left_out: Sequence[str]) -> float:
        """Return the errors relative to those of whisperX, as a mean over the cells, without some meetings."""
        if settings not in self.tried:
            self.tried[settings] = [int(stream.wrong(settings).sum()) for stream in self.streams]
        cells: dict[tuple[str, ...], Relative] = {}
        for stream, count in zip(self.streams, self.tried[settings], strict=True):
            if stream.meeting not in left_out:
                errors = Relative(count, int(stream.peer.sum()), len(stream.truth))
                cells[stream.cell] = cells.get(stream.cell, NOTHING) + errors
        return sum(cell.rate or 0.0 for cell in cells.values()) / len(cells)

    def errors(self, meeting: str, settings: AttributionSettings) -> Relative:
        """Return the errors in a meeting with settings that were tried, added over its streams."""
        counts = zip(self.streams, self.tried[settings], strict=True)
        own = [(stream, count) for stream, count in counts if stream.meeting == meeting]
        return sum((Relative(count, int(each.peer.sum()), len(each.truth)) for each, count in own), NOTHING)

    def best(self, left_out: Sequence[str] = (), fixed: str | None = None) -> AttributionSettings:
        """Return the best settings, without some meetings and with one constant as in START."""
        settings, before = START, None
        while settings != before:
            before = settings
            for name in VALUES:
                options = [_with(settings, name, value) for value in VALUES[name] if name != fixed]
                settings = min([settings, *options], key=lambda tried: self.loss(tried, left_out))
        return settings


def streams(folder: Path, meetings: Iterable[str]) -> list[Stream]:
    """Return the streams of the meetings for every diarizer, rule and way of writing the words."""
    made = []
    for meeting in meetings:
        spoken = ami.read_words(folder / f"{meeting}.words.jsonl")
        for rule in RULES:
            words = ami.stretched(ami.one_stream(spoken, rule, meeting), meeting, STRETCHED)
            for name, writing in WRITINGS.items():
                for diarizer in ami.DIARIZERS:
                    turns = ami.read_turns(folder / f"{meeting}.{diarizer}.rttm").turns
                    observed = Observation(tuple(writing(words, meeting)), turns)
                    made.append(Stream.of(meeting, (name, diarizer, rule), observed))
    return made


def wrong_words(truth: Labels, labels: Labels) -> Flags:
    """Return which words have the wrong speaker under the best matching of speakers, `(words,)`."""
    counts = np.zeros((truth.max() + 1, labels.max() + 1), dtype=np.intp)
    np.add.at(counts, (truth, labels), 1)
    matched = np.full(len(counts), -1)
    rows, columns = linear_sum_assignment(-counts)
    matched[rows] = columns
    wrong: Flags = matched[truth] != labels
    return wrong


def listed(settings: AttributionSettings) -> str:
    """Return the chosen constants on one line."""
    return ", ".join(f"{name}={getattr(settings, name):g}" for name in VALUES)


def blocks(known: Sequence[Stream], meeting: str, settings: AttributionSettings) -> list[Relative]:
    """Return the errors in each minute of a meeting, added over its streams."""
    own = [stream for stream in known if stream.meeting == meeting]
    minutes = [stream.problem.starts // BLOCK for stream in own]
    count = 1 + max(int(minute.max()) for minute in minutes)
    flags = [(stream.wrong(settings), stream.peer, np.ones(len(stream.truth))) for stream in own]
    totals = [
        sum(np.bincount(minute, each[kind], count) for minute, each in zip(minutes, flags, strict=True))
        for kind in range(3)
    ]
    return [Relative(*map(int, numbers)) for numbers in zip(*totals, strict=True)]


def row(name: str, parts: Sequence[Sequence[Relative]]) -> str:
    """Return a line of the table: the errors in sample, held out and with the series left out, each in parts."""
    in_sample, held_out, series_out = (sum(each, NOTHING) for each in parts)
    shares = "".join(f"{errors / in_sample.words:>10.2%}" for errors in (in_sample.peer, in_sample.ours, held_out.ours))
    gains = "".join(f"{each.detail:>11}" for each in (in_sample, held_out, series_out))
    low, high = evaluation.interval(parts[1]) or (0.0, 0.0)
    return f"{name:<10}{in_sample.words:>8}{shares}  {gains}{1 - high:>10.1%} to {1 - low:.1%}"


HEADER = (
    f"{'':<10}{'':>8}{'WDER of':>10}{'ours, in':>10}{'ours,':>10}  {'gain, in':>11}{'gain,':>11}{'gain,':>11}"
    f"\n{'meeting':<10}{'words':>8}{'whisperX':>10}{'sample':>10}{'held out':>10}  {'sample':>11}{'held out':>11}"
    f"{'series out':>11}   95 % interval"
)


def report(search: Search, series: Sequence[Sequence[str]], *, without: bool) -> None:
    """Print the table and the constants, and with `without` the effect of each constant."""
    chosen = search.best()
    print(f"start:  {listed(START)}\nchosen: {listed(chosen)}\n\n{HEADER}", flush=True)
    rows: list[list[list[Relative]]] = []
    for names in series:
        series_out = search.best(names)
        for name in names:
            settings = chosen, search.best([name]), series_out
            rows.append([blocks(search.streams, name, each) for each in settings])
            print(row(name, rows[-1]), flush=True)
    meetings = [[sum(parts[column], NOTHING) for parts in rows] for column in range(3)]
    print(row("all", meetings))
    means = [sum(1 - (each.rate or 0.0) for each in column) / len(column) for column in meetings]
    print(f"{'mean gain of the meetings':<50}" + "".join(f"{mean:>11.1%}" for mean in means))
    for name in VALUES if without else ():
        left = [search.errors(each, search.best([each], name)) for names in series for each in names]
        gain = sum(1 - (errors.rate or 0.0) for errors in left) / len(left)
        print(f"mean held-out gain with {name}={getattr(START, name):g}: {gain:.1%}", flush=True)


def _with(settings: AttributionSettings, name: str, value: float) -> AttributionSettings:
    changed: dict[str, Any] = {name: value}
    return replace(settings, **changed)


def _numbers(names: Sequence[str]) -> Labels:
    return np.unique(np.array(names), return_inverse=True)[1].astype(np.intp)


def main() -> None:
    """Print the table for the meetings in a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ami", type=Path, default=ami.FOLDER, help="folder of the AMI meetings")
    parser.add_argument("--without", action="store_true", help="also leave out one constant after the other")
    options = parser.parse_args()
    if not options.ami.is_dir():
        parser.exit(message=f"No AMI meetings in {options.ami}; give their folder with --ami.\n")
    series = ami.series(options.ami)
    report(Search(streams(options.ami, sum(series, []))), series, without=options.without)


if __name__ == "__main__":
    main()
