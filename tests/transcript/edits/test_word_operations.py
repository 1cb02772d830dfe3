"""Words are replaced, deleted and inserted, and segments split and joined, without a change of the words recognised."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Transcript
from meetscribe.transcript.edits.application import unapplied_edits
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import LABELS, TALK, said, talks

TALK_WITH_IDS = with_word_ids(TALK)
TEXTS = ("yes", "no.", "well, yes", "No yes well, no", "我们用", "สวัสดี ครับ", "שלום לכולם", "…")


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, tuple[object, ...]]]:
    """Draw edits of words and speakers: methods of a transcript and their arguments."""
    found: list[tuple[str, tuple[object, ...]]] = []
    for kind in draw(st.lists(st.sampled_from(["replace", "delete", "insert", "split", "join", "assign"]), max_size=8)):
        start = draw(st.integers(0, 30)) / 4
        end = start + draw(st.integers(1, 12)) / 4
        text, speaker = draw(st.sampled_from(TEXTS)), draw(st.sampled_from((None, *LABELS)))
        arguments: dict[str, tuple[object, ...]] = {
            "replace": (start, end, text),
            "delete": (start, end),
            "insert": (start, text, speaker),
            "split": (start,),
            "join": (start, end),
            "assign": (start, end, speaker or "Dora"),
        }
        found.append((kind, arguments[kind]))
    return found


def states(transcript: Transcript, wanted: list[tuple[str, tuple[object, ...]]]) -> Iterator[Transcript]:
    """Yield the transcript, and its state after each edit that is valid."""
    yield transcript
    for method, arguments in wanted:
        try:
            transcript = getattr(transcript, method)(*arguments)
        except SettingsError:
            continue
        yield transcript


@settings(deadline=None, max_examples=100)
@given(talks().map(with_word_ids), steps(), st.data())
def test_edits_are_a_log_over_untouched_words(
    talk: Transcript, wanted: list[tuple[str, tuple[object, ...]]], data: st.DataObject
) -> None:
    """Edits never change the words recognised; replay is deterministic; ids are unique; any step can be undone."""
    after = list(states(talk, wanted))[-1]
    assert after.with_meta(edits=()) == talk
    shown = after.edited()
    ids = [word.id for word in shown.words]
    assert None not in ids
    assert len(set(ids)) == len(ids)
    again = Transcript.from_json(after.to_json())
    assert (again, again.edited()) == (after, shown)
    assert unapplied_edits(after) == ()
    assert shown.edited() is shown
    if edits := after.meta.edits:
        step = data.draw(st.integers(1, len(edits)))
        without = talk.with_meta(edits=(*edits[: step - 1], *edits[step:]))
        assert after.undo(step) == without
        assert after.undo(step).edited() == without.edited()


@settings(deadline=None, max_examples=50)
@given(talks().map(with_word_ids), st.sampled_from(TEXTS), st.integers(0, 20))
def test_only_the_passage_changes(talk: Transcript, text: str, at: int) -> None:
    """The words outside of a replaced passage stay equal, its text is the new one, and its words are in order."""
    try:
        after = talk.replace(at / 4, at / 4 + 1, text).edited()
    except SettingsError:
        return
    outside = [word for word in talk.words if not at / 4 <= (word.start + word.end) / 2 < at / 4 + 1]
    own = [word for word in after.words if word not in outside]
    assert [word for word in after.words if word in outside] == outside
    assert "".join(word.text for word in own) == "".join(text.split())
    assert all(one.start <= other.start and one.end <= other.end for one, other in zip(own, own[1:], strict=False))
    assert all(segment.words for segment in after.segments)


def texts(transcript: Transcript) -> list[tuple[str | None, str]]:
    """Return the speaker and text of each segment after the edits."""
    return [(segment.speaker, segment.text) for segment in transcript.edited().segments]


def test_aligned_words_keep_their_times_and_ids() -> None:
    """Equal words, and words replaced one by one, keep ids and times; others are interpolated and named by the edit."""
    after = TALK_WITH_IDS.replace(0, 1.5, "Good, good evening to you all")
    edit, words = after.meta.edits[0], after.edited().words[:6]
    assert [word.text for word in words] == ["Good,", "good", "evening", "to", "you", "all"]
    assert [words[0].id, words[-1].id] == [TALK_WITH_IDS.words[0].id, TALK_WITH_IDS.words[2].id]
    assert [(words[0].start, words[0].end), (words[-1].start, words[-1].end)] == [(0, 0.5), (1.0, 1.5)]
    assert {word.timing for word in words[1:5]} == {"interpolated"}
    assert (words[1].start, words[4].end) == (0.5, 1.0)
    assert [word.id for word in words[1:5]] == [f"{getattr(edit, 'id', '')}-{place}" for place in range(4)]
    one = TALK_WITH_IDS.replace(4, 4.5, "Well,").edited().words[5]
    assert (one.text, one.start, one.end, one.timing) == ("Well,", 4, 4.5, "engine")
    assert one.id == TALK_WITH_IDS.words[5].id


def test_an_edit_of_an_edit() -> None:
    """Words that an edit made can be edited; without that edit, later ones have no effect until it is back."""
    first = TALK.insert(1.9, "Well then", "S1")
    second = first.replace(1.9, 1.95, "Now")
    assert texts(second)[1:3] == [("S1", "Now then"), ("S1", "Hello.")]
    third = second.delete(1.9, 2)
    assert unapplied_edits(third) == ()
    assert unapplied_edits(third.undo(1)) == (1, 2)
    assert texts(third.undo(1)) == texts(TALK)


def test_segments_are_split_and_joined() -> None:
    """A segment is divided before a word and joined again; words of two speakers are not joined."""
    split = TALK.split(0.6)
    assert texts(split)[:2] == [("S0", "Good"), ("S0", "morning all.")]
    assert texts(split.join(0, 1.5)) == texts(TALK)
    with pytest.raises(SettingsError, match="belong to several speakers"):
        TALK.join(0, 3)


def test_deleted_words_leave_no_empty_segment() -> None:
    """A segment without words is gone; the following one keeps its start."""
    assert texts(TALK.delete(0, 0.5))[0] == ("S0", "morning all.")
    assert texts(TALK.delete(2, 2.5))[:2] == [("S0", "Good morning all."), (None, "Hm.")]
    everything = TALK.delete(0, 8)
    assert everything.edited().segments == ()
    assert everything.undo().meta.edits == ()


def test_inserted_words_take_the_segment_and_speaker_of_the_place() -> None:
    """Within a segment, inserted words join it; elsewhere they are a segment, with a speaker only if it is certain."""
    assert texts(TALK.insert(0.5, "very"))[0] == ("S0", "Good very morning all.")
    assert texts(TALK.insert(0.5, "Yes.", "S2"))[1] == ("S2", "Yes.")
    assert texts(TALK.insert(3.7, "Right."))[3] == (None, "Right.")
    new = TALK.insert(7, "Bye.", "Dora").edited()
    assert (new.segments[-1].speaker, new.turns[-1].speaker, new.words[-1].speaker_source) == ("Dora", "Dora", "edit")
    assert Transcript((), Meta("en", 2)).insert(1, "Hi.").edited().text == "Hi."


OVERLAP = Transcript(
    (said("A", 0, "one", "two", "three"), said("B", 0.5, "uh", "huh")),
    Meta("en", 3, turns=(Turn(0, 1.5, "A"), Turn(0.5, 1.5, "B"))),
)


def test_a_speaker_is_chosen_where_several_talk() -> None:
    """Where speakers overlap, `speaker` chooses; without it the message quotes what each says."""
    with pytest.raises(SettingsError, match=r"several speakers talk between .*: A “two”, B “uh”\nChoose one"):
        OVERLAP.replace(0.5, 1, "too")
    assert texts(OVERLAP.replace(0.5, 1, "too", speaker="A")) == [("A", "one too three"), ("B", "uh huh")]
    assert texts(OVERLAP.delete(0, 1.5, speaker="b")) == [("A", "one two three")]
    assert texts(OVERLAP.insert(0.6, "er", "B")) == [("A", "one two three"), ("B", "er uh huh")]
    with pytest.raises(SettingsError, match="several speakers talk at"):
        OVERLAP.insert(0.6, "er")


@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("replace", (2, 1, "x"), "is not after"),
        ("replace", (7, 8, "x"), "there is no word between .*\nThe nearest word is “Yes.” at 0:00:06.0"),
        ("replace", (0, 1, " \n"), "the new text is empty\nTo remove words, delete them"),
        ("delete", (7, 8), "there is no word between"),
        ("insert", (9, "x"), "9 is outside the recording\nIt lasts 0:00:08.0"),
        ("insert", (float("nan"), "x"), "is outside the recording"),
        ("split", (7,), "there is no segment at"),
        ("split", (1.4,), "the segment cannot be split at"),
        ("join", (0, 1), "there are no two segments"),
        ("undo", (2,), "there is no correction 2\nGive a number from 1 to 1"),
    ],
)
def test_what_is_not_clear_is_refused(method: str, arguments: tuple[object, ...], message: str) -> None:
    """An edit of nothing, or of more than one thing, is refused, with a remedy."""
    with pytest.raises(SettingsError, match=message):
        getattr(TALK.rename({"S0": "Anna"}), method)(*arguments)
