"""`meetscribe run` with recordings and outputs at addresses, over a local S3 server."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from meetscribe.corpus import transcription
from meetscribe.testing.executors import InProcessExecutor
from tests.support.fake_workers import DeliveringFactory
from tests.support.object_store import ObjectStore, object_store

Call = Callable[..., Result]


@pytest.fixture(scope="module")
def store() -> Iterator[ObjectStore]:
    with object_store() as store:
        for name in ("a/x.wav", "b/x.wav", "b/bad.mp3"):
            store.put(f"in/{name}", name.encode())
        yield store


@pytest.fixture(autouse=True)
def in_process(store: ObjectStore, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers without models, in this process."""
    monkeypatch.setattr(transcription, "TranscriptionFactory", DeliveringFactory)
    monkeypatch.setattr(transcription, "ProcessExecutor", InProcessExecutor)


def test_a_batch_from_a_bucket_into_a_bucket(call: Call, store: ObjectStore, place: Path) -> None:
    """The manifest is in the current folder and keeps addresses; a rerun skips what is done and unchanged."""
    arguments = ("run", "s3://bucket/in", "-o", "s3://bucket/out", "-f", "json,txt")
    done = call(*arguments)
    assert done.exit_code == 6, done.stderr
    outputs = [
        "s3://bucket/out/a/x.json",
        "s3://bucket/out/a/x.txt",
        "s3://bucket/out/b/x.json",
        "s3://bucket/out/b/x.txt",
    ]
    assert done.stdout.splitlines() == outputs
    assert store.keys("out/") == [output.removeprefix("s3://bucket/") for output in outputs]
    assert "error: s3://bucket/in/b/bad.mp3 is not a recording" in done.stderr
    entries = [json.loads(line) for line in (place / "meetscribe.manifest.jsonl").read_text().splitlines()]
    assert {entry["input"]: entry["outputs"] for entry in entries}["s3://bucket/in/a/x.wav"] == outputs[:2]
    assert all(entry["size"] and entry["mtime_ns"] for entry in entries)
    again = call(*arguments)
    assert (again.exit_code, again.stdout) == (6, "") and "1 failed (1 unreadable), 2 skipped" in again.stderr
    store.delete("out/a/x.txt")
    store.put("in/b/x.wav", b"another length")
    assert call(*arguments).stdout.splitlines() == outputs
    plan = call(*arguments, "--dry-run").stdout
    assert "done           s3://bucket/in/a/x.wav" in plan
    assert "to do          s3://bucket/in/b/bad.mp3\n  would write  s3://bucket/out/bad.json" in plan


def test_shards_and_files_of_this_machine(call: Call, place: Path) -> None:
    """Shards of a bucket share a manifest with each other; outputs may be in a folder."""
    arguments = ("run", "s3://bucket/in/*/x.wav", "file:///none/z.wav", "-o", "out", "-f", "json", "--shard")
    names = [call(*arguments, f"{shard}/3").stdout.splitlines() for shard in (1, 2, 3)]
    assert names == [["out/s3:/bucket/in/a/x.json"], ["out/s3:/bucket/in/b/x.json"], ["out/z.json"]]
    assert "1 done, 2 skipped" in call(*arguments[:-1]).stderr


def test_a_corpus_of_transcripts_at_addresses(call: Call, place: Path) -> None:
    """During the run, and from its manifest."""
    pytest.importorskip("pyarrow", reason="the package pyarrow is not installed")
    call("run", "s3://bucket/in/a/x.wav", "-o", "s3://bucket/corpus", "-f", "json", "--corpus", "during")
    assert call("corpus", "build", "after", "meetscribe.manifest.jsonl").exit_code == 0
    for folder in ("during", "after"):
        assert len(list((place / folder / "words" / "collection=a").iterdir())) == 1


def test_beside_local_recordings_the_output_option_does_not_matter(call: Call, place: Path) -> None:
    """The transcripts can then be added to the library."""
    (place / "x.wav").write_bytes(b"x.wav")
    found = call("run", "x.wav", "--beside", "-o", "s3://bucket/out", "-f", "json", "--library")
    assert (found.exit_code, found.stdout) == (0, "x.json\n"), found.stderr


def test_a_missing_package_ends_the_command(call: Call, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if only the outputs are remote, before a recording is transcribed."""
    registry = pytest.importorskip("fsspec.registry", reason="the package fsspec is not installed")
    monkeypatch.setattr(registry, "_registry", {})
    monkeypatch.setattr(registry, "registry", {})
    monkeypatch.setitem(sys.modules, "s3fs", None)
    (place / "x.wav").touch()
    found = call("run", "x.wav", "y.wav", "-o", "s3://bucket/out", "-f", "json")
    assert found.exit_code == 2 and "pip install s3fs" in found.stderr
    assert not (place / "meetscribe.manifest.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("s3://none/in/",), 3, "s3://none/in: there is no such file or bucket\nCheck the address."),
        (("s3://bucket/none/*.wav",), 3, "there are no recordings in s3://bucket/none/*.wav"),
        (("s3://bucket/in/none.wav",), 6, "s3://bucket/in/none.wav"),
        (("s3://bucket/in", "-o", "s3://bucket/out", "--library"), 2, "requires an output folder on this machine"),
        (("s3://bucket/in", "--beside", "--library"), 2, "requires an output folder on this machine"),
        (("https://example.org/a.mp3",), 3, "is an address, not a file\nDownload the recording"),
    ],
)
def test_errors(arguments: tuple[str, ...], code: int, text: str, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    found = call("run", *arguments, "-f", "json")
    assert (found.exit_code == code or "none.wav" in text) and text in found.stderr
