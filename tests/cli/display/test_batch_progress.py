from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from meetscribe.cli.display.batch_progress import (
    REASONS,
    batch_display,
    print_costs,
    print_other_files,
    print_summary,
)
from meetscribe.corpus.batch import Summary
from meetscribe.corpus.events import Event, Failure
from meetscribe.errors import Notice

A, B = Path("a.wav"), Path("b.wav")
EVENTS = (
    Event("begin", A),
    Event("stage", A, "transcription", 0.5, 60.0),
    Event("notice", A, notice=Notice("audio.gaps", "gaps of 1 s", {"seconds": 1})),
    Event("end", A, status="done", outputs=("/out/a.json",), seconds=2.0),
    Event("end", B, status="failed", error="b.wav is empty\nCheck it.", code=3, seconds=0.1),
)


def shown(kind: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the lines on stderr for the events above."""
    with batch_display(kind, {A: 1, B: 1}) as display:
        for event in EVENTS:
            display(event)
    return capsys.readouterr().err.splitlines()


def test_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """A recording has one line, besides its notices and errors."""
    notice, done, *error, failed = shown("lines", capsys)
    assert done.startswith("[1/2] a.wav: done after 2.0 s, 0:00:00 elapsed, about ")
    assert failed.startswith("[2/2] b.wav: failed after 0.1 s, 0:00:00 elapsed")
    assert (notice, error) == ("warning: a.wav: gaps of 1 s", ["error: b.wav is empty", "Check it."])


def test_a_long_recording_has_a_line_every_30_seconds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    with batch_display("lines", {A: 1}) as display:
        for now, stage, share in ((0, "audio", 0), (29, "audio", 1), (31, "speech", 0.5), (60, "speech", 0.9)):
            clock[0] = float(now)
            display(Event("stage", A, stage, share, 60.0))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("[0/1] a.wav: speech 0:00:30 of 0:01:00, ")


def test_without_progress_errors_and_notices_remain(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown("none", capsys) == ["warning: a.wav: gaps of 1 s", "error: b.wav is empty", "Check it."]


def test_an_error_names_its_recording_once(capsys: pytest.CaptureFixture[str]) -> None:
    """The path is put in front of errors that do not have it; a folder's name may be a common word."""
    with batch_display("none", {A: 1, Path("../in/b.wav"): 1, Path("speech"): 1}) as display:
        for recording, error in (
            (A, "no such file: a.wav"),
            (A, "data.wav is full"),
            (A, "it has no sound"),
            (Path("../in/b.wav"), "../in/b.wav is empty"),
            (Path("../in/b.wav"), "there is no speech in b.wav: 2 s sounded like speech\nb.wav may be silent."),
            (Path("speech"), "no speech was found"),
        ):
            display(Event("end", recording, status="failed", error=error))
    assert capsys.readouterr().err.splitlines() == [
        "error: no such file: a.wav",
        "error: a.wav: data.wav is full",
        "error: a.wav: it has no sound",
        "error: ../in/b.wav is empty",
        "error: there is no speech in ../in/b.wav: 2 s sounded like speech",
        "b.wav may be silent.",
        "error: speech: no speech was found",
    ]


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Every event is an object with the state of the batch."""
    begin, stage, notice, done, failed = map(json.loads, shown("json", capsys))
    assert (begin["event"], begin["input"], begin["ended"], begin["of"]) == ("begin", "a.wav", 0, 2)
    assert (stage["stage"], stage["done"], stage["position"]) == ("transcription", 0.5, 30.0)
    assert (notice["code"], notice["text"], notice["data"]) == ("audio.gaps", "gaps of 1 s", {"seconds": 1})
    assert (done["status"], done["outputs"], done["ended"]) == ("done", ["/out/a.json"], 1)
    assert (failed["status"], failed["code"], failed["ended"]) == ("failed", 3, 2)


@pytest.mark.parametrize(
    ("summary", "first"),
    [
        (
            Summary(done=2, failed=1, skipped=3, duration=120.0, elapsed=60.0),
            "2 done, 1 failed, 3 skipped; 0:02:00 of ",
        ),
        (
            Summary(done=1, failed=3, skipped=1, failures=Counter({"input": 2, "worker-died": 1})),
            "1 done, 3 failed (2 unreadable, 1 worker died), 1 skipped",
        ),
        (Summary(interrupted=True), "nothing done yet"),
        (Summary(), "nothing to do"),
    ],
)
def test_the_summary_counts_results(summary: Summary, first: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Failures have reasons, and are followed by the place of their errors."""
    print_summary(summary, Path("out/m.jsonl"), "lines")
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith(first)
    assert ("out/m.jsonl" in lines[-1]) == bool(summary.failed)
    assert ("Run the same command again" in lines[-1]) == bool(summary.failed)
    if summary.duration:
        assert lines[0].endswith("of audio in 0:01:00 (2.0 times real time)")


def test_an_interrupted_batch_is_not_said_to_retry_only_failures(capsys: pytest.CaptureFixture[str]) -> None:
    """The note about the interruption says what the next run processes."""
    print_summary(Summary(done=1, failed=1, interrupted=True), Path("m.jsonl"), "lines")
    assert capsys.readouterr().err == "1 done, 1 failed\nThe errors are in m.jsonl.\n"


def test_a_forced_batch_is_retried_without_force(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(Summary(failed=1), Path("m.jsonl"), "lines", force=True)
    assert capsys.readouterr().err.endswith("Run the same command without --force to retry only these recordings.\n")


def test_a_batch_stopped_by_a_fatal_error_is_not_said_to_retry_only_failures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The next run also processes the recordings that were not started."""
    print_summary(Summary(failed=1, fatal_error="no weights"), Path("m.jsonl"), "lines")
    assert capsys.readouterr().err == "1 failed\nThe errors are in m.jsonl.\n"


def test_damaged_recordings_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(Summary(done=3, damaged=2), Path("m.jsonl"), "lines")
    assert capsys.readouterr().err.splitlines()[1] == "2 recordings truncated or damaged; the notices are in m.jsonl."


def test_watching_does_not_offer_to_retry(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(Summary(failed=1), Path("m.jsonl"), "lines", retries=False)
    assert capsys.readouterr().err.endswith("The errors are in m.jsonl.\n")


def test_the_summary_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """All that the lines say is in objects."""
    work_seconds = Counter({"cuda": 30.0})
    summary = Summary(1, 0, 2, 3, 120.0, 60.0, failures=Counter({"input": 2}), work_seconds=work_seconds)
    print_other_files({".txt": 2, "": 1}, "json")
    print_summary(summary, Path("m.jsonl"), "json")
    print_costs(summary, {"cuda": 2.0}, "json")
    left_out, shown, costs = map(json.loads, capsys.readouterr().err.splitlines())
    assert left_out == {"event": "left-out", "files": 3, "suffixes": {".txt": 2, "": 1}}
    assert shown == {
        **{"event": "summary", "done": 1, "incomplete": 0, "failed": 2, "skipped": 3, "failures": {"input": 2}},
        **{
            "interrupted": False,
            "retries": 0,
            "damaged": 0,
            "audio": 120.0,
            "elapsed": 60.0,
            "speed": 2.0,
            "manifest": "m.jsonl",
        },
    }
    assert costs == {"event": "costs", "worker_hours_per_hour": {"cuda": 0.25}, "cost_per_hour": 0.5}


def test_every_class_of_failure_has_words() -> None:
    """A class that ends a recording is printed as a reason; "node-lost" is always followed by another try."""
    assert {*get_args(Failure)} - {*REASONS} == {"node-lost"}
