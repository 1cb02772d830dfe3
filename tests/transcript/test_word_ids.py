"""Ids of words are unique, given once, and stay with the words."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word
from meetscribe.transcript.word_ids import with_new_word_ids, with_word_ids

RECORDING = RecordingFile("m.wav", "sha256:0123456789abcdef")


def transcript(*words: Word, recording: RecordingFile | None = RECORDING) -> Transcript:
    """Return a transcript with a segment for each word."""
    return Transcript(tuple(Segment((word,)) for word in words), Meta("en", 9, recording))


def ids_of(found: Transcript) -> list[str | None]:
    """Return the ids of the words."""
    return [word.id for word in found.words]


def test_ids_are_hash_and_position() -> None:
    """A word's id is the start of the recording's hash and the position of the word."""
    found = with_word_ids(transcript(Word("a", 0, 1), Word("b", 1, 2)))
    assert ids_of(found) == ["0123456789ab-0", "0123456789ab-1"]


def test_without_a_recording_the_words_are_hashed() -> None:
    """The prefix of a transcript of an unknown recording depends on the texts, not on the times."""
    first, later, other = (
        with_word_ids(transcript(Word(text, start, 3), recording=recording))
        for text, start, recording in [("a", 0, None), ("a", 1, RecordingFile("m.wav")), ("b", 0, None)]
    )
    assert ids_of(first) == ids_of(later) != ids_of(other)
    assert len(str(first.words[0].id)) == 14


def test_given_ids_stay() -> None:
    """Words that have an id keep it, and no other word gets the same one."""
    given = (Word("a", 0, 1, id="x"), Word("b", 1, 2), Word("c", 2, 3, id="0123456789ab-1"))
    assert ids_of(with_word_ids(transcript(*given))) == ["x", "0123456789ab-3", "0123456789ab-1"]
    assert ids_of(with_new_word_ids(transcript(*given))) == [f"0123456789ab-{position}" for position in range(3)]


@given(st.from_type(Transcript))
def test_ids_are_unique_and_given_once(found: Transcript) -> None:
    """Every word has another id, also in a new run with the same words, and giving ids again changes nothing."""
    identified = with_new_word_ids(found)
    ids = ids_of(identified)
    assert None not in ids
    assert len(set(ids)) == len(ids)
    assert with_word_ids(identified) is identified
    assert with_new_word_ids(found) == identified


@given(st.from_type(Transcript))
def test_ids_stay_through_edits_and_undo(found: Transcript) -> None:
    """The edited words have the ids of the words as recognised, in the same order; undo changes none."""
    found = with_new_word_ids(found)
    if found.words:  # an insertion without neighbours adds words to an empty transcript
        assert ids_of(found.edited()) == ids_of(found)
        assigned = found.assign(0, 1e6, "Ben")
        assert ids_of(assigned.edited()) == ids_of(found)
        assert assigned.undo() == found


@given(st.from_type(Transcript))
def test_attributed_words_keep_all_else(found: Transcript) -> None:
    """A word with another speaker or id is the same but for that."""
    for word in found.words:
        changed = replace(word, speaker="B", speaker_score=0.5, speaker_source="hint", overlap=True)
        assert word.attributed("B", 0.5, "hint", True) == changed
        assert word.identified("r-1") == replace(word, id="r-1")
