"""Tune the settings of attribution on AMI meetings, by the WDER relative to whisperX in the mean and the worst cell.

    python -m tests.benchmarks.tuning   # on all meetings; its result is the defaults

A cell is a diarizer with a rule that reduces the words to one stream. Half of the cells have the words as annotated,
half as a recognizer writes them. The search is coordinate descent: one setting after another is moved in steps as long
as the loss falls.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from meetscribe.attribution import AttributionSettings
from meetscribe.attribution.assignment import change_costs, estimate_lag, speaker_evidence
from meetscribe.attribution.speech_time import Coverage, coverage_by_speaker, to_milliseconds
from meetscribe.attribution.viterbi import best_sequence
from meetscribe.transcript import Word
from tests.benchmarks import ami
from tests.benchmarks.perturbation import Observation
from tests.benchmarks.whisperx_speakers import assign_speakers

if TYPE_CHECKING:
    from meetscribe.attribution.speech_time import Milliseconds

STEPS = {
    "change": 0.25,
    "sentence_change": 0.05,
    "edge": 0.05,
    "reach": 0.1,
    "breath": 0.05,
}
"""The settings that are tuned, each with its step."""

RULES = ("longest", "random word")
"""The rules of one stream that are used for tuning: the two that differ most."""

WORST = 0.3
"""Weight of the worst cell in the loss, relative to the mean of all cells."""

STRETCHED = 1 / 8


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of a meeting's words with the speech time by a diarizer, and the number of errors of whisperX."""

    cell: tuple[str, ...]
    words: tuple[Word, ...]
    truth: npt.NDArray[np.intp]
    starts: Milliseconds
    ends: Milliseconds
    coverages: tuple[Coverage, ...]
    lag: float
    peer: int


def streams(folder: Path, meetings: Iterable[str]) -> list[Stream]:
    """Return the streams of the meetings for every diarizer, rule and way of writing the words."""
    made = []
    for meeting in meetings:
        spoken = ami.read_words(folder / f"{meeting}.words.jsonl")
        for rule in RULES:
            annotated = ami.stretched(ami.one_stream(spoken, rule, meeting), meeting, STRETCHED)
            for name, words in (("annotated", annotated), ("recognised", ami.as_recognised(annotated, meeting))):
                for diarizer in ami.DIARIZERS:
                    turns = ami.read_turns(folder / f"{meeting}.{diarizer}.rttm").turns
                    made.append(_stream((name, diarizer, rule), Observation(tuple(words), turns)))
    return made


def tune(streams: Sequence[Stream], start: AttributionSettings | None = None) -> AttributionSettings:
    """Return the best settings on the streams, starting from `start` or the defaults."""
    settings = start or AttributionSettings()
    least = loss(streams, settings)
    for name, step in STEPS.items():
        for sign in (1, -1):
            while (value := round(getattr(settings, name) + sign * step, 3)) >= 0:
                tried = replace(settings, **{name: value})
                if (now := loss(streams, tried)) >= least:
                    break
                settings, least = tried, now
    return settings


def loss(streams: Sequence[Stream], settings: AttributionSettings) -> float:
    """Return the mean over the cells of the WDER relative to whisperX, plus WORST times that of the worst cell."""
    wrong: dict[tuple[str, ...], tuple[int, int]] = {}
    for stream in streams:
        ours, peer = wrong.get(stream.cell, (0, 0))
        wrong[stream.cell] = ours + _wrong(stream, settings), peer + stream.peer
    ratios = [ours / peer for ours, peer in wrong.values()]
    return sum(ratios) / len(ratios) + WORST * max(ratios)


def _wrong(stream: Stream, settings: AttributionSettings) -> int:
    """Return the number of words with the wrong speaker, under the best matching of speakers."""
    costs = change_costs(stream.words, stream.starts, stream.ends, settings)
    labels, _ = best_sequence(speaker_evidence(stream.coverages, stream.starts, stream.lag, settings), costs)
    return _mismatched(stream.truth, labels)


def _mismatched(truth: npt.NDArray[np.intp], labels: npt.NDArray[np.intp]) -> int:
    counts = np.zeros((truth.max() + 1, labels.max() + 1), dtype=np.intp)
    np.add.at(counts, (truth, labels), 1)
    return int(len(truth) - counts[linear_sum_assignment(-counts)].sum())


def _stream(cell: tuple[str, ...], observed: Observation) -> Stream:
    starts = to_milliseconds([word.start for word in observed.words])
    ends = np.maximum(to_milliseconds([word.end for word in observed.words]), starts + 1)
    coverages = tuple(coverage_by_speaker(observed.turns).values())
    settings = AttributionSettings()
    lag = estimate_lag(coverages, starts, change_costs(observed.words, starts, ends, settings), settings)
    truth = _numbers([word.speaker or "" for word in observed.words])
    peer = _mismatched(truth, _numbers(assign_speakers(observed)))
    return Stream(cell, observed.words, truth, starts, ends, coverages, lag, peer)


def _numbers(names: Sequence[str]) -> npt.NDArray[np.intp]:
    return np.unique(np.array(names), return_inverse=True)[1].astype(np.intp)


def listed(settings: AttributionSettings) -> str:
    """Return the tuned settings on one line."""
    return ", ".join(f"{name}={getattr(settings, name):g}" for name in STEPS)


def main() -> None:
    """Tune on all meetings, and print the settings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ami", type=Path, default=ami.FOLDER, help="folder of the AMI meetings")
    folder = parser.parse_args().ami
    known = streams(folder, sum(ami.series(folder), []))
    print(f"defaults  {loss(known, AttributionSettings()):.4f}  {listed(AttributionSettings())}", flush=True)
    best = tune(known)
    print(f"tuned     {loss(known, best):.4f}  {listed(best)}")


if __name__ == "__main__":
    main()
