"""The numbers of attribution, tuned on AMI meetings: how much less WDER than whisperX in the mean and worst cell.

    python -m tests.benchmarks.tuning   # on all meetings: the numbers that are the defaults

A cell is a diarizer with a way of keeping one stream of words. Half of the cells have the words as annotators
wrote them, half as a recogniser does. One number after the other takes a step for as long as that helps.
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
from tests.benchmarks.disturbance import Heard

if TYPE_CHECKING:
    from meetscribe.attribution.speech_time import Milliseconds

STEPS = {
    "change": 0.25,
    "sentence_change": 0.05,
    "edge": 0.05,
    "reach": 0.1,
    "breath": 0.05,
}
"""The numbers that are tuned, each with its step."""

KEPT = ("longest", "random word")
"""The ways of keeping words that are tuned on: the two that differ most."""

WORST = 0.3
"""How much the worst cell counts beside the mean of all."""

STRETCHED = 1 / 8


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of a meeting's words with what a diarizer found, and how many words whisperX gets wrong."""

    cell: tuple[str, ...]
    words: tuple[Word, ...]
    truth: npt.NDArray[np.intp]
    starts: Milliseconds
    ends: Milliseconds
    coverages: tuple[Coverage, ...]
    lag: float
    peer: int


def streams(folder: Path, meetings: Iterable[str]) -> list[Stream]:
    """The streams of the meetings, of every diarizer, way of keeping words, and way of writing them."""
    found = []
    for meeting in meetings:
        spoken = ami.read_words(folder / f"{meeting}.words.jsonl")
        for keeping in KEPT:
            annotated = ami.stretched(ami.one_stream(spoken, keeping, meeting), meeting, STRETCHED)
            for name, words in (("annotated", annotated), ("recognised", ami.as_recognised(annotated, meeting))):
                for diarizer in ami.DIARIZERS:
                    turns = ami.read_turns(folder / f"{meeting}.{diarizer}.rttm").turns
                    found.append(_stream((name, diarizer, keeping), Heard(tuple(words), turns)))
    return found


def tune(streams: Sequence[Stream], start: AttributionSettings | None = None) -> AttributionSettings:
    """The settings that are best on the streams, from the defaults on."""
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
    """The mean over the cells of WDER beside whisperX's, and WORST of that of the worst."""
    wrong: dict[tuple[str, ...], tuple[int, int]] = {}
    for stream in streams:
        ours, peer = wrong.get(stream.cell, (0, 0))
        wrong[stream.cell] = ours + _wrong(stream, settings), peer + stream.peer
    ratios = [ours / peer for ours, peer in wrong.values()]
    return sum(ratios) / len(ratios) + WORST * max(ratios)


def _wrong(stream: Stream, settings: AttributionSettings) -> int:
    """How many words get another speaker than theirs, after the best matching of speakers."""
    costs = change_costs(stream.words, stream.starts, stream.ends, settings)
    labels, _ = best_sequence(speaker_evidence(stream.coverages, stream.starts, stream.lag, settings), costs)
    return _mismatched(stream.truth, labels)


def _mismatched(truth: npt.NDArray[np.intp], labels: npt.NDArray[np.intp]) -> int:
    counts = np.zeros((truth.max() + 1, labels.max() + 1), dtype=np.intp)
    np.add.at(counts, (truth, labels), 1)
    return int(len(truth) - counts[linear_sum_assignment(-counts)].sum())


def _stream(cell: tuple[str, ...], heard: Heard) -> Stream:
    from tests.benchmarks.attribution import whisperx

    starts = to_milliseconds([word.start for word in heard.words])
    ends = np.maximum(to_milliseconds([word.end for word in heard.words]), starts + 1)
    coverages = tuple(coverage_by_speaker(heard.turns).values())
    settings = AttributionSettings()
    lag = estimate_lag(coverages, starts, change_costs(heard.words, starts, ends, settings), settings)
    truth = _numbers([word.speaker or "" for word in heard.words])
    peer = _mismatched(truth, _numbers(whisperx(heard)))
    return Stream(cell, heard.words, truth, starts, ends, coverages, lag, peer)


def _numbers(names: Sequence[str]) -> npt.NDArray[np.intp]:
    return np.unique(np.array(names), return_inverse=True)[1].astype(np.intp)


def told(settings: AttributionSettings) -> str:
    """The tuned numbers on one line."""
    return ", ".join(f"{name}={getattr(settings, name):g}" for name in STEPS)


def main() -> None:
    """Tune on all meetings, and print the numbers."""
    from tests.benchmarks.attribution import AMI

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ami", type=Path, default=AMI, help="the folder of the AMI meetings")
    folder = parser.parse_args().ami
    known = streams(folder, sum(ami.series(folder), []))
    print(f"defaults  {loss(known, AttributionSettings()):.4f}  {told(AttributionSettings())}", flush=True)
    best = tune(known)
    print(f"tuned     {loss(known, best):.4f}  {told(best)}")


if __name__ == "__main__":
    main()
