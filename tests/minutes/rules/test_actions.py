"""Actions: offers, volunteers, assignments, and what only looks like a task."""

from __future__ import annotations

import pytest

from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.making import minutes_by_rules
from meetscribe.minutes.rules.candidates import is_further_task
from meetscribe.transcript.notes import Minutes
from tests.minutes.meeting import dialogue


def made(text: str, language: str = "en") -> Minutes:
    return minutes_by_rules(dialogue(text, language))


def actions(text: str, language: str = "en") -> list[tuple[str, list[str], str]]:
    return [(one.text, [who.name for who in one.owners], one.status) for one in made(text, language).actions]


def test_an_offer_that_is_accepted() -> None:
    """ "Shall I …?" is a task of the one who asks, if another accepts; the answer is cited."""
    accepted = "Anna: Shall I ask the people in Utrecht for the reference on Monday?\nTom: Would you?"
    assert actions(accepted) == [("Shall I ask the people in Utrecht for the reference on Monday", ["Anna"], "agreed")]
    assert len(made(accepted).actions[0].citations) == 2
    assert actions("Anna: Shall I ask the people in Utrecht for the reference on Monday?\nTom: No, never.") == []
    assert actions("Anna: Soll ich die Nachbarn nach der Leiter fragen?\nTom: Ja, bitte.", "de")[0][1] == ["Anna"]


def test_who_books_the_room() -> None:
    """The one who volunteers owns the task; without a volunteer the question is open, with an answer it is not."""
    assert actions("Anna: Who books the room?\nTom: I'll do it.") == [("books the room", ["Tom"], "agreed")]
    unanswered = made("Anna: Who brings the cake for the party?\nTom: The weather is nice today in the garden.")
    assert [one.text for one in unanswered.questions] == [
        "Who brings the cake for the party?"
    ] and not unanswered.actions
    assert made("Anna: Who orders the paper for the printer?\nTom: Maria does that.").items == ()
    assert actions("Anna: Wer bucht den Raum?\nTom: Das mache ich.", "de") == [("bucht den Raum", ["Tom"], "agreed")]


@pytest.mark.parametrize(
    "more",
    [
        "Tom: Yes, I'll do that.\nMia: Thanks.\nTom: I'll print the posters on Monday.",  # another day
        "Tom: Yes, I'll do that. I'll also print the posters.",
    ],
)
def test_a_further_task_of_the_same_owner(more: str) -> None:
    """It is an action of its own, and the first task keeps its due date."""
    found = made(f"Anna: Tom, please share the transcript by Friday.\n{more}").actions
    assert len(found) == 2 and found[0].due is not None and "Friday" in found[0].due.said
    assert "print the posters" in found[1].text and "posters" not in " ".join(one.quote for one in found[0].citations)


def test_a_promise_of_a_further_task_takes_no_other_on() -> None:
    """The task of the person named stays proposed, and the promise is an action of its own."""
    text = "Anna: Kurt will stop the website by Wednesday.\nTom: I'll print the engine on Monday."
    assert [(who, status) for _, who, status in actions(text)] == [(["Kurt"], "proposed"), (["Tom"], "agreed")]


def test_a_request_to_the_speaker() -> None:
    """A label is sometimes wrong, so a request that begins with its speaker's name is for the person named."""
    ((_, who, status),) = actions("Tom: Tom, please share the transcript by Friday.\nAnna: Lovely weather.")
    assert (who, status) == (["Tom"], "proposed")
    assert actions("Tom: Tom here, could you share the transcript by Friday?\nAnna: Hm.")[0][1] == []


def test_a_volunteer_names_the_task() -> None:
    """ "Who takes care of it?" does not, so the text of the action is that of the reply."""
    ((text, who, _),) = actions("Anna: Who takes care of it?\nTom: I'll call the technician tomorrow.")
    assert (text, who) == ("call the technician tomorrow", ["Tom"])


def test_a_continuation_is_no_further_task() -> None:
    """Without another subject, a later day is that of the task."""
    found = made("Anna: Tom, please share the transcript.\nTom: Yes. I'll share the transcript on Monday.").actions
    assert [one.due.said for one in found if one.due] == ["on Monday"]


@pytest.mark.parametrize(
    "text",
    [
        "Anna: And there's a photocopier with the code on it.",
        "Anna: It's up for renewal at the end of the month, and I'll,",
        "Anna: How would you combine the two lists of members?\nTom: Yeah.",
        "Anna: I'd like us to be down to one candidate by Friday.",
        "Anna: I'd been on call since Friday evening, with the pager.",
        "Anna: I'll be happy when the audit is over on Friday.",
        "Anna: Her son wanted to know who's going to do the dressings at home.",
        "Anna: First I will introduce myself and the project.",
        "Anna: Can you go to the next slide with the budget?\nTom: Sure.",
    ],
)
def test_what_is_no_task(text: str) -> None:
    """Descriptions, wishes, reports and what is done in the meeting are no actions."""
    assert actions(text) == []


def test_the_task_keeps_its_verb() -> None:
    """The verb that belongs to the cue is a part of the task: without it, "stop" would be lost."""
    assert (
        actions("Anna: Tom will stop the old website by Wednesday.\nTom: Will do.")[0][0]
        == "stop the old website by Wednesday"
    )
    assert actions("Anna: Let me call the caterer on Monday.\nTom: Thanks.")[0][0] == "call the caterer on Monday"


def test_a_date_corrected_in_the_same_breath() -> None:
    """The last of several short dates counts."""
    (action,) = made(
        "Anna: I'll phone the landlord about the lease. Say on Monday. Ah, I'm away. Tuesday morning."
    ).actions
    assert action.due is not None and action.due.day == "2026-12-01"


def test_a_short_promise_cites_what_it_is_about() -> None:
    """ "I'll see to the badges" cites the sentence that names them."""
    (action,) = made("""
        Anna: The two students need their badges by Friday.
        Tom: All right, I'll see to the badges.
    """).actions
    assert [one.name for one in action.owners] == ["Tom"]
    assert "students" in " ".join(one.quote for one in action.citations)


def test_a_contraction_is_nobody() -> None:
    """ "It'll" at the start of a sentence is not the name of a person."""
    meeting = Dialogue(dialogue("Anna: It'll rain. That'll do.\nTom: Maria'll bring the tent."))
    assert list(meeting.absent) == ["maria"]


def test_a_task_for_everyone_cites_all_who_agree() -> None:
    """Whoever agrees is cited, else the verifier would refuse the item."""
    text = "Anna: Shall we each bring a cake to the concert?\nTom: Yes.\nMia: Of course."
    (action,) = made(text).actions
    assert action.everyone and [one.name for one in action.agreed_by] == ["Tom", "Mia"]
    assert len(action.citations) == 3


def test_speakers_may_name_themselves() -> None:
    """A named speaker keeps the task that the words give to that name."""
    text = (
        "Anna: Hello everyone, we start with the bank.\nCarla: Action item: Carla will call the bank by Thursday.\n"
        "Ben: Thank you."
    )
    assert actions(text) == [("call the bank by Thursday", ["Carla"], "agreed")]


def test_a_late_agreement_after_another_question_is_no_acceptance() -> None:
    text = (
        "Anna: Diana, please send the contract to the lawyer by Friday.\nAnna: Next, the website.\n"
        "Ben: The website is slow since Monday and many clients complain about the shop.\n"
        "Diana: Our clients are worried about the server. Why is the video not published yet? Sure."
    )
    assert actions(text) == [("send the contract to the lawyer by Friday", ["Diana"], "proposed")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Anna: I'll call the plumber on Tuesday at 10. Thursday is a holiday.\nTom: Thanks.", "2026-12-01"),
        ("Anna: I'll send the plan to the board on Monday, I'm away from Friday.\nTom: Thanks.", "2026-11-30"),
        ("Anna: I'll bring the ladder on Friday.\nTom: I'm out then.\nAnna: Saturday, then.", "2026-11-28"),
        ("Tom: Could you ask the baker, Anna?\nAnna: I'll ask him. I'm at the mill on Monday.", "2026-11-30"),
    ],
)
def test_the_date_of_the_task(text: str, day: str) -> None:
    """Dates of something else do not count; one settled soon after replaces the first, one beside the task will do."""
    assert [one.due and one.due.day for one in made(text).actions] == [day]


def test_a_promise_with_a_condition_for_others() -> None:
    """The speaker who promises something first owns the task, whatever others may do with it."""
    text = "Anna: I will have the letter ready by Friday, so that they can send it if you approve.\nTom: Good."
    assert actions(text)[0][1:] == (["Anna"], "agreed")


def test_a_task_that_all_take_on() -> None:
    """What is asked of all is everyone's, if two others take it on."""
    minutes = made(
        "Anna: Could you all send me your lists by Monday?\nTom: Will do.\nMia: Sure, will do.\nAnna: Thanks."
    )
    assert [(one.everyone, one.status, len(one.agreed_by)) for one in minutes.actions] == [(True, "agreed", 2)]


def test_two_may_share_a_task() -> None:
    """The partner is named, or agrees beside it."""
    assert actions("Anna: Tom and I will paint the shed on Friday.\nTom: Sure.")[0][1] == ["Anna", "Tom"]
    text = "Anna: Ich streiche den Schuppen am Freitag, wir beide, ja?\nTom: Klar."
    assert actions(text, "de")[0][1] == ["Anna", "Tom"]


def test_a_promise_beside_the_task_of_another() -> None:
    """Each of two participants has a task, one utterance apart."""
    text = "Anna: I'll print the posters for the fair by Monday.\nTom: I'll book the hall for the fair by Tuesday."
    assert [owners for _, owners, _ in actions(text)] == [["Anna"], ["Tom"]]


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("I'll send you the vouchers by Thursday, the auditor comes on Friday.", "en", "2026-11-26"),
        ("I'll send the invoices by Friday. No, wait, by Sunday night, all nine.", "en", "2026-11-29"),
        ("I'll write to her in the first week of August.", "en", "2027-08-06"),
        ("I'll ring the plumber tomorrow, mind, it's his bowls day today.", "en", "2026-11-26"),
        ("I'll rewrite the two pages by midnight. Not tonight, tomorrow midnight.", "en", "2026-11-26"),
        ("I'll post the order before the month ends.", "en", "2026-11-30"),
        ("Ich mach die Montage fertig und schick das Bild bis Freitag.", "de", "2026-11-27"),
        (
            "Ich schicke die Schnitte Mitte nächster Woche. Sagen wir Montag, dann bin ich wieder da.",
            "de",
            "2026-11-30",
        ),
        ("Ich verdrahte die Verteilung bis Ende November, dann hab ich ein Wochenende Luft.", "de", "2026-11-30"),
    ],
)
def test_the_date_among_others(text: str, language: str, day: str) -> None:
    """A deadline counts before other dates, another day before today, a correction after them.

    A fitting is not a Monday, and a weekend to spare not a date.
    """
    found = made(f"Anna: {text}\nTom: Okay.", language).actions
    assert [one.due and one.due.day for one in found] == [day]


def test_a_task_of_three() -> None:
    """All partners in a list own it; whom it is for does not."""
    text = "Anna: Tom, Lisa and I will write the report for Ben by Friday.\nLisa: Sure.\nTom: Fine.\nBen: Thanks."
    assert actions(text)[0][1] == ["Anna", "Tom", "Lisa"]


def test_another_may_take_a_task_on_later() -> None:
    """It is agreed then, though the one who was asked refused."""
    text = (
        "Anna: Tom, could you send the report to the council?\nTom: I can't this week.\n"
        "Anna: On second thoughts, I'll send the report to the council myself, if that's easier."
    )
    (action,) = made(text).actions
    assert ([one.name for one in action.owners], action.status) == (["Anna"], "agreed")
    assert [one.name for one in action.agreed_by] == ["Anna"]


def test_the_same_day_does_not_make_a_further_task() -> None:
    """The wordings of one day may stand at different places in their sentences."""
    talk = Dialogue(dialogue("Anna: I'll send the agenda by Friday. I'll call the old caterer by Friday."))
    first, second = talk.sentences
    assert not is_further_task(second, first, talk)
