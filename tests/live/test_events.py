"""Events are numbered values that read back equal from their lines and match the schema."""

from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.errors import JSON
from meetscribe.live import events
from meetscribe.live.events import KINDS, SCHEMA, Draft, Event, read_events
from meetscribe.transcript import Word

WORDS = (Word("the", 0.3, 0.5, probability=0.5), Word("plan.", 0.5, 0.9, "interpolated", speaker="me"))
STATUS = {"received": 2.0, "recognised": 1.5, "committed": 1.0, "compute_lag": 0.5, "policy_lag": 0.5}
DRAFTS = [
    events.partial("s320", "the plan", 0.3, 0.9),
    events.partial("s320", "", 0.9, 0.9),
    events.commit("s320", 0, WORDS, channel=1, closed=True),
    events.revise_speaker("s320", 1, 0, 1, "SPEAKER_00"),
    events.revise_speaker("s320", 2, 0, 1, None),
    events.revise_text("s320", 3, 1, 1, ""),
    events.speakers({"SPEAKER_00": "Anna"}, 30.0),
    events.state("refining"),
    events.error("audio.disk", "the disk is full", "Free some space."),
    events.mark(3.2, "decision"),
    Draft("status", {**STATUS, "diarizer_lag": None, "active": True, "level": -20.5, "saved": 2.0}),
]


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: draft.kind)
def test_every_kind_reads_back_and_matches_the_schema(draft: Draft) -> None:
    """A published event is one line, equal after reading, and valid by the schema."""
    event = draft.published(7, 2.0)
    line = event.to_line()
    assert "\n" not in line
    assert Event.from_line(line) == event
    jsonschema.validate(json.loads(line), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_examples_cover_every_kind() -> None:
    assert {draft.kind for draft in DRAFTS} == set(KINDS)


@pytest.mark.parametrize(
    "value",
    [
        {"seq": 0, "kind": "state", "time": 0.0, "state": "final"},
        {"seq": 1, "kind": "song", "time": 0.0},
        {"seq": 1, "kind": "commit", "time": 0.0, "words": [], "first": 0},
        {"seq": 1, "kind": "state", "time": 0.0, "id": "s1", "state": "final"},
        {"seq": True, "kind": "state", "time": 0.0, "state": "final"},
        {"seq": 1, "kind": "state", "time": float("nan"), "state": "final"},
    ],
)
def test_other_objects_are_refused(value: dict[str, JSON]) -> None:
    """A wrong number, kind, time or id is a ValueError, and violates the schema too where that can be expressed."""
    with pytest.raises(ValueError, match="."):
        Event.from_json(value)


def test_a_payload_cannot_replace_the_number_of_an_event() -> None:
    with pytest.raises(ValueError, match="seq"):
        Draft("state", {"state": "final", "seq": 3})


@given(st.text(), st.integers(1, 10**9))
def test_any_text_fits_one_line(text: str, seq: int) -> None:
    """Line feeds and control characters in a text do not break the line."""
    line = events.mark(0.0, text.encode("utf-8", "replace").decode()).published(seq, 0.0).to_line()
    assert line.count("\n") == 0
    assert Event.from_line(line).seq == seq


def test_a_line_that_a_crash_cut_off_is_skipped() -> None:
    """Only the last line may be incomplete."""
    lines = [draft.published(number, 1.0).to_line() for number, draft in enumerate(DRAFTS, start=1)]
    assert [event.seq for event in read_events([*lines, "", lines[0][:20]])] == list(range(1, len(DRAFTS) + 1))
    with pytest.raises(ValueError, match="."):
        list(read_events([lines[0][:20], *lines]))
