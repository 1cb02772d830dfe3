"""A batch goes on whatever happens to one recording, and knows afterwards what is done."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from meetscribe.corpus import Event, Manifest, Plan, Summary, Task, run_batch, stems
from tests.support.fake_workers import CUT_OFF, FakeHire


class Place:
    """A folder of recordings, one for outputs, and what was told of the last batch."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.out = folder / "out"
        self.out.mkdir()
        self.recordings = [folder / name for name in names]
        for recording in self.recordings:
            recording.write_bytes(recording.name.encode())
        self.told: list[Event] = []
        self.plan = Plan(FakeHire(self.out), "settings")

    def run(self, **changes: object) -> Summary:
        """Run the batch with a manifest as a new process finds it."""
        self.told.clear()
        names = stems(self.recordings)
        tasks = [Task(recording, names[recording]) for recording in self.recordings]
        plan = replace(self.plan, **changes)  # type: ignore[arg-type]
        return run_batch(tasks, plan, self.manifest, self.told.append)

    @property
    def manifest(self) -> Manifest:
        return Manifest(self.out / "manifest.jsonl")

    @property
    def log(self) -> list[str]:
        return (self.out / "log").read_text().splitlines()

    def worked_on(self) -> list[str]:
        """The names of the recordings that the last batch began with."""
        return [event.recording.name for event in self.told if event.kind == "begin"]


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., Place]:
    return lambda *names: Place(tmp_path, *names)


def test_models_are_loaded_once_and_nothing_is_done_twice(place: Callable[..., Place]) -> None:
    """One process does all, told what comes next; the next batch starts none at all."""
    here = place("a.wav", "b.wav", "c.wav")
    summary = here.run()
    assert (summary.done, summary.sound) == (3, 180.0)
    assert here.log[1:] == ["a.wav b.wav", "b.wav c.wav", "c.wav None"]
    assert len([line for line in here.log if line.startswith("hired")]) == 1
    again = here.run()
    assert (again.done, again.skipped) == (0, 3)
    assert len(here.log) == 4


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bad.wav", "bad.wav is not a recording\nCopy it again."),
        ("crash.wav", "the process that worked on it died: signal 11 (SIGSEGV)"),
        ("mistake.wav", "the process that worked on it died: exit code 1"),
        ("memory.wav", "MemoryError: no reason given"),
    ],
)
def test_one_failure_stops_nothing(place: Callable[..., Place], name: str, said: str) -> None:
    """An error, a crash of the process or a mistake in the code costs its own recording only, and is noted."""
    here = place("a.wav", name, "z.wav")
    summary = here.run()
    assert (summary.done, summary.failed) == (2, 1)
    entry = here.manifest.last(here.recordings[1])
    assert entry is not None and (entry.status, entry.error) == ("failed", said)
    assert (here.out / "z.json").exists()


def test_what_failed_is_tried_again(place: Callable[..., Place]) -> None:
    """A rerun does what failed and what is new; with only_failed what failed alone, with force all."""
    here = place("a.wav", "bad.wav", "half.wav")
    here.run()
    here.recordings.append(here.out / "new.wav")
    here.recordings[-1].write_bytes(b"new")
    here.run(only_failed=True)
    assert here.worked_on() == ["bad.wav", "half.wav"]
    here.run()
    assert here.worked_on() == ["bad.wav", "half.wav", "new.wav"]
    here.run(force=True)
    assert len(here.worked_on()) == 4


@pytest.mark.parametrize("what", ["content", "output", "settings", "touched", "torn"])
def test_what_counts_as_done(place: Callable[..., Place], what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other bytes, a lost output or other settings mean work; another time of the same bytes does not."""
    from meetscribe.audio import Recording, load_audio

    here = place("a.wav")
    recording = here.recordings[0]
    here.run()
    changes: dict[str, str] = {}
    if what == "content":
        recording.write_bytes(b"A.WAV")
        os.utime(recording, ns=(1, 1))
    elif what == "output":
        (here.out / "a.json").unlink()
    elif what == "settings":
        changes["made_for"] = "others"
    elif what == "touched":
        file = here.out / "manifest.jsonl"
        file.write_text(file.read_text().replace("sha256:0", Recording(recording, load_audio).hash))
        os.utime(recording, ns=(1, 1))
    else:
        file = here.out / "manifest.jsonl"
        file.write_bytes(file.read_bytes() + b'{"input": "' + bytes(8))
    here.run(**changes)
    assert here.worked_on() == ([] if what in ("touched", "torn") else ["a.wav"])


def test_missing_weights_end_the_batch(place: Callable[..., Place]) -> None:
    """What every recording would fail with is not said a hundred times."""
    here = place("a.wav", "weightless.wav", "z.wav")
    summary = here.run()
    assert summary.hopeless == "no model\nFetch it."
    assert here.worked_on() == ["a.wav", "weightless.wav"]


def test_a_stop_ends_where_nothing_is_lost(place: Callable[..., Place]) -> None:
    """What runs ends at its next step and is not noted; what is done stays done, and the next batch goes on."""
    here = place("a.wav", "slow.wav", "z.wav")

    def stop() -> bool:
        return any(event.kind == "stage" and event.recording.name == "slow.wav" for event in here.told)

    summary = here.run(stop=stop)
    assert (summary.interrupted, summary.done, summary.failed) == (True, 1, 0)
    assert here.manifest.last(here.recordings[1]) is None
    assert here.told[-1].status is None
    here.recordings.pop(1)
    here.run()
    assert here.worked_on() == ["z.wav"]


def test_several_at_once(place: Callable[..., Place]) -> None:
    here = place(*(f"{number}.wav" for number in range(6)), "crash.wav")
    summary = here.run(jobs=3)
    assert (summary.done, summary.failed) == (6, 1)
    assert len({line for line in here.log if line.startswith("hired")}) >= 3


@pytest.mark.parametrize(("name", "status"), [("cut.wav", "done"), ("cut-bad.wav", "failed")])
def test_notices_are_recorded(place: Callable[..., Place], name: str, status: str) -> None:
    """The notices about a recording are in its manifest entry and in no other, however the recording ended."""
    here = place("a.wav", name)
    here.run()
    first, second = map(here.manifest.last, here.recordings)
    assert first is not None and first.notices == ()
    assert second is not None and (second.status, second.notices) == (status, (CUT_OFF,))
    assert [event.notice for event in here.told if event.kind == "notice"] == [CUT_OFF]


def test_manifests_without_notices_are_read(place: Callable[..., Place]) -> None:
    """Entries of an earlier version, and entries with a field of a later one, are still valid."""
    here = place("a.wav", "cut.wav")
    here.run()
    file = here.out / "manifest.jsonl"
    first, second = (json.loads(line) for line in file.read_text().splitlines() if line)
    del first["notices"]
    second["later"] = True
    file.write_text(f"{json.dumps(first)}\n{json.dumps(second)}\n")
    assert here.run().skipped == 2


def test_the_manifest_is_json_lines(place: Callable[..., Place]) -> None:
    """A line for each try, with all that the next batch and a curious person want to know."""
    here = place("a.wav")
    here.run()
    (line,) = filter(None, (here.out / "manifest.jsonl").read_text().splitlines())
    entry = json.loads(line)
    assert entry["input"] == str(here.recordings[0])
    assert entry["outputs"] == [str(here.out / "a.json")]
    assert {"hash", "seconds", "status", "error"} <= entry.keys()
