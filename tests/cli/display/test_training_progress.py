"""Progress of training as lines and JSON."""

from __future__ import annotations

import json

import pytest

from meetscribe.cli.display.training_progress import describe, training_progress
from meetscribe.training.progress.events import Evaluation, Interpolated, Resumed, Stage, Stopped, TrainingEvent, Update

EVENTS: list[TrainingEvent] = [
    Stage("loading", 0.0),
    Stage("loading", 1.0),
    Resumed(0, 40),
    Update(1, 40, 1, 1.234, 1e-3, 0.5, 3661.0, 1_500_000_000),
    Update(2, 40, 1, 1.2, 1e-3, 0.5, 3600.0, 1_500_000_000),
    Evaluation(20, 1.0, 0.25, True),
    Stopped(30, 20),
    Interpolated(30, 0.25, 1.5, 0.3, False),
    Interpolated(30, 0.5, 1.1, 0.25, True),
]


def shown(kind: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the lines on stderr for the events."""
    import click

    with click.Context(click.Command("run")), training_progress({"progress": kind, "quiet": False}) as report:
        for event in EVENTS:
            report(event)
    output = capsys.readouterr()
    assert not output.out
    return output.err.splitlines()


def test_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for the end of a stage, the first update and each evaluation; the second update comes too soon."""
    assert shown("lines", capsys) == [
        "loading done",
        "continuing after update 0 of 40",
        "update 1 of 40, epoch 1: loss 1.234, 1.5 GB, 1:01:01 left",
        "dev after update 20: loss 1.000, WER 25.0 %, the best so far",
        "stopped after update 30: dev no longer improves; the weights are those of 20",
        "dev with 25 % of the change of the weights: loss 1.500, WER 30.0 %",
        "dev with 50 % of the change of the weights: loss 1.100, WER 25.0 %, which is kept",
    ]


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Every event is an object."""
    objects = [json.loads(line) for line in shown("json", capsys)]
    assert [each["event"] for each in objects] == [
        "stage",
        "stage",
        "resumed",
        "update",
        "update",
        "evaluation",
        "stopped",
        *["interpolated"] * 2,
    ]
    assert objects[3]["left"] == 3661.0


def test_none_and_bars(capsys: pytest.CaptureFixture[str]) -> None:
    """none prints nothing; the bar shows the evaluation above it."""
    assert shown("none", capsys) == []
    assert any("WER 25.0 %" in line for line in shown("bars", capsys))


def test_unknown_error_rate_is_left_out() -> None:
    """A dev without words has a loss only."""
    assert describe(Evaluation(1, 1.0, None, False)) == "dev after update 1: loss 1.000"
