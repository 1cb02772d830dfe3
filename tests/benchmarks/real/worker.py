"""Run one system over recordings in its own process, and print each output as a line of JSON.

The system, its choices and the paths of the recordings come as JSON from standard input. A first run on a few seconds
of speech, which is not measured, loads what the system loads on first use.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from meetscribe.audio import Audio, load_audio
from meetscribe.timeline import Span
from tests.benchmarks.real.outputs import Cost, Output
from tests.benchmarks.real.systems import DIARIZERS, OTHERS, SYSTEMS, Choices, Recognise

WARM_UP = Path(__file__).parents[3] / "samples" / "standup.flac"
_WARM_UP_SECONDS = 8.0


def run(system: str, choices: Choices, paths: list[Path]) -> Iterator[Output]:
    """Yield the output of the system for each recording."""
    recognise = {**SYSTEMS, **OTHERS, **DIARIZERS}[system](choices)
    speech = load_audio(WARM_UP)
    recognise(WARM_UP, replace(speech, samples=speech.slice(Span(0.0, _WARM_UP_SECONDS))))
    for path in paths:
        yield measured(recognise, path, load_audio(path))


def measured(recognise: Recognise, path: Path, audio: Audio) -> Output:
    """Return the output for a decoded recording, with its cost."""
    wall, processor = time.perf_counter(), time.process_time()
    found = recognise(path, audio)
    cost = Cost(
        time.perf_counter() - wall, time.process_time() - processor, _peak(), found.checks or {}, found.longest_pass
    )
    turns, exclusive = (
        tuple((turn.start, turn.end, turn.speaker) for turn in each)
        for each in ((found.diarization.turns, found.diarization.exclusive) if found.diarization else ((), ()))
    )
    return Output(found.language, audio.duration, found.words, found.segments, found.timed, cost, turns, exclusive)


def _peak() -> float:
    """Return the peak memory of this process in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    """Run the task on standard input."""
    task = json.load(sys.stdin)
    choices = Choices(**{**task["choices"], "model": Path(task["choices"]["model"])})
    for output in run(task["system"], choices, [Path(path) for path in task["paths"]]):
        print(f"{MARK}{output.to_json()}", flush=True)


MARK = "output: "
"""The start of a line with an output; packages print other lines."""

if __name__ == "__main__":
    main()
