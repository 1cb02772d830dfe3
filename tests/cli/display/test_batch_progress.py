from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from meetscribe.cli.display.batch_progress import REASONS, batch_display, print_summary
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
    lines = shown("lines", capsys)
    assert lines[0].startswith("[0/2] a.wav: transcription 0:00:30 of 0:01:00, 0:00:00 elapsed")
    assert lines[1:] == [
        "warning: a.wav: gaps of 1 s",
        "[1/2] a.wav: done after 2.0 s",
        "error: b.wav: b.wav is empty",
        "Check it.",
        "[2/2] b.wav: failed after 0.1 s",
    ]


def test_without_progress_errors_and_notices_remain(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown("none", capsys) == ["warning: a.wav: gaps of 1 s", "error: b.wav: b.wav is empty", "Check it."]


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
        (Summary(interrupted=True), "nothing is done yet"),
        (Summary(), "nothing to do"),
    ],
)
def test_the_summary_counts_results(summary: Summary, first: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Failures have reasons, and are followed by the place of their errors."""
    print_summary(summary, Path("out/m.jsonl"))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith(first)
    assert ("out/m.jsonl" in lines[-1]) == bool(summary.failed)
    if summary.duration:
        assert lines[0].endswith("of audio in 0:01:00 (2.0 times real time)")


def test_every_class_of_failure_has_words() -> None:
    """A class that ends a recording is printed as a reason; "node-lost" is always followed by another try."""
    assert {*get_args(Failure)} - {*REASONS} == {"node-lost"}
