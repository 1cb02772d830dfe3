"""A batch continues whatever happens to one recording, and knows what is done when it runs again."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from meetscribe.corpus import BatchOptions, Event, Manifest, Summary, make_tasks, run_batch
from meetscribe.testing.executors import InProcessExecutor
from tests.support.fake_workers import CUT_OFF, FakeFactory


class Batch:
    """A folder of recordings and one for outputs, and the events of the last batch."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.out = folder / "out"
        self.out.mkdir()
        self.recordings = [folder / name for name in names]
        for recording in self.recordings:
            recording.write_bytes(recording.name.encode())
        self.events: list[Event] = []
        self.options = BatchOptions(partial(InProcessExecutor, FakeFactory(self.out)), "settings")

    def run(self, **changes: object) -> Summary:
        """Run the batch with a manifest as a new process reads it."""
        self.events.clear()
        options = replace(self.options, **changes)  # type: ignore[arg-type]
        return run_batch(make_tasks(self.recordings, self.manifest), options, self.manifest, self.events.append)

    @property
    def manifest(self) -> Manifest:
        return Manifest(self.out / "manifest.jsonl")

    @property
    def log(self) -> list[str]:
        return (self.out / "log").read_text().splitlines()

    def begun(self) -> list[str]:
        """Return the names of the recordings that the last batch began."""
        return [event.recording.name for event in self.events if event.kind == "begin"]


@pytest.fixture
def make_batch(tmp_path: Path) -> Callable[..., Batch]:
    return partial(Batch, tmp_path)


def test_models_are_loaded_once_and_nothing_is_done_twice(make_batch: Callable[..., Batch]) -> None:
    """One worker processes all and learns what is next; the next batch creates none."""
    batch = make_batch("a.wav", "b.wav", "c.wav")
    summary = batch.run()
    assert (summary.done, summary.duration) == (3, 180.0)
    assert batch.log[1:] == ["a.wav b.wav", "b.wav c.wav", "c.wav None", "released"]
    again = batch.run()
    assert (again.done, again.skipped) == (0, 3)
    assert len(batch.log) == 5


@pytest.mark.parametrize("name", ["bad.wav", "defect.wav", "exit.wav"])
def test_one_failure_stops_nothing(make_batch: Callable[..., Batch], name: str) -> None:
    """A recording that fails has its error in the manifest, and the others are processed."""
    batch = make_batch("a.wav", name, "z.wav")
    summary = batch.run()
    assert (summary.done, summary.failed) == (2, 1)
    (error,) = [event.error for event in batch.events if event.status == "failed"]
    entry = batch.manifest.last(batch.recordings[1])
    assert entry is not None and error and (entry.status, entry.error) == ("failed", error)
    assert (batch.out / "z.json").exists()


def test_what_failed_is_tried_again(make_batch: Callable[..., Batch]) -> None:
    """A rerun processes what failed and what is new; with only_failed only the former, with force everything."""
    batch = make_batch("a.wav", "bad.wav", "half.wav")
    batch.run()
    batch.recordings.append(batch.out / "new.wav")
    batch.recordings[-1].write_bytes(b"new")
    batch.run(only_failed=True)
    assert batch.begun() == ["bad.wav", "half.wav"]
    batch.run()
    assert batch.begun() == ["bad.wav", "half.wav", "new.wav"]
    batch.run(force=True)
    assert len(batch.begun()) == 4


@pytest.mark.parametrize("tries", [1, 3])
def test_a_recording_whose_worker_dies_is_tried_again(make_batch: Callable[..., Batch], tries: int) -> None:
    """Each death is a retry, reported with its cause, and the last one a failure; the manifest has only that."""
    batch = make_batch("exit.wav", "z.wav")
    summary = batch.run(tries=tries)
    assert (summary.done, summary.failed, summary.retries, summary.failures) == (1, 1, tries - 1, {"worker-died": 1})
    assert batch.begun() == ["exit.wav", "z.wav", *["exit.wav"] * (tries - 1)]
    kinds = [event.kind for event in batch.events if event.recording.name == "exit.wav" and event.kind != "begin"]
    assert kinds == ["stage", "retry"] * (tries - 1) + ["stage", "end"]
    entry = batch.manifest.last(batch.recordings[0])
    assert entry is not None and str(entry.error).startswith("its worker process died: exit code 3")
    assert len((batch.out / "manifest.jsonl").read_text().splitlines()) == 2


def test_an_error_of_the_recording_is_not_tried_again(make_batch: Callable[..., Batch]) -> None:
    batch = make_batch("bad.wav", "defect.wav")
    assert batch.run().failures == {"input": 1, "other": 1}
    assert batch.begun() == ["bad.wav", "defect.wav"]


def test_the_longest_come_first_if_several_run_at_once(make_batch: Callable[..., Batch]) -> None:
    """A single worker keeps the order that was given."""
    batch = make_batch("a.wav", "b.wav", "c.wav", "d.wav")
    for size, recording in zip((1, 3, 2, 9), batch.recordings, strict=True):
        recording.write_bytes(bytes(size))
    batch.run(jobs=1)
    assert batch.begun() == ["a.wav", "b.wav", "c.wav", "d.wav"]
    batch.run(jobs=2, force=True)
    assert batch.begun() == ["d.wav", "b.wav", "c.wav", "a.wav"]


def test_missing_weights_end_the_batch(make_batch: Callable[..., Batch]) -> None:
    """An error that every recording would have ends the batch after the first."""
    batch = make_batch("a.wav", "weightless.wav", "z.wav")
    summary = batch.run()
    assert (summary.fatal_error, summary.interrupted) == ("no model\nFetch it.", False)
    assert batch.begun() == ["a.wav", "weightless.wav"]


def test_a_stop_loses_nothing(make_batch: Callable[..., Batch]) -> None:
    """The running recording is interrupted and not recorded; what is done stays done, and the next batch continues."""
    batch = make_batch("a.wav", "slow.wav", "z.wav")

    def stop() -> bool:
        return any(event.kind == "stage" and event.recording.name == "slow.wav" for event in batch.events)

    summary = batch.run(stop=stop)
    assert (summary.interrupted, summary.done, summary.failed) == (True, 1, 0)
    assert batch.manifest.last(batch.recordings[1]) is None
    assert batch.events[-1].status is None
    batch.recordings.pop(1)
    batch.run()
    assert batch.begun() == ["z.wav"]


def test_ctrl_c_ends_the_workers(make_batch: Callable[..., Batch]) -> None:
    """KeyboardInterrupt from a callback leaves the batch; what had ended by then is in the manifest."""
    batch = make_batch("a.wav", "slow.wav", "z.wav")

    def on_event(event: Event) -> None:
        if event.kind == "stage" and event.recording.name == "slow.wav":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(make_tasks(batch.recordings, batch.manifest), batch.options, batch.manifest, on_event)
    assert batch.manifest.inputs == (batch.recordings[0],)


def test_several_at_once(make_batch: Callable[..., Batch]) -> None:
    """At most `jobs` recordings run at once, and workers do not learn what is next."""
    batch = make_batch("pair-1.wav", "pair-2.wav", *(f"{number}.wav" for number in range(4)), "bad.wav")
    summary = batch.run(jobs=2)
    assert (summary.done, summary.failed) == (6, 1)
    assert sum(line.startswith("created") for line in batch.log) == 2
    assert all(line.endswith(" None") for line in batch.log if ".wav" in line)


@pytest.mark.parametrize(("name", "status"), [("cut.wav", "done"), ("cut-bad.wav", "failed")])
def test_notices_are_recorded(make_batch: Callable[..., Batch], name: str, status: str) -> None:
    """The notices about a recording are in its manifest entry and in no other, however the recording ended."""
    batch = make_batch("a.wav", name)
    assert batch.run().damaged == (status == "done")
    first, second = map(batch.manifest.last, batch.recordings)
    assert first is not None and first.notices == ()
    assert second is not None and (second.status, second.notices) == (status, (CUT_OFF,))
    assert [event.notice for event in batch.events if event.kind == "notice"] == [CUT_OFF]


@pytest.mark.parametrize("change", ["content", "output", "settings", "touched", "torn"])
def test_what_counts_as_done(make_batch: Callable[..., Batch], change: str) -> None:
    """Changed content, a missing output or other settings mean work; another time of the same content does not."""
    batch = make_batch("a.wav")
    recording, file = batch.recordings[0], batch.out / "manifest.jsonl"
    batch.run()
    changes: dict[str, str] = {}
    if change == "content":
        recording.write_bytes(b"A.WAV")
        os.utime(recording, ns=(1, 1))
    elif change == "output":
        (batch.out / "a.json").unlink()
    elif change == "settings":
        changes["settings_digest"] = "others"
    elif change == "touched":
        file.write_text(file.read_text().replace("sha256:0", f"sha256:{sha256(b'a.wav').hexdigest()}"))
        os.utime(recording, ns=(1, 1))
    else:
        file.write_bytes(file.read_bytes() + b'{"input": "' + bytes(8))
    batch.run(**changes)
    assert batch.begun() == ([] if change in ("touched", "torn") else ["a.wav"])


def test_the_manifest_is_json_lines(make_batch: Callable[..., Batch]) -> None:
    """A line has the fields that earlier versions wrote, the notices and the folder."""
    batch = make_batch("a.wav")
    batch.run()
    (line,) = filter(None, (batch.out / "manifest.jsonl").read_text().splitlines())
    entry = json.loads(line)
    assert entry["input"] == str(batch.recordings[0])
    assert entry["outputs"] == [str(batch.out / "a.json")]
    assert entry["made_for"] == "settings"
    assert set(entry) == {
        *("input", "size", "mtime_ns", "hash", "outputs", "seconds", "duration", "status", "error", "code"),
        *("made_for", "notices", "folder"),
    }
