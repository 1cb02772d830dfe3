"""Ids of words are transferred to a new run by aligning the words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word
from meetscribe.transcript.word_id_transfer import transfer_word_ids
from meetscribe.transcript.word_ids import with_new_word_ids

HASH = "sha256:" + "0" * 64


def said(text: str) -> Transcript:
    """Return a transcript of a recording, with ids by position."""
    words = tuple(Word(word, place, place + 1) for place, word in enumerate(text.split()))
    return with_new_word_ids(
        Transcript((Segment(words),) if words else (), Meta("en", 99, RecordingFile("m.wav", HASH)))
    )


def numbers(transcript: Transcript) -> list[int]:
    """Return the numbers of the words' ids."""
    return [int(str(word.id).rpartition("-")[2]) for word in transcript.words]


def test_aligned_words_keep_their_ids() -> None:
    """Equal words have the old ids, whatever their case; words that are new or changed have ids that no word had."""
    transferred = transfer_word_ids(said("so we ship on friday"), said("So then we skip on Friday"))
    assert numbers(transferred) == [0, 6, 1, 7, 3, 4]


@given(st.from_type(Transcript))
def test_a_run_with_identical_words_keeps_all_ids(found: Transcript) -> None:
    """The same words have the same ids."""
    before = with_new_word_ids(found)
    assert transfer_word_ids(before, before) == before


def test_without_old_ids_nothing_changes() -> None:
    """Words of a file without ids give none."""
    new = said("a b")
    assert transfer_word_ids(new.with_segments([Segment((Word("a", 0, 1),))]), new) is new


words = st.lists(st.sampled_from("abcd"), max_size=12).map(" ".join)


@given(words, words)
def test_transferred_ids_are_unique(before: str, after: str) -> None:
    """No two words share an id, an old id stays in order, and only at an equal word."""
    old, new = said(before), said(after)
    transferred = transfer_word_ids(old, new)
    assert len(set(numbers(transferred))) == len(new.words)
    texts = {word.id: word.text for word in old.words}
    kept = [word for word in transferred.words if word.id in texts]
    assert [word.text for word in kept] == [texts[word.id] for word in kept]
    assert numbers(Transcript((Segment(tuple(kept)),), old.meta) if kept else said("")) == sorted(
        int(str(word.id).rpartition("-")[2]) for word in kept
    )
