"""Batches from a bucket into a bucket with real workers and the weights of the samples."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.benchmarks.archives.clips import SAMPLES, cut_clips
from tests.support.object_store import ObjectStore

OPTIONS = ("--config", str(SAMPLES / "offline.toml"), "--offline", "--threads", "1", "-f", "json", "-q")


def run(place: Path, *arguments: str) -> list[str]:
    """Run the command in a folder with a temporary folder of its own, which must be empty at the end."""
    temporary = place / "tmp"
    temporary.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(SAMPLES.parent)}
    environment["RAY_worker_niceness"] = "0"  # Ray's own, 15, takes minutes to load models on a busy machine
    command = [sys.executable, "-m", "meetscribe", "run", *arguments, *OPTIONS]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in temporary.iterdir() if path.name.startswith("meetscribe")] == []
    return done.stdout.splitlines()


@pytest.mark.long
def test_local_workers_shards_and_ray_continue_each_other(store: ObjectStore, tmp_path: Path) -> None:
    """Each recording is done once; its transcript names the address and has words."""
    for clip in cut_clips(tmp_path / "clips", 4, 4.0):
        store.put(f"talks/{clip.name}", clip.read_bytes())
    arguments = ("s3://bucket/talks/*.wav", "-o", "s3://bucket/out")
    done = [run(tmp_path, *arguments, "--shard", "1/4"), run(tmp_path, *arguments, "--shard", "2/4", "--jobs", "2")]
    if find_spec("ray") is not None:
        done.append(run(tmp_path, *arguments, "--executor", "ray"))
    done.append(run(tmp_path, *arguments))
    outputs = [output for names in done for output in names]
    assert sorted(outputs) == [f"s3://bucket/out/clip{number:03}.json" for number in range(4)]
    for number in range(4):
        transcript = json.loads(store.get(f"out/clip{number:03}.json"))
        assert transcript["recording"]["path"] == f"s3://bucket/talks/clip{number:03}.wav"
        assert transcript["segments"]
    lines = (tmp_path / "meetscribe.manifest.jsonl").read_text().splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["done"] * 4
