"""Assemble harder recordings from real ones: meetings with pauses, overlap, rooms, noise and telephone codecs.

    python -m tests.benchmarks.real make [FOLDER] [--seed N] [--meetings N]

For each condition and each part (tune, held out), all utterances of the part are divided among the meetings. Beside
each recording X lie its exact words, turns and silent spans in X.json. The same seed makes the same files. Without
FOLDER they go where the benchmark reads them; what is there is replaced.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from tests.benchmarks.real.making.acoustics import write
from tests.benchmarks.real.making.meetings import CONDITIONS, Condition, Meeting, assemble
from tests.benchmarks.real.making.voices import Utterance, find_utterances
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import Part


def make(folder: Path, places: Places, seed: int, meetings: int) -> Iterator[str]:
    """Make all recordings in a folder, and yield a line about each."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in get_args(Part):
        utterances = find_utterances(places, part)
        for condition in CONDITIONS:
            for index, group in enumerate(divided(utterances, meetings)):
                name = f"{condition.name}-{part.replace(' ', '-')}-{index + 1}"
                yield save(folder / name, assemble(group, condition, seed + index), (condition, part), index)


def divided(utterances: Sequence[Utterance], count: int) -> list[list[Utterance]]:
    """Return the utterances in groups with about the same number of each speaker's."""
    ordered = sorted(range(len(utterances)), key=lambda index: utterances[index].speaker)
    return [[utterances[index] for index in ordered[first::count]] for first in range(count)]


def save(path: Path, meeting: Meeting, made: tuple[Condition, Part], index: int) -> str:
    """Write the recording and its description; return a line about it."""
    condition, part = made
    file = write(path, meeting.samples, condition.codecs[index % len(condition.codecs)])
    about = {
        "file": file.name,
        "set": f"made: {condition.name}",
        "language": "en",
        "part": part,
        "words": [[w.text, w.start, w.end, w.speaker, w.timing] for w in meeting.words],
        "turns": [[turn.start, turn.end, turn.speaker] for turn in meeting.turns],
        "quiet": [[span.start, span.end] for span in meeting.quiet],
    }
    path.with_name(f"{path.name}.json").write_text(json.dumps(about, indent=0), encoding="utf-8")
    timed = sum(word.timing != "interpolated" for word in meeting.words)
    speakers = len({turn.speaker for turn in meeting.turns})
    return f"{file.name:<30}{len(meeting.words):>5} words ({timed} with true times), {speakers} speakers"


def main(arguments: Sequence[str]) -> int:
    """Make the recordings; return 1 if there is nothing to make them from."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.real make",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", nargs="?", type=Path, help="where to write [the folder made in $MEETSCRIBE_REAL]")
    parser.add_argument("--seed", type=int, default=1, help="seed of orders, gaps, rooms and noise [1]")
    parser.add_argument("--meetings", type=int, default=2, help="meetings of each condition and part [2]")
    options = parser.parse_args(arguments)
    places = Places.default()
    if not places.data.is_dir():
        print(f"no recordings in {places.data}: set $MEETSCRIBE_REAL_DATA to their folder")
        return 1
    for line in make(options.folder or places.made, places, options.seed, options.meetings):
        print(line, flush=True)
    return 0
