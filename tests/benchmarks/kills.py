"""Kill runs at every stage, and compare the transcript of the next run with that of an uninterrupted one.

    python -m tests.benchmarks.kills [--random 40] [--twice 4] [--recording FILE] [--config FILE] [--seed 0]

Each trial starts with an empty cache. A process is killed (SIGKILL) at one of its progress reports: once at each start
and each end of a stage, then at random reports. The last process of a trial finishes from the stored results. Its JSON
must equal that of the uninterrupted run, and no stage that was reported as finished may start again. The engines and
the weights of the samples are real.
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
STORED_STAGES = ("speech", "segmentation", "transcription", "alignment", "diarization")


@dataclass(frozen=True)
class Outcome:
    """The outcome of a process: whether it was killed, its progress reports, and its JSON if it finished."""

    killed: bool
    reports: tuple[tuple[str, float], ...]
    transcript: str | None


@dataclass
class Counts:
    """Counts of the kills of one kind."""

    kind: str
    kills: int = 0
    survived: int = 0
    lost: int = 0
    repeated: int = 0


def attempt(work: Path, recording: Path, config: Path, at: int | None) -> Outcome:
    """Transcribe with a cache in `work`, in a process that kills itself at its progress report number `at`.

    It is forked from this process, which has imported all packages but loaded no model.
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
        raise SystemExit("the process failed before it was killed")
    reports = [json.loads(line) for line in (work / "reports").read_text().splitlines()]
    return Outcome(
        killed,
        tuple((stage, share) for stage, share in reports),
        None if killed else (work / "transcript").read_text(),
    )


def child(work: Path, recording: Path, config: Path, at: int | None) -> None:
    """Transcribe, record each progress report, and kill this process at report number `at`."""
    from meetscribe import pipeline
    from meetscribe.settings import load_settings

    os.environ["MEETSCRIBE_CACHE"] = str(work / "cache")
    count = 0
    with (work / "reports").open("w", buffering=1) as reports:

        def progress(stage: str, done: float) -> None:
            nonlocal count
            reports.write(json.dumps([stage, done]) + "\n")
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1

        transcript = pipeline.run(recording, load_settings(config, FIXED), progress=progress)
    (work / "transcript").write_text(transcript.to_json())


def trial(counts: Counts, kills: Sequence[int], uninterrupted: Outcome, recording: Path, config: Path) -> None:
    """Kill a process at each of the reports `kills`, all on one cache, and let a last one finish."""
    ended: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        _share_weights(Path(folder))
        for at in (*kills, None):
            outcome = attempt(Path(folder), recording, config, at)
            started = {stage for stage, share in outcome.reports if share < 1}
            counts.repeated += len(started & ended & set(STORED_STAGES))
            # The end of the last stage may have been reported before its result was stored.
            last = outcome.reports[-1][0] if outcome.killed else None
            ended |= {stage for stage, share in outcome.reports if share == 1 and stage != last}
            counts.kills += outcome.killed
            if not outcome.killed:
                same = outcome.transcript == uninterrupted.transcript
                counts.survived += len(kills) if same else 0
                counts.lost += 0 if same else len(kills)
                print(f"{counts.kind}: {counts.survived} survived, {counts.lost} lost", file=sys.stderr)
                return


def _share_weights(work: Path) -> None:
    """Share the weights converted for the uninterrupted run with the cache of a trial."""
    (work / "cache").mkdir()
    converted = Path(tempfile.gettempdir()) / "meetscribe-kills-converted"
    converted.mkdir(exist_ok=True)
    (work / "cache" / "converted").symlink_to(converted)


def main() -> None:
    """Run all trials and print the counts; exit with 1 if a transcript was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--random", type=int, default=40, help="number of runs killed at a random report")
    parser.add_argument("--twice", type=int, default=4, help="number of runs killed at two random reports")
    parser.add_argument("--recording", type=Path, default=SAMPLES / "standup.flac")
    parser.add_argument("--config", type=Path, default=SAMPLES / "offline.toml")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for module in ("torch", "ctranslate2", "faster_whisper", "whisperx.alignment", "pyannote.audio"):
        telemetry.switch_off()
        importlib.import_module(module)
    with tempfile.TemporaryDirectory() as folder:
        _share_weights(Path(folder))
        uninterrupted = attempt(Path(folder), options.recording, options.config, None)
    reports = uninterrupted.reports
    edges = [n for n, report in enumerate(reports) if report[1] in (0.0, 1.0) or n == 0]
    boundary = Counts("at the start or end of a stage")
    within, twice = Counts("at a random report"), Counts("at two random reports")
    for at in edges:
        trial(boundary, [at], uninterrupted, options.recording, options.config)
    rng = random.Random(options.seed)
    for _ in range(options.random):
        trial(within, [rng.randrange(len(reports))], uninterrupted, options.recording, options.config)
    for _ in range(options.twice):
        kills = [rng.randrange(len(reports)), rng.randrange(len(reports) // 2)]
        trial(twice, kills, uninterrupted, options.recording, options.config)
    print(f"{'killed':<32}{'kills':>7}{'survived':>10}{'lost':>6}{'repeated stages':>17}")
    for counts in (boundary, within, twice):
        print(f"{counts.kind:<32}{counts.kills:>7}{counts.survived:>10}{counts.lost:>6}{counts.repeated:>17}")
    if boundary.lost or within.lost or twice.lost:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
