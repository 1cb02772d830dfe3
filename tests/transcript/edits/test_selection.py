"""Times and passages choose words; what is ambiguous is refused, and the message says what is there."""

from __future__ import annotations

import pytest

from meetscribe.errors import SettingsError
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.edits.values import Assign, Merge
from meetscribe.transcript.edits.word_edits import with_edits
from meetscribe.transcript.edits.word_operations import replace_word
from tests.support.talks import TALK, said

EMPTY = Transcript((), Meta("en", 5))
INSTANT = Transcript((Segment((Word("a", 1, 1), Word("b", 1, 1), Word("c", 1, 2))),), Meta("en", 3))


def text(transcript: Transcript) -> str:
    return transcript.edited().text


def test_words_of_no_length_are_found() -> None:
    """Words without a length are in the passage that begins at their time, and keep that time."""
    assert text(INSTANT.replace(1, 1.001, "x y")) == "x y c"
    assert text(INSTANT.delete(1, 1.001)) == "c"
    assert text(replace_word(INSTANT, 1, "bb")) == "a bb c"
    assert [(word.start, word.end) for word in INSTANT.replace(1, 1.001, "x y z").edited().words] == [
        (1, 1),
        (1, 1),
        (1, 1),
        (1, 2),
    ]


def test_a_word_is_chosen_by_spelling_only_if_that_is_clear() -> None:
    """Within the precision of the time, the most similar word is chosen; two alike are refused."""
    assert text(replace_word(TALK, 0, "mourning", within=1.5)).startswith("Good mourning all.")
    assert text(replace_word(TALK, 2, "xyz")).splitlines()[1] == "xyz."
    twice = Transcript((said("A", 0, "well", "well"),), Meta("en", 2))
    with pytest.raises(SettingsError, match="several words are spoken at .*: “well” 0:00:00.0-0:00:00.5, “well”"):
        replace_word(twice, 0, "bell", within=1)
    nearest = "The nearest word is “Yes.” at 0:00:06.0."
    with pytest.raises(SettingsError, match=f"there is no word at 0:00:07.0\n{nearest}$"):
        replace_word(TALK, 7, "x")
    with pytest.raises(
        SettingsError, match=f"between 0:00:07.0 and 0:00:08.0\n{nearest} A passage must include its middle.$"
    ):
        TALK.replace(7, 8, "x")


def test_a_transcript_without_words_says_so() -> None:
    """Without words there is nothing to replace or split; words can be inserted."""
    message = "there is no word between .*\nThe transcript has no words; insert them"
    with pytest.raises(SettingsError, match=message):
        EMPTY.replace(0, 5, "x")
    with pytest.raises(SettingsError, match=message):
        EMPTY.delete(0, 5)
    with pytest.raises(SettingsError, match="there is no segment at"):
        EMPTY.split(1)


def test_words_of_no_speaker_belong_to_the_passage() -> None:
    """Words without a speaker do not make a passage ambiguous, but are left alone if a speaker is chosen."""
    words = (Word("a", 0, 1, speaker="A"), Word("b", 1, 2), Word("c", 2, 3, speaker="A"))
    talk = Transcript((Segment(words),), Meta("en", 3, turns=(Turn(0, 3, "A"),)))
    assert text(talk.replace(0, 3, "x")) == "x"
    assert text(talk.delete(0, 3, speaker="A")) == "b"


def test_speakers_in_turn_can_be_deleted_together_but_not_replaced() -> None:
    """A passage of several speakers who do not overlap is deleted at once; a text for it could be of any of them."""
    assert [segment.text for segment in TALK.delete(1, 3).edited().segments] == [
        "Good morning",
        "Hm.",
        "So, we start.",
        "Yes.",
    ]
    with pytest.raises(SettingsError, match="several speakers talk between"):
        TALK.replace(1, 3, "x")
    with pytest.raises(SettingsError, match="S2 does not speak there: S0 “all.”, S1 “Hello.”"):
        TALK.replace(1, 3, "x", speaker="S2")
    with pytest.raises(SettingsError, match="there is no speaker 'S9'"):
        TALK.delete(1, 3, speaker="S9")


def test_a_label_used_again_after_its_merge_is_another_speaker() -> None:
    """A message names each speaker, not the one into which an earlier speaker with that label was merged."""
    talk = with_edits(TALK.rename({"S0": "Anna"}), [Merge(("S0", "S1")), Assign(4.5, 5.5, "S1")])
    with pytest.raises(SettingsError, match="Anna “all. Hello.”, unknown “Hm.”, S2 “So,”, S1 “we start.”"):
        talk.replace(1, 6, "x")


def test_a_long_word_overlaps_more_than_the_next_one() -> None:
    """A word of one speaker may overlap another's after a further word of its own."""
    words = (Word("a", 0, 5, speaker="A"), Word("b", 1, 2, speaker="A"), Word("c", 3, 4, speaker="B"))
    talk = Transcript(tuple(Segment((word,)) for word in words), Meta("en", 5))
    with pytest.raises(SettingsError, match="several speakers talk between"):
        talk.delete(0, 5)
    assert text(talk.delete(0, 5, speaker="A")) == "c"


@pytest.mark.parametrize(
    ("words", "start", "end", "new", "expected"),
    [
        (["שלום", "לכולם"], 0.5, 1, "לכם", "שלום לכם"),
        (["我", "们", "用", "它"], 1.5, 2, "Python", "我们用 Python"),
        (["今日", "は", "晴れ"], 0, 0.5, "明日も", "明日もは晴れ"),
        (["สวัสดี", "ครับ"], 0.5, 1, "ค่ะ", "สวัสดีค่ะ"),
    ],
)
def test_any_script_is_corrected(words: list[str], start: float, end: float, new: str, expected: str) -> None:
    """Text from right to left, and text without spaces, is corrected like any other."""
    after = Transcript((said("A", 0, *words),), Meta("und", 3)).replace(start, end, new)
    assert text(after) == expected
    assert Transcript.from_json(after.to_json()).edited() == after.edited()
