"""The differences of a corrected copy become edits, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetscribe.errors import InputError
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Segment, Transcript
from meetscribe.transcript.comparison.importing import Difference, import_corrections
from meetscribe.transcript.edits.word_edits import with_edits
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import said

ORIGINAL = with_word_ids(
    Transcript(
        (
            said("S0", 0, "We", "use", "the", "vitter", "bee", "algorithm."),
            said("S1", 4, "Good", "morning."),
            said("S2", 6, "So,", "we", "start."),
            said("S0", 8, "Yes,", "we", "do."),
        ),
        Meta("en", 10),
    )
).rename({"S0": "Anna"})


def copy(*segments: Segment) -> Transcript:
    """Return a copy with the first segments replaced; the others are as shown in the original."""
    return Transcript((*segments, *ORIGINAL.edited().segments[len(segments) :]), ORIGINAL.meta).with_meta(edits=())


def found(copied: Transcript, original: Transcript = ORIGINAL) -> list[tuple[str, str, str]]:
    """Return kind, before and after of each difference, and check that the edits make the original equal the copy."""
    edits, differences = import_corrections(original, copied)
    after = with_edits(original, edits).edited()
    assert [(word.text, word.speaker) for word in after.words] == [
        (word.text, word.speaker) for word in copied.edited().words
    ]
    return [(one.kind, one.before, one.after) for one in differences]


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ((), []),
        (
            (said("Anna", 0, "We", "use", "the", "Viterbi", "algorithm."),),
            [("replace", "vitter bee", "Viterbi")],
        ),
        ((said("Anna", 0, "We", "use", "vitter", "bee", "algorithm."),), [("delete", "the", "")]),
        (
            (said("Anna", 0, "Today", "we", "use", "the", "vitter", "bee", "algorithm."),),
            [("replace", "We", "Today we")],
        ),
        (
            (said("Anna", 0, "We", "always", "use", "the", "vitter", "bee", "algorithm!"),),
            [("insert", "", "always"), ("replace", "algorithm.", "algorithm!")],
        ),
        (
            (said("Anna", 0, "We", "use", "the", "vitter", "bee", "algorithm."), said("S2", 3, "Really?")),
            [("delete", "Good morning.", ""), ("insert", "", "Really?")],
        ),
    ],
    ids=["same", "two-words-by-one", "deletion", "first", "insertion-and-marks", "other-text"],
)
def test_changes_of_text(segments: tuple[Segment, ...], expected: list[tuple[str, str, str]]) -> None:
    """Each change of text is one difference with the words concerned."""
    assert sorted(found(copy(*segments))) == sorted(expected)


def test_an_inserted_segment() -> None:
    """A segment between two others is inserted with its speaker and its times."""
    first = said("Anna", 0, "We", "use", "the", "vitter", "bee", "algorithm.")
    copied = Transcript((first, said("Eve", 3, "Hm,", "no."), *ORIGINAL.edited().segments[1:]), Meta("en", 10))
    edits, differences = import_corrections(ORIGINAL, copied)
    assert differences == (Difference("insert", 3.0, 4.0, "", "Hm, no."),)
    inserted = with_edits(ORIGINAL, edits).edited().segments[1]
    assert (inserted.speaker, inserted.text, inserted.start, inserted.end) == ("Eve", "Hm, no.", 3.0, 4.0)


def test_insertions_keep_their_order() -> None:
    """Several segments inserted at one place stay in order."""
    first, *others = ORIGINAL.edited().segments
    new = (said("Eve", 3, "One."), said("Ben", 3.5, "Two."), said("Eve", 3.8, "Three."))
    found(Transcript((first, *new, *others), Meta("en", 10)))
    new = (said("Eve", 0, "One."), said("Ben", 0, "Two."), said("Eve", 0, "Three."))
    found(Transcript((*new, first, *others), Meta("en", 10)))


def test_a_segment_in_another_order_is_inserted_by_time() -> None:
    """A format may order segments by speaker: an insertion is then placed by its time."""
    first, second, *others = ORIGINAL.edited().segments
    copied = Transcript((first, second, *others, said("S1", 5.2, "Hello.")), Meta("en", 10))
    edits, _ = import_corrections(ORIGINAL, copied)
    assert [one.text for one in with_edits(ORIGINAL, edits).edited().segments][1:3] == ["Good morning.", "Hello."]


def test_a_speaker_renamed_throughout() -> None:
    """A new name in all places is one renaming; other words given to that speaker are assigned."""
    renamed = tuple(
        Segment(
            tuple(
                replace(word, speaker="Eve" if word.speaker in ("Anna", "S2") else word.speaker) for word in one.words
            )
        )
        for one in ORIGINAL.edited().segments
    )
    assert found(copy(*renamed)) == [("rename", "Anna", "Eve"), ("assign", "S2", "Eve")]


def test_swapped_names() -> None:
    """Two names swapped throughout are one renaming."""
    names = {"Anna": "S1", "S1": "Anna", "S2": "S2"}
    swapped = tuple(
        Segment(tuple(replace(word, speaker=names[word.speaker or ""]) for word in one.words))
        for one in ORIGINAL.edited().segments
    )
    edits, _ = import_corrections(ORIGINAL, copy(*swapped))
    assert [edit.kind for edit in edits] == ["rename"]
    found(copy(*swapped))


@pytest.mark.parametrize("name", ["Anna", "S0", None])
def test_names_that_are_no_change(name: str | None) -> None:
    """The name shown and the label are no change, and neither is a missing name."""
    edits, differences = import_corrections(
        ORIGINAL, copy(said(name, 0, "We", "use", "the", "vitter", "bee", "algorithm."))
    )
    assert (edits, differences) == ((), ())


def test_a_copy_without_speakers() -> None:
    """Speakers are not compared if the copy has none; its corrections keep the speakers of the words around."""
    plain = [said(None, one.start, *(word.text for word in one.words)) for one in ORIGINAL.segments]
    plain[1] = said(None, 4, "Good", "old", "morning.")
    edits, differences = import_corrections(ORIGINAL, Transcript(tuple(plain), Meta("en", 10)))
    assert [one.kind for one in differences] == ["insert"]
    assert with_edits(ORIGINAL, edits).edited().segments[1].speaker == "S1"


def test_overlapping_words_are_assigned_without_the_others() -> None:
    """Words that overlap those of another speaker are assigned one by one; at the same middle, none are."""
    overlapping = Transcript(
        (said("A", 0, "one", "two", "three"), said("B", 0.25, "uno", "due"), said("C", 1, "III")), Meta("en", 3)
    )
    changed = (said("D", 0, "one", "two", "three"), *overlapping.segments[1:])
    edits, differences = import_corrections(
        overlapping, Transcript((said("A", 0, "one"), said("B", 0.5, "two", "three"), *changed[1:]), overlapping.meta)
    )
    assert [(one.text, one.applied) for one in differences] == [("two", True), ("three", False)]
    after = with_edits(with_word_ids(overlapping), edits).edited()
    assert {word.text: word.speaker for word in after.words} == {
        "one": "A",
        "two": "B",
        "three": "A",
        "uno": "B",
        "due": "B",
        "III": "C",
    }


def test_turns_alone_rename_and_assign() -> None:
    """A copy with turns and without words changes speakers only."""
    turns = (Turn(0, 3, "Eve"), Turn(4, 5, "S1"), Turn(6, 7.5, "S1"), Turn(8, 9.5, "Eve"))
    edits, differences = import_corrections(
        ORIGINAL,
        Transcript((), Meta("en", 10, turns=turns)),
        written=[Transcript((), Meta("en", 10, turns=ORIGINAL.edited().turns))],
    )
    assert [(one.kind, one.before, one.after) for one in differences] == [
        ("rename", "Anna", "Eve"),
        ("assign", "S2", "S1"),
    ]
    assert with_edits(ORIGINAL, edits).edited().speakers == ("Eve", "S1")


@pytest.mark.parametrize(
    ("segments", "message"),
    [((), "the copy contains no words"), ((said("A", 0, "something", "else", "entirely"),), "only 0% of the words")],
)
def test_other_files_are_refused(segments: tuple[Segment, ...], message: str) -> None:
    """A copy without words, or with other words, is an error."""
    with pytest.raises(InputError, match=message):
        import_corrections(ORIGINAL, Transcript(segments, Meta("en", 10)))
