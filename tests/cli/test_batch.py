"""`meetscribe run` with many recordings, and `meetscribe watch`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import Result

from meetscribe.cli.batch import MANIFEST
from meetscribe.corpus import transcription
from meetscribe.testing.executors import InProcessExecutor
from meetscribe.transcript import Transcript
from tests.support.fake_workers import CUT_OFF, DeliveringFactory

Call = Callable[..., Result]
SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(autouse=True)
def recordings(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recordings, two with the same name, and workers without models."""
    monkeypatch.setattr(transcription, "TranscriptionFactory", DeliveringFactory)
    for name in ("in/a/x.wav", "in/b/x.wav", "in/bad.mp3"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(name.encode())


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run workers in this process."""
    monkeypatch.setattr(transcription, "ProcessExecutor", InProcessExecutor)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_with_a_bad_file(call: Call, place: Path) -> None:
    """The other recordings are written to separate files, the exit code is 6, and a rerun retries only the bad one."""
    done = call("run", "in", "-o", "out", "-f", "json,txt")
    assert done.exit_code == 6
    assert files(place / "out") == {"a/x.json", "a/x.txt", "b/x.json", "b/x.txt", MANIFEST}
    assert done.stdout.splitlines() == ["out/a/x.json", "out/a/x.txt", "out/b/x.json", "out/b/x.txt"]
    assert "error: in/bad.mp3 is not a recording" in done.stderr
    assert "2 done, 1 failed (1 unreadable); 0:02:00 of audio" in done.stderr
    again = call("run", "in", "-o", "out", "-f", "json,txt")
    assert (again.exit_code, again.stdout) == (6, "")
    assert "1 failed (1 unreadable), 2 skipped" in again.stderr
    (place / "in" / "bad.mp3").unlink()
    assert call("run", "in", "-o", "out", "-f", "json,txt").exit_code == 0
    assert call("run", "in", "-o", "out", "-f", "json,txt", "--dry-run").stdout.count("done ") == 2


@pytest.mark.usefixtures("in_process")
def test_resuming_does_not_depend_on_the_spelling_of_paths(call: Call, place: Path) -> None:
    """Recordings given by a relative path are skipped when the absolute one is given."""
    assert call("run", "in/../in/a", "in/b", "-o", "out", "-f", "json").exit_code == 0
    again = call("run", str(place / "in/a"), f"{place}/out/../in/b", "-o", "out", "-f", "json")
    assert (again.exit_code, again.stdout) == (0, "") and "2 skipped" in again.stderr


def test_files_left_out_are_counted(call: Call, place: Path) -> None:
    """Files of a folder whose suffix is not that of a recording are named, unless --quiet is given."""
    for name in ("in/notes.txt", "in/a/old.txt", "in/call.ra"):
        (place / name).touch()
    assert "left out 3 files that are not recordings: 1 .ra, 2 .txt\n" in call("run", "in", "--dry-run").stderr
    assert "left out" not in call("run", "in", "--dry-run", "-q").stderr


def test_a_batch_of_missing_files_is_an_error(call: Call, place: Path) -> None:
    """A mistyped path is reported as without batch options, before any work and without a manifest."""
    done = call("run", "in/none.wav", "--jobs", "2", "-o", "out")
    assert (done.exit_code, (place / "out").exists()) == (3, False)
    assert done.stderr.startswith("error: no such file: in/none.wav\n")


def test_a_list_without_recordings_is_an_error(call: Call, place: Path) -> None:
    """With --beside too, where the folder of the manifest depends on the recordings."""
    (place / "list.txt").write_text("# nothing yet\n")
    for options in ((), ("--beside",), ("--executor", "ray")):
        done = call("run", "--list", "list.txt", *options)
        assert (done.exit_code, files(place) & {MANIFEST}) == (3, set())
        assert done.stderr == "error: list.txt names no recording\nWrite one path per line.\n"


@pytest.mark.usefixtures("in_process")
def test_a_dry_run_of_a_folder(call: Call, place: Path) -> None:
    """The models, workers and files to be written are listed, and what is left to do; nothing is written."""
    command = ("run", "in/a", "in/b", "-o", "out", "-f", "json", "--config", str(SAMPLES / "offline.toml"))
    before = files(place)
    lines = call(*command, "--jobs", "2", "--dry-run").stdout.splitlines()
    rows = [(line[:14].strip(), line[15:]) for line in lines]
    assert rows[0] == ("jobs", "2 recordings at a time, each with its own models")
    assert [name for name, text in rows if text.endswith("on this machine")] == ["asr", "alignment", "embedder"]
    assert any(name == "plan" and "batch" in text for name, text in rows)
    assert rows[-5:] == [
        *(("to do", "in/a/x.wav"), ("would write", "out/a/x.json")),
        *(("to do", "in/b/x.wav"), ("would write", "out/b/x.json")),
        ("total", "2 to do (0.0 MB)"),
    ]
    assert files(place) == before
    assert call(*command).exit_code == 0
    *_, first, second, total = call(*command, "--dry-run").stdout.splitlines()
    assert ([first, second], total[15:]) == ([f"{'done':<14} in/{x}/x.wav" for x in "ab"], "2 done")
    (place / "in/a/x.wav").write_bytes(bytes(1_000_000))
    *_, name, total = call(*command, "--dry-run", "--force", "--name", "{stem}.{language}").stdout.splitlines()
    assert name.endswith("out/b/x.{language}.json")
    assert total[15:] == "2 to do (1.0 MB)"


@pytest.mark.usefixtures("in_process")
def test_a_dry_run_of_failed_recordings(call: Call, place: Path) -> None:
    """With --retry-failed, a recording that was never processed is skipped, not done."""
    command = ("run", "in", "-o", "out", "-f", "json", "--config", str(SAMPLES / "offline.toml"))
    (place / "in/b/x.wav").rename(place / "later.wav")
    assert call(*command).exit_code == 6
    (place / "later.wav").rename(place / "in/b/x.wav")
    states = [("done", "in/a/x.wav"), ("skipped", "in/b/x.wav"), ("to do", "in/bad.mp3")]
    lines = call(*command, "--retry-failed", "--dry-run").stdout.splitlines()
    assert lines[-5:-2] == [f"{state:<14} {recording}" for state, recording in states]
    assert lines[-2].startswith("  would write") and lines[-1][15:] == "1 to do (0.0 MB), 1 done, 1 skipped"


@pytest.mark.usefixtures("in_process")
def test_templates_and_beside(call: Call, place: Path) -> None:
    """Templates are filled in from the transcript, and files can be written beside their recordings."""
    done = call("run", "in/a/x.wav", "--name", "{stem}.{speaker_count}spk.{language}", "--beside", "-f", "json")
    assert done.exit_code == 0, done.stderr
    assert files(place / "in" / "a") == {"x.wav", "x.3spk.en.json", MANIFEST}
    assert call("run", "in", "--name", "{stem}.{speakers}").exit_code == 2


@pytest.mark.usefixtures("in_process")
def test_files_of_other_recordings_are_kept(call: Call, place: Path) -> None:
    """A batch does not replace the files of another recording with the same name."""
    assert call("run", "in/a/x.wav", "--force", "-o", "out", "-f", "json").exit_code == 0
    assert call("run", "in/b/x.wav", "--force", "-o", "out", "-f", "json").exit_code == 0
    assert files(place / "out") == {"x.json", "b/x.json", MANIFEST}


@pytest.mark.usefixtures("in_process")
def test_options_of_formats_are_part_of_the_settings(call: Call, place: Path) -> None:
    """Recordings are processed again, and their files replaced, if an option of a format changes."""
    (place / "in" / "bad.mp3").unlink()
    plain = ("run", "in/a", "in/b", "-o", "out", "-f", "txt")
    assert call(*plain).exit_code == 0
    changed = call(*plain, "--set", "txt.paragraphs=yes")
    assert changed.exit_code == 0 and "2 done" in changed.stderr
    assert "2 skipped" in call(*plain, "--set", "txt.paragraphs=yes").stderr
    assert call(*plain, "--force").exit_code == 0


@pytest.mark.usefixtures("in_process")
def test_shards_do_not_share_files(call: Call, place: Path) -> None:
    """Two recordings with the same name keep apart when they are in different shards."""
    (place / "in" / "bad.mp3").unlink()
    for shard in ("1/2", "2/2"):
        done = call("run", "in", "-o", "out", "-f", "json", "--shard", shard, "--manifest", f"{shard[0]}.jsonl")
        assert done.exit_code == 0, done.stderr
    assert files(place / "out") == {"a/x.json", "b/x.json"}
    assert call("run", "in", "--beside", "--shard", "3/3").exit_code == 0  # nothing to do


@pytest.mark.usefixtures("in_process")
def test_corrections_are_carried_over(call: Call, place: Path) -> None:
    """Names of speakers are kept when a recording is processed again."""
    assert call("run", "in/a/x.wav", "--force", "-f", "json").exit_code == 0
    assert call("speakers", "rename", "x.json", "SPEAKER_00=Anna").exit_code == 0
    assert call("run", "in/a/x.wav", "--force", "-f", "json").exit_code == 0
    assert "Anna" in str(Transcript.load(place / "x.json"))


@pytest.mark.usefixtures("in_process")
def test_progress_for_programs(call: Call, place: Path) -> None:
    """Each line of a batch is an object; the error for the exit code follows the last one."""
    (place / "in" / "a" / "notes.txt").touch()
    done = call("run", "in/a", "-o", "out", "-f", "json", "--progress", "json")
    left_out, *events, summary = map(json.loads, done.stderr.splitlines())
    assert [event["event"] for event in events] == ["begin", "stage", "end"]
    assert (events[1]["stage"], events[1]["position"], events[1]["duration"]) == ("transcription", 15.0, 60.0)
    assert events[2]["status"] == "done" and events[2]["outputs"][0].endswith("x.json")
    assert (left_out["event"], left_out["files"], summary["event"], summary["done"]) == ("left-out", 1, "summary", 1)
    failed = call("run", "in/bad.mp3", "--force", "-o", "out", "-f", "json", "--progress", "json").stderr.splitlines()
    (end,) = [number for number, line in enumerate(failed) if line.startswith("error:")]
    assert json.loads(failed[end - 1])["failures"] == {"input": 1}
    assert all(json.loads(line) for line in failed[:end])


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("flags", [(), ("--quiet",), ("--progress", "lines"), ("--progress", "none")])
def test_every_notice_is_on_stderr(call: Call, place: Path, flags: tuple[str, ...]) -> None:
    """A notice about a recording is a warning with its name, also with --quiet, and is in the manifest."""
    (place / "in" / "cut.mp3").write_bytes(b"x")
    done = call("run", "in", "-o", "out", "-f", "json", *flags)
    assert done.stderr.count(f"warning: in/cut.mp3: {CUT_OFF}\n") == done.stderr.count("warning:") == 1
    lines = [json.loads(line) for line in (place / "out" / MANIFEST).read_text().splitlines() if line]
    assert {Path(line["input"]).name: line["notices"] for line in lines}["cut.mp3"] == [asdict(CUT_OFF)]


@pytest.mark.usefixtures("in_process")
def test_quiet_batches_print_no_summary(call: Call) -> None:
    assert call("run", "in/a", "-o", "out", "-f", "json", "-q").stderr == ""
    assert call("run", "in/bad.mp3", "--force", "-o", "out", "-f", "json", "-q").stderr.count("error: ") == 2


@pytest.mark.usefixtures("in_process")
def test_failures_of_a_forced_batch_are_retried_without_force(call: Call) -> None:
    """The same command would process all recordings again."""
    retry = "Run the same command without --force to retry only these recordings."
    assert retry in call("run", "in", "-o", "out", "-f", "json", "--force").stderr


@pytest.mark.parametrize("flag", [("--per-speaker",), ("--channels", "split")])
@pytest.mark.parametrize(
    "arguments",
    [
        ("in/a/x.wav", "--manifest", "m.jsonl"),
        ("in/a/x.wav", "--jobs", "2"),
        ("in/a/x.wav", "--tries", "5"),
        ("in/a/x.wav", "-o", "s3://bucket/out"),
        ("in",),
        ("in/*/x.wav",),
        ("s3://bucket/x.wav",),
        ("--list", "all.txt"),
    ],
)
def test_a_batch_cannot_have_one_microphone_per_speaker(
    call: Call, arguments: tuple[str, ...], flag: tuple[str, ...]
) -> None:
    done = call("run", *arguments, *flag)
    assert done.exit_code == 2, done.output
    assert f"{' '.join(flag)} takes files" in " ".join(done.stderr.split())


@pytest.mark.usefixtures("in_process")
def test_notices_for_programs(call: Call, place: Path) -> None:
    (place / "in" / "cut.mp3").write_bytes(b"x")
    done = call("run", "in/cut.mp3", "--force", "-o", "out", "-f", "json", "--progress", "json")
    events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    (notice,) = [event for event in events if event["event"] == "notice"]
    assert (notice["input"], notice["text"]) == ("in/cut.mp3", CUT_OFF.text)
    assert (notice["code"], notice["data"]) == (CUT_OFF.code, CUT_OFF.data)
