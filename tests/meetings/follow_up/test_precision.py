"""Which statuses are suggestions."""

from __future__ import annotations

import json

import pytest

from meetscribe.meetings import items
from meetscribe.meetings.follow_up import precision
from meetscribe.meetings.follow_up.precision import CERTAIN, FILE, is_certain
from meetscribe.meetings.follow_up.values import STATUSES
from tests.meetings.follow_up.conftest import Lines, MakeLibrary

FIRST: Lines = [
    ("Anna", "I'll send the budget draft to the board."),
    ("Ben", "We decided to hold the offsite in Lisbon."),
]
SECOND: Lines = [("Anna", "I've sent the budget draft."), ("Ben", "We decided to hold the offsite in Porto instead.")]


def test_a_status_is_certain_if_it_was_measured_to_be() -> None:
    """Every status but "open" was measured."""
    measured = json.loads(FILE.read_text(encoding="utf-8"))["precision"]
    assert {*measured, "open"} == set(STATUSES)
    assert {status for status in STATUSES if is_certain(status)} == {
        "open",
        *(status for status, share in measured.items() if share >= CERTAIN),
    }


@pytest.mark.parametrize(
    ("measured", "shown"),
    [
        ({"done": 0.9, "contradicted": 0.9}, {"done", "contradicted"}),
        ({"done": 0.899, "contradicted": 1.0}, {"perhaps done", "contradicted"}),
        ({"done": 1.0}, {"done", "perhaps contradicted"}),
    ],
)
def test_a_status_below_the_precision_is_only_suggested(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch, measured: dict[str, float], shown: set[str]
) -> None:
    """From 0.9 on it is stated; below, and if it was never measured, it is a suggestion."""
    monkeypatch.setattr(precision, "_measured", lambda: measured)
    found = items(make_library(FIRST, SECOND), status=("done", "contradicted"), query="before:2026-09-14", make=True)
    assert {item.status_text for item in found} == shown
    assert {item.status for item in found if item.suggested} == {
        each.removeprefix("perhaps ") for each in shown
    } - shown
