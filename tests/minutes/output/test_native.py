"""Minutes in JSON read back equal, and their files are valid under the published schema."""

from __future__ import annotations

import json

import jsonschema
import pytest

from meetscribe.errors import InputError
from meetscribe.minutes import dumps, loads, minutes_by_rules
from meetscribe.minutes.output.native import schema
from meetscribe.transcript.notes import Topic
from tests.minutes.verification.test_verifying import MEETING

MINUTES = minutes_by_rules(MEETING, [Topic(0, 9.5, ("parser", "audit"), first_word="a-1", last_word="a-9")])


def test_minutes_read_back_equal() -> None:
    """Items, verdicts, candidates, topics and coverage survive."""
    assert MINUTES.items and MINUTES.summary and MINUTES.topics
    assert loads(dumps(MINUTES)) == MINUTES


def test_the_file_is_valid() -> None:
    """The schema is a valid one, and a file without a quote is not valid under it."""
    jsonschema.Draft202012Validator.check_schema(schema())
    value = json.loads(dumps(MINUTES))
    jsonschema.validate(value, schema())
    del value["items"][0]["citations"][0]["quote"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, schema())


def test_ids_are_those_of_the_evidence() -> None:
    """A second run gives the same ids; another text of the item does not change them."""
    value = json.loads(dumps(MINUTES))
    again = json.loads(dumps(minutes_by_rules(MEETING)))
    assert [one["id"] for one in value["items"]] == [one["id"] for one in again["items"]]
    assert len({one["id"] for one in value["items"]}) == len(value["items"])


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"schema": "other/1"}, "schema"),
        ({"items": [{}]}, r"items\[0\]\.score: missing"),
        ({"coverage": {"share": 2, "by": "", "cut": []}}, "coverage"),
        ({"participants": "Anna"}, "participants: expected a list"),
    ],
)
def test_a_faulty_file_names_the_place(change: dict[str, object], place: str) -> None:
    """Untrusted files fail with the place of the fault."""
    with pytest.raises(InputError, match=place):
        loads(json.dumps({**json.loads(dumps(MINUTES)), **change}), "minutes.json")


def test_a_transcript_is_not_taken_for_damaged_minutes() -> None:
    with pytest.raises(
        InputError, match=r"a.json holds a transcript, not minutes\nGive minutes, .* minutes a.json -o "
    ):
        loads(MEETING.to_json(), "a.json")


def test_text_that_is_no_json_is_refused() -> None:
    """The name of the file is in the message."""
    with pytest.raises(InputError, match="minutes.json: not JSON"):
        loads("# Minutes", "minutes.json")
