"""Runs that are killed, again and again: what the next run makes, beside what an undisturbed one does.

    python -m tests.benchmarks.kills [--random 40] [--recording FILE] [--config FILE] [--seed 0]

Each trial begins with an empty cache. A process is killed (SIGKILL) as it tells the beginning or the end of a stage,
each of them once, and then at random steps in between, until it comes through on what was kept; its JSON must be that
of the undisturbed run, and no stage that was told to have ended may begin again. Nothing is faked: the samples'
weights are used.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
KEPT = ("speech", "voices", "transcription", "alignment", "diarization")


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
    """A process that transcribes with a cache in `work`, and kills itself as it tells its step number `at`."""
    arguments = [str(work), str(recording), str(config), str(-1 if at is None else at)]
    command = [sys.executable, "-m", "tests.benchmarks.kills", "--child", *arguments]
    variables = {**os.environ, "MEETSCRIBE_CACHE": str(work / "cache"), "MEETSCRIBE_RUN__CACHE": "true"}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    if done.returncode not in (0, -signal.SIGKILL):
        raise SystemExit(done.stderr)
    steps = (json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))
    made = work / "made.json"
    text = made.read_text() if done.returncode == 0 else None
    return Ending(done.returncode != 0, tuple((stage, share) for stage, share in steps), text)


def child(work: str, recording: str, config: str, at: str) -> None:
    """Transcribe, tell each step on stdout, and be killed at one of them."""
    from meetscribe import pipeline
    from meetscribe.settings import load_settings

    told = 0

    def progress(stage: str, done: float) -> None:
        nonlocal told
        print(json.dumps([stage, done]), flush=True)
        if told == int(at):
            os.kill(os.getpid(), signal.SIGKILL)
        told += 1

    fixed = {"asr.batch_size": "2", "asr.workers": "1", "run.threads": "1", "run.offline": "true", "run.device": "cpu"}
    transcript = pipeline.run(recording, load_settings(config, fixed), progress=progress)
    (Path(work) / "made.json").write_text(transcript.to_json())


def trial(tally: Tally, places: Sequence[int], undisturbed: Ending, recording: Path, config: Path) -> None:
    """Kill at each of the places, one process after the other on one cache, and let the last one finish."""
    ended: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        _share_weights(Path(folder))
        for at in (*places, None):
            ending = attempt(Path(folder), recording, config, at)
            begun = {stage for stage, share in ending.steps if share < 1}
            tally.repeated += len(begun & ended & set(KEPT))
            # The step that was told last may have been told just before it was over.
            ended |= {stage for stage, share in ending.steps[: -1 if ending.killed else None] if share == 1}
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
    parser.add_argument("--recording", type=Path, default=SAMPLES / "standup.flac")
    parser.add_argument("--config", type=Path, default=SAMPLES / "offline.toml")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
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
    for _ in range(options.random // 10):
        places = [draw.randrange(len(steps)), draw.randrange(len(steps) // 2)]
        trial(twice, places, undisturbed, options.recording, options.config)
    print(f"{'killed':<28}{'kills':>7}{'survived':>10}{'lost':>6}{'stages done twice':>19}")
    for tally in (boundary, within, twice):
        print(f"{tally.kind:<28}{tally.kills:>7}{tally.survived:>10}{tally.lost:>6}{tally.repeated:>19}")
    if boundary.lost or within.lost or twice.lost:
        raise SystemExit(1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main()
