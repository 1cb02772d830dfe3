"""Measure the time of a batch in which every recording is already done.

    python -m tests.benchmarks.reruns [--recordings 100]

The manifest and the outputs are created without transcription; the rerun is the real command.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from meetscribe.cli.batch import MANIFEST, plan_batch
from meetscribe.cli.commands import run
from meetscribe.corpus import Entry, Manifest

ROOT = Path(__file__).parents[2]


def prepare(folder: Path, count: int) -> list[str]:
    """Create a finished batch of `count` recordings, and return its arguments."""
    recordings, out = folder / "recordings", folder / "out"
    recordings.mkdir()
    out.mkdir()
    arguments = [str(recordings), "-o", str(out), "-f", "json"]
    context = run.command.make_context("run", list(arguments))
    plan, manifest = plan_batch(context.params, lambda: False), Manifest(out / MANIFEST)
    for number in range(count):
        recording, output = recordings / f"{number}.wav", out / f"{number}.json"
        recording.write_bytes(os.urandom(10_000))
        output.write_text("{}")
        state = recording.stat()
        entry = Entry(
            str(recording),
            state.st_size,
            state.st_mtime_ns,
            None,
            (str(output),),
            1.0,
            1.0,
            "done",
            None,
            0,
            plan.settings_digest,
        )
        manifest.add(entry)
    return arguments


def main() -> None:
    """Run the batch, and print its time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=100, help="number of recordings [100]")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        arguments = prepare(Path(folder), options.recordings)
        command = [sys.executable, "-m", "meetscribe", "run", *arguments]
        before, started = os.times(), time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        wall, after = time.monotonic() - started, os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    summary = done.stderr.strip().splitlines()[-1]
    print(f"{summary}: {wall:.2f} s wall time, {processor:.2f} s processor time")


if __name__ == "__main__":
    main()
