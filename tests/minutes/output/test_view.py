"""Minutes follow corrections made after them: names, speakers and times; changed quotes are marked."""

from __future__ import annotations

from meetscribe.minutes import minutes_by_rules, to_csv, to_icalendar, to_markdown
from meetscribe.minutes.output.view import View, coverage_text
from meetscribe.transcript.notes import Coverage
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


def test_a_changed_due_date_is_marked() -> None:
    """The mark stands beside the date if its words were corrected, not if other words of the quote were."""
    friday, signed = (next(word for word in MEETING.words if text in word.text) for text in ("Friday", "signed"))
    moved = to_markdown(MINUTES, MEETING.replace(friday.start, friday.end, "Monday"))
    assert "— due 2026-11-27 (“by Friday”) (changed since)" in moved
    assert "(“by Friday”)\n" in to_markdown(MINUTES, MEETING.replace(signed.start, signed.end, "unsigned"))
    assert "(“by Friday”)\n" in to_markdown(MINUTES, MEETING)


TALK = "Anna: The parser is slow.\nTom: I agree with that.\nAnna: Let's meet again next Tuesday at ten."


def test_the_day_of_the_next_meeting() -> None:
    """It is "on" a day; without the day of the meeting, the wording in its text is all."""
    dated, undated = dialogue(TALK), dialogue(TALK, date=None)
    line = "Let's meet again next Tuesday at ten"
    assert f"{line} — on 2026-12-01 (“next Tuesday at ten”)\n" in to_markdown(minutes_by_rules(dated), dated)
    assert f"{line}\n" in to_markdown(minutes_by_rules(undated), undated)


def test_what_compiled_the_minutes() -> None:
    """A sentence names the rules or the model; without rules it does not say that rules read anything."""
    french = minutes_by_rules(dialogue("Anna: Je vais envoyer le contrat vendredi.", "fr", date=None))
    assert coverage_text(MINUTES.coverage) == "Compiled by rules from the whole transcript."
    assert "no rules" in coverage_text(french.coverage)
    assert [one.code for one in french.notices] == ["minutes.no-rules"]
    part = Coverage(0.9996, "qwen3", ("the utterances at 0:00:01 to 0:00:09: no usable answer",))
    assert coverage_text(part) == (
        "Compiled by qwen3 from 99.9% of the words. "
        "Not read by qwen3: the utterances at 0:00:01 to 0:00:09: no usable answer."
    )
