"""Runs that are killed, again and again: what the next run makes, beside what an undisturbed one does.

    python -m tests.benchmarks.kills [--random 40] [--twice 4] [--recording FILE] [--config FILE] [--seed 0]

Each trial begins with an empty cache. A process is killed (SIGKILL) as it tells the beginning or the end of a stage,
each of them once, and then at random steps in between, until it comes through on what was kept; its JSON must be that
of the undisturbed run, and no stage that was told to have ended may begin again. Nothing is faked: the samples'
weights are used.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from meetscribe.runtime import telemetry

SAMPLES = Path(__file__).parents[2] / "samples"
FIXED = {
    "asr.batch_size": "2",
    "asr.workers": "1",
    "run.threads": "1",
    "run.offline": "true",
    "run.device": "cpu",
    "run.cache": "true",
}
KEPT = ("speech", "segmentation", "transcription", "alignment", "diarization")


@dataclass(frozen=True)
class Ending:
    """How a process ended: killed or not, the steps that it told, and the JSON that it made, if it did."""

    killed: bool
    steps: tuple[tuple[str, float], ...]
    made: str | None


@dataclass
class Tally:
    """What became of the kills of one kind."""

    kind: str
    kills: int = 0
    survived: int = 0
    lost: int = 0
    repeated: int = 0


def attempt(work: Path, recording: Path, config: Path, at: int | None) -> Ending:
    """A process that transcribes with a cache in `work`, and kills itself as it tells its step number `at`.

    It is forked from this one, which has imported everything and loaded nothing.
    """
    process = os.fork()
    if process == 0:
        try:
            child(work, recording, config, at)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(process, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if status and not killed:
        raise SystemExit("the process failed by itself")
    steps = [json.loads(line) for line in (work / "steps").read_text().splitlines()]
    return Ending(
        killed, tuple((stage, share) for stage, share in steps), None if killed else (work / "made").read_text()
    )


def child(work: Path, recording: Path, config: Path, at: int | None) -> None:
    """Transcribe, write down each step, and be killed at one of them."""
    from meetscribe import pipeline
    from meetscribe.settings import load_settings

    os.environ["MEETSCRIBE_CACHE"] = str(work / "cache")
    told = 0
    with (work / "steps").open("w", buffering=1) as steps:

        def progress(stage: str, done: float) -> None:
            nonlocal told
            steps.write(json.dumps([stage, done]) + "\n")
            if told == at:
                os.kill(os.getpid(), signal.SIGKILL)
            told += 1

        transcript = pipeline.run(recording, load_settings(config, FIXED), progress=progress)
    (work / "made").write_text(transcript.to_json())


def trial(tally: Tally, places: Sequence[int], undisturbed: Ending, recording: Path, config: Path) -> None:
    """Kill at each of the places, one process after the other on one cache, and let the last one finish."""
    ended: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        _share_weights(Path(folder))
        for at in (*places, None):
            ending = attempt(Path(folder), recording, config, at)
            begun = {stage for stage, share in ending.steps if share < 1}
            tally.repeated += len(begun & ended & set(KEPT))
            # What was told last may have been told just before it was over.
            last = ending.steps[-1][0] if ending.killed else None
            ended |= {stage for stage, share in ending.steps if share == 1 and stage != last}
            tally.kills += ending.killed
            if not ending.killed:
                same = ending.made == undisturbed.made
                tally.survived += len(places) if same else 0
                tally.lost += 0 if same else len(places)
                print(f"{tally.kind}: {tally.survived} survived, {tally.lost} lost", file=sys.stderr)
                return


def _share_weights(work: Path) -> None:
    """Let the cache have the weights that were converted for the undisturbed run."""
    (work / "cache").mkdir()
    converted = Path(tempfile.gettempdir()) / "meetscribe-kills-converted"
    converted.mkdir(exist_ok=True)
    (work / "cache" / "converted").symlink_to(converted)


def main() -> None:
    """Kill, and print what became of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--random", type=int, default=40, help="kills at random steps")
    parser.add_argument("--twice", type=int, default=4, help="jobs that are killed, and killed again as they go on")
    parser.add_argument("--recording", type=Path, default=SAMPLES / "standup.flac")
    parser.add_argument("--config", type=Path, default=SAMPLES / "offline.toml")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for module in ("torch", "ctranslate2", "faster_whisper", "whisperx.alignment", "pyannote.audio"):
        telemetry.switch_off()
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder:
        _share_weights(Path(folder))
        undisturbed = attempt(Path(folder), options.recording, options.config, None)
    steps = undisturbed.steps
    edges = [n for n, step in enumerate(steps) if step[1] in (0.0, 1.0) or n == 0]
    boundary, within, twice = Tally("at a stage's begin or end"), Tally("at a random step"), Tally("twice in one job")
    for at in edges:
        trial(boundary, [at], undisturbed, options.recording, options.config)
    draw = random.Random(options.seed)
    for _ in range(options.random):
        trial(within, [draw.randrange(len(steps))], undisturbed, options.recording, options.config)
    for _ in range(options.twice):
        places = [draw.randrange(len(steps)), draw.randrange(len(steps) // 2)]
        trial(twice, places, undisturbed, options.recording, options.config)
    print(f"{'killed':<28}{'kills':>7}{'survived':>10}{'lost':>6}{'stages done twice':>19}")
    for tally in (boundary, within, twice):
        print(f"{tally.kind:<28}{tally.kills:>7}{tally.survived:>10}{tally.lost:>6}{tally.repeated:>19}")
    if boundary.lost or within.lost or twice.lost:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
