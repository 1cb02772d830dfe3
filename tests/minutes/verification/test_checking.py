"""Anybody's minutes are checked: native JSON, other JSON, and Markdown with times or quotes."""

from __future__ import annotations

import json

import pytest

from meetscribe.errors import InputError
from meetscribe.minutes import dumps, minutes_by_rules, to_markdown
from meetscribe.minutes.verification.checking import check_minutes
from meetscribe.minutes.verification.claims import parse_claims
from tests.minutes.meeting import dialogue
from tests.minutes.verification.test_verifying import MEETING


def test_own_minutes_pass_in_both_formats() -> None:
    """JSON and Markdown that meetscribe writes pass, line by line."""
    minutes = minutes_by_rules(MEETING)
    native = check_minutes(dumps(minutes), MEETING)
    assert len(native) == len(minutes.items) > 1 and all(one.said.passed for one in native)
    markdown = check_minutes(to_markdown(minutes, MEETING), MEETING)
    assert [one.text.lower() for one in markdown] == [one.text.lower() for one in minutes.items]
    assert [one.said.problems for one in markdown] == [()] * len(minutes.items)


def test_own_minutes_of_unnamed_speakers_pass() -> None:
    """Markdown has a backslash in "SPEAKER_00", which is no part of the label."""
    meeting = dialogue("SPEAKER_00: Could you send it, please?\nSPEAKER_01: Yes, I'll send the contract by Friday.")
    made = minutes_by_rules(meeting)
    checks = check_minutes(to_markdown(made, meeting), meeting)
    assert made.actions and [one.said.problems for one in checks] == [()] * len(made.items)


def test_due_dates_count_from_the_date_of_the_minutes() -> None:
    """`minutes --date` may differ from the date of the transcript."""
    meeting = dialogue("Anna: I'll send the contract by Friday.", date="2026-11-25")
    made = minutes_by_rules(meeting.with_meta(recorded_at="2026-12-01"))
    for text in (dumps(made), to_markdown(made, meeting)):
        (one,) = check_minutes(text, meeting)
        assert one.said.problems == ()


def test_json_of_another_program() -> None:
    """Lists named for their kind, with quotes, owners and due dates under common names."""
    text = json.dumps(
        {
            "action_items": [
                {"task": "Send 15 copies", "assignee": "Tom", "due_date": "2026-11-27", "quote": "I'll send fifteen"},
                {"task": "Send 50 copies", "assignee": "Tom", "quote": "I'll send fifteen printed copies"},
                {"task": "Send copies", "assignee": "Anna", "speaker": "Anna", "quote": "send fifteen printed copies"},
                {"task": "Buy a boat", "quote": "I'll buy a boat"},
            ]
        }
    )
    verdicts = check_minutes(text, MEETING)
    assert [one.said.passed for one in verdicts] == [False, False, False, False]
    assert "is not 2026-11-27" in " ".join(verdicts[0].said.problems) or "2026-11-27" in str(verdicts[0].said.problems)
    assert "the number 50 was not said" in verdicts[1].said.problems
    assert any("not by Anna but by Tom" in one for one in verdicts[2].said.problems)
    assert verdicts[3].said.problems == ("the quote was not said",)


def test_json_with_a_title_and_a_summary() -> None:
    """An object that holds lists of claims is not a claim, though it has a text; "items" is such a list."""
    sent = {"task": "Send fifteen copies", "quote": "I'll send fifteen printed copies to Maria"}
    meeting = {"title": "Stand-up", "summary": "Copies are sent.", "action_items": [sent], "decisions": []}
    for document in (meeting, {"meeting": meeting}, {"title": "Stand-up", "items": [{"kind": "action", **sent}]}):
        found = parse_claims(json.dumps(document))
        assert [(one.kind, one.text) for one in found] == [("action", "Send fifteen copies")]
    with_evidence = {"text": "Send copies", "evidence": [{"text": "I'll send fifteen"}]}
    assert [one.text for one in parse_claims(json.dumps({"tasks": [with_evidence]}))] == ["Send copies"]


@pytest.mark.parametrize(
    ("written", "due", "problem"),
    [
        ("2026-11-27 (“by Friday”)", "by Friday", None),
        ("“by Friday”", "by Friday", None),
        ("Friday", "Friday", None),
        ("2026-11-27", "2026-11-27", None),
        ("2026-11-30 *(proposed)*", "2026-11-30", "“2026-11-30” was not said"),
        ("2027-03-01 (“by Friday”)", "by Friday", "“by Friday” is not 2027-03-01"),
        ("2027-02-30 (“by Friday”)", "by Friday", "2027-02-30 is not a date"),
        ("2027-02-30", "2027-02-30", "2027-02-30 is not a date"),
        ("Monday", "Monday", "“Monday” was not said"),
    ],
)
def test_due_dates_in_markdown(written: str, due: str, problem: str | None) -> None:
    """A day, a wording with and without quotation marks, or a day with its wording is checked after "due"."""
    text = f"## Actions\n- [0:00:12] **Tom**: send fifteen copies to Maria — due {written}\n"
    assert [one.due for one in parse_claims(text)] == [due]
    assert check_minutes(text, MEETING)[0].said.problems == ((problem,) if problem else ())


def test_the_word_due_elsewhere() -> None:
    """Without a dash before it, it is a word of the text, and the quotation is the quote."""
    (claim,) = parse_claims("## Actions\n- Send the copies that are due (“I'll send fifteen”)\n")
    assert (claim.quote, claim.due) == ("I'll send fifteen", None)


def test_markdown_with_times_only() -> None:
    """Without a quote, the evidence is the utterance at the time."""
    text = "## Actions\n- [0:00:12] **Tom**: send fifteen copies to Maria\n- [0:00:12] **Tom**: send fifty copies\n"
    verdicts = check_minutes(text, MEETING)
    assert [one.said.passed for one in verdicts] == [True, False]
    assert verdicts[0].start == 11.0


def test_minutes_without_lines_are_an_error() -> None:
    """A text without times, quotes or lists cannot be checked."""
    with pytest.raises(InputError, match="no lines that can be checked"):
        check_minutes("It was a good meeting.", MEETING)


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 900 + "]" * 900])
def test_deeply_nested_json_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="no lines that can be checked"):
        check_minutes(text, MEETING)


@pytest.mark.parametrize("text", ["# Actions\n- ENTRY", "# Minutes\n## Actions\n1. ENTRY", "# Actions\n2) ENTRY"])
def test_headings_and_lists_of_other_programs(text: str) -> None:
    """Headings of level 1 may give the kind, and lists may be numbered."""
    (claim,) = parse_claims(text.replace("ENTRY", "**Tom**: send fifteen copies (“I'll send fifteen”)"))
    assert (claim.kind, claim.text, claim.quote) == ("action", "send fifteen copies", "I'll send fifteen")


def test_a_title_gives_no_kind() -> None:
    """If headings of level 2 do, that of level 1 is the title."""
    text = "# Planning of actions\n- Date: 2026-11-25\n## Decisions\n- [0:00:12] Meet in the library\n"
    assert [one.kind for one in parse_claims(text)] == ["decision"]


@pytest.mark.parametrize(("quote", "found"), [("up on Friday", False), ("follow-up on", True), ("a follow", False)])
def test_a_quote_from_inside_a_word(quote: str, found: bool) -> None:
    """A quote of another program has whole words too."""
    meeting = dialogue("Anna: We decided to have a Follow-up on Friday.")
    (check,) = check_minutes(json.dumps({"decisions": [{"text": "Meet", "quote": quote}]}), meeting)
    assert ("the quote was not said" not in check.said.problems) == found


def test_a_due_date_without_rules() -> None:
    """Without rules for the language, there is no wording with which the day could be compared."""
    meeting = dialogue("Anna: Je vais envoyer le contrat signé vendredi.", "fr")
    sent = {"task": "Envoyer le contrat", "quote": "envoyer le contrat signé", "due": "2026-12-01"}
    assert check_minutes(json.dumps([sent]), meeting)[0].said.problems == ()
