"""Minutes follow corrections made after them: names, speakers and times; changed quotes are marked."""

from __future__ import annotations

from meetscribe.minutes import minutes_by_rules, to_csv, to_icalendar, to_markdown
from meetscribe.minutes.output.view import View
from tests.minutes.meeting import dialogue

MEETING = dialogue("""
    SPEAKER_00: Let me open the session.
    SPEAKER_01: I'll send the signed contract to the landlord by Friday.
    SPEAKER_00: Thank you.
""")
MINUTES = minutes_by_rules(MEETING)


def test_names_follow_renaming() -> None:
    """The owner is the speaker's present name, without making the minutes again."""
    named = MEETING.rename({"SPEAKER_01": "Ben, Berg"})
    assert "**Ben, Berg**: Send the signed contract" in to_markdown(MINUTES, named)
    assert '"Ben, Berg"' in to_csv(MINUTES, named)
    assert "SUMMARY:Ben\\, Berg: send the signed contract" in to_icalendar(MINUTES, named)


def test_names_follow_an_assignment_of_the_words() -> None:
    """If the words are another speaker's, so is the task."""
    start = next(word.start for word in MEETING.words if word.text == "I'll")
    assigned = MEETING.assign(start, start + 10, "Anna")
    assert View(MINUTES, assigned).item(MINUTES.actions[0]).owners == ("Anna",)


def test_citations_are_valid_changed_or_gone() -> None:
    """A citation is never moved: a replaced word changes it, deleted edges remove it."""
    action = MINUTES.actions[0]

    def state(transcript: object) -> str:
        return View(MINUTES, transcript).item(action).citations[0].state  # type: ignore[arg-type]

    friday = next(word for word in MEETING.words if word.text == "signed")
    assert state(MEETING) == "valid"
    assert state(MEETING.replace(friday.start, friday.end, "unsigned")) == "changed"
    assert state(MEETING.delete(friday.start - 4, friday.end + 8)) == "gone"
    assert "*(changed since)*" in to_markdown(MINUTES, MEETING.replace(friday.start, friday.end, "unsigned"))
