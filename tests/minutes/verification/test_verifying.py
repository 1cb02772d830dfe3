"""The verifier refuses minutes that the words do not prove: the adversarial cases reported of other tools."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from meetscribe.minutes.citations import WordIndex
from meetscribe.minutes.making import minutes_by_rules
from meetscribe.minutes.verification.verifying import verified, verify
from meetscribe.transcript import Transcript
from meetscribe.transcript.notes import Citation, Due, Item, ItemKind, Minutes, Person, Status
from tests.minutes.faults import planted_faults
from tests.minutes.meeting import dialogue, quoted
from tests.minutes.scoring import meetings

MEETING = dialogue("""
    Anna: We will not ship the parser before the audit is finished.
    Tom: I'll send fifteen printed copies to Maria by Friday.
    Anna: Mhm.
    Tom: And I'll call the printer about the cover.
    Anna: Tom, could you also book the small room for Monday?
    Tom: Sorry, I'm away next week.
    Maria: No.
    Anna: Maria, could you water the office plants on Thursday?
    Tom: The weather was lovely yesterday.
    Anna: I don't think we should hire another designer this year.
    Maria: We decided to meet in the library every Tuesday.
    Tom: No, make it the canteen, the library is closed every Tuesday.
""")


def problems(item: Item, transcript: Transcript = MEETING) -> tuple[str, ...]:
    """Return the problems that the verifier finds."""
    minutes = verify(Minutes(transcript.language, "", (item,)), transcript)
    assert minutes.items[0].said is not None
    return minutes.items[0].said.problems


def item(kind: ItemKind, text: str, *quotes: str, **values: Any) -> Item:
    return Item(kind, text, tuple(quoted(MEETING, quote) for quote in quotes), **values)


SENT = "I'll send fifteen printed copies to Maria by Friday."
TOM = Person("Tom")


def test_what_was_said_passes() -> None:
    """The right quote, owner, number and date have no problems."""
    due = Due("by Friday", "2026-11-27")
    assert (
        problems(item("action", "Send fifteen copies to Maria", SENT, owners=(TOM,), agreed_by=(TOM,), due=due)) == ()
    )


@pytest.mark.parametrize(
    ("name", "claim", "expected"),
    [
        ("dropped negation", item("decision", "Ship the parser", "We will not ship the parser"), "negation"),
        ("negation clipped off", item("decision", "Ship the parser", "ship the parser"), "leaves out “not”"),
        ("opinion clipped off", item("decision", "Hire another designer", "we should hire another designer"), "don't"),
        ("number changed", item("action", "Send fifty copies", SENT, owners=(TOM,), agreed_by=(TOM,)), "50"),
        ("date changed", item("action", "Send copies on Monday", SENT, owners=(TOM,), agreed_by=(TOM,)), "monday"),
        ("one word", item("decision", "No", "No."), "content words"),
        ("wrong speaker", item("action", "Send copies", SENT, owners=(Person("Anna"),), agreed_by=(TOM,)), "Anna"),
        ("recipient as owner", item("action", "Send copies", SENT, owners=(Person("Maria"),), agreed_by=(TOM,)),
         "Maria"),
        (
            "refused",
            item("action", "Book a room", "Tom, could you also book the small room for Monday?", owners=(TOM,),
                 status="proposed"),
            "Tom refused",
        ),
        (
            "nobody accepted",
            item("action", "Water the plants", "Maria, could you water the office plants on Thursday?",
                 owners=(Person("Maria"),)),
            "only proposed",
        ),
        (
            "acceptance invented",
            item("action", "Water the plants", "Maria, could you water the office plants on Thursday?",
                 owners=(Person("Maria"),), agreed_by=(Person("Maria"),)),
            "does not agree",
        ),
        (
            "overturned later",
            item("decision", "Meet in the library", "We decided to meet in the library every Tuesday."),
            "overturned",
        ),
        (
            "asked, not decided",
            item("decision", "Book the small room", "Tom, could you also book the small room for Monday?"),
            "not decided",
        ),
        ("due date not said", item("action", "Send copies", SENT, owners=(TOM,), agreed_by=(TOM,),
                                   due=Due("by Sunday", "2026-11-29")), "by Sunday"),
        ("due date computed wrongly", item("action", "Send copies", SENT, owners=(TOM,), agreed_by=(TOM,),
                                           due=Due("by Friday", "2026-12-04")), "is not 2026-12-04"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)  # fmt: skip
def test_what_was_not_said_fails(name: str, claim: Item, expected: str) -> None:
    """Each fault is named in the problems."""
    assert any(expected in problem for problem in problems(claim)), (name, problems(claim))


def test_a_quote_that_begins_inside_a_word_fails() -> None:
    """Quotes consist of whole words: "end fifteen" does not stand in "send fifteen"."""
    first, last = quoted(MEETING, "I'll send").last_word, quoted(MEETING, "fifteen").first_word
    claim = Item("action", "End fifteen", (Citation(first, last, "end fifteen"),), status="proposed")
    assert problems(claim) == ("the quote differs from the words",)


def test_a_quote_across_speakers_fails_unless_a_backchannel_parts_it() -> None:
    """Two utterances of one speaker may be quoted across "mhm", not across another speaker's sentence."""
    words = [word for word in MEETING.words if word.speaker == "Tom"]
    start, end = quoted(MEETING, SENT).first_word, quoted(MEETING, "about the cover.").last_word
    quote = " ".join(word.text for word in words[:17])
    across = Item("action", "Send copies", (Citation(start, end, quote),), (TOM,), agreed_by=(TOM,))
    assert problems(across) == ()
    joined = Citation(quoted(MEETING, "Sorry,").first_word, quoted(MEETING, "Maria,").last_word, "Sorry, Maria,")
    assert problems(replace(across, citations=(joined,))) == ("the quote joins words of several speakers",)


def test_unknown_ids_and_reversed_ids_fail() -> None:
    """The words must exist, the first before the last."""
    real = quoted(MEETING, SENT)
    missing = replace(real, first_word="no-such-word")
    assert problems(Item("question", "x", (missing,))) == ("there is no word no-such-word",)
    reversed_ = Citation(real.last_word, real.first_word, real.quote)
    assert problems(Item("question", "x", (reversed_,))) == ("the last word comes before the first",)


def test_the_rules_propose_what_nobody_accepted() -> None:
    """A request that nobody accepted is listed with nobody in `agreed_by`, never as agreed."""
    plants = next(one for one in minutes_by_rules(MEETING).actions if "plants" in one.text)
    assert (plants.status, plants.agreed_by) == ("proposed", ())


def test_both_verdicts_are_kept_apart() -> None:
    """A true quote under a false claim was said, and is not supported."""
    claim = item("question", "Sell the company to a competitor", SENT)
    checked = verify(Minutes("en", "", (claim,)), MEETING).items[0]
    assert checked.said and checked.said.passed
    assert checked.supported and not checked.supported.passed and checked.supported.by == "rules"


def test_planted_faults_are_refused() -> None:
    """No fault of any kind passes, in the minutes of two meetings with many items."""
    chosen = list(meetings("fresh/e").values())[2:4]
    passed = [
        (name, item.text)
        for name, item, meeting in planted_faults(chosen)
        if (said := verified(item, meeting, WordIndex(meeting.transcript.words)).said) and said.passed
    ]
    assert passed == []
    assert {name for name, _, _ in planted_faults(chosen)} >= {"negation", "number", "other day", "other owner"}


@pytest.mark.parametrize(
    ("reply", "refused"),
    [("Let me see. I can't, I'm away.", True), ("Hm, Friday.\nAnna: Yes.\nTom: I can't, I'm away.", True),
     ("Yes. I can't hear you, though.", False), ("Hm, Friday. It rains.", False)],
)  # fmt: skip
def test_a_refusal_need_not_be_the_first_sentence(reply: str, refused: bool) -> None:
    """It counts up to the first agreement of the person asked."""
    asked = "Tom, could you also book the small room?"
    meeting = dialogue(f"Anna: {asked}\nTom: {reply}")
    claim = Item("action", "Book the small room", (quoted(meeting, asked),), (TOM,), status="proposed")
    assert any("Tom refused" in one for one in problems(claim, meeting)) == refused


@pytest.mark.parametrize(
    ("said", "is_taken_on"),
    [
        ("Kurt please copy the old prototype by Wednesday.", False),
        ("Okay, Kurt, please copy the old prototype by Wednesday.", False),
        ("Please copy the old prototype by Wednesday, Kurt.", False),
        ("We decided that Kurt will copy the old prototype.", False),
        ("Kurt, please bring the disk, and I'll copy the old prototype.", True),
        ("Yes, Kurt, I can copy the old prototype.", True),
        ("Sure, Kurt, the old prototype by Wednesday.", True),
    ],
)
@pytest.mark.parametrize("agreed", [(), (Person("Victor"),)])
def test_a_task_for_another_person_is_not_that_of_the_speaker(
    said: str, is_taken_on: bool, agreed: tuple[Person, ...]
) -> None:
    """Unless the speaker takes it on in the same sentence."""
    meeting = dialogue(f"Victor: {said}\nKurt: The coffee is cold.")
    status: Status = "agreed" if agreed else "proposed"
    task = Item("action", "Copy the old prototype", (quoted(meeting, said),), (Person("Victor"),), agreed_by=agreed)
    found = problems(replace(task, status=status), meeting)
    if is_taken_on:
        assert found == ()
    else:
        assert "Victor did not take it on, and was not asked by name" in found
        assert ("Victor does not agree in the quotes" in found) == bool(agreed)
