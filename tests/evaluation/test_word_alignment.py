"""Words of two transcripts aligned with each other, in their original spelling."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.evaluation import ScoredWord, scored_words, texts, wer
from meetscribe.evaluation.word_alignment import AlignedWord, align_words
from meetscribe.transcript import Meta, Segment, Transcript, Word


def words_of(text: str, speakers: str) -> list[ScoredWord]:
    """Return the scored words of a text with a speaker per word."""
    words = [
        Word(word, at, at + 0.5, speaker=name)
        for at, (word, name) in enumerate(zip(text.split(), speakers, strict=True))
    ]
    return scored_words(Transcript(tuple(Segment((word,)) for word in words), Meta("en", float(len(words)))))


def test_the_original_spelling_is_kept() -> None:
    """Aligned words have their original spelling, although normalized words are compared."""
    aligned, match = align_words(words_of("All-hands is now then", "AABB"), words_of("all hands was now so", "11112"))
    assert [(word.kind, word.reference, word.hypothesis, word.wrong_speaker) for word in aligned] == [
        ("correct", "All-hands", "all hands", False),
        ("substituted", "is", "was", False),
        ("correct", "now", "now", True),
        ("substituted", "then", "so", False),
    ]
    assert match == {"1": "A", "2": "B"}


def test_deleted_and_inserted_words_have_one_speaker() -> None:
    aligned, _ = align_words(words_of("so yes so", "AAA"), words_of("yes so indeed", "111"))
    assert aligned == [
        AlignedWord("deleted", 0.0, "so", "", "A", None),
        AlignedWord("correct", 1.0, "yes", "yes", "A", "1"),
        AlignedWord("correct", 2.0, "so", "so", "A", "1"),
        AlignedWord("inserted", 2.0, "", "indeed", None, "1"),
    ]


def test_scored_words_without_an_original_keep_their_own_text() -> None:
    aligned, match = align_words([ScoredWord("yes", "A", 0, 1)], [ScoredWord("yes", "1", 0, 1)])
    assert [(word.reference, word.hypothesis) for word in aligned] == [("yes", "yes")]
    assert match == {"1": "A"}


texts_of_words = st.lists(st.sampled_from(["ask", "be", "can"]), min_size=1, max_size=6).map(" ".join)


@settings(max_examples=40)
@given(texts_of_words, texts_of_words)
def test_the_kinds_are_those_of_the_word_error_rate(reference: str, hypothesis: str) -> None:
    sides = words_of(reference, "A" * len(reference.split())), words_of(hypothesis, "1" * len(hypothesis.split()))
    kinds = [word.kind for word in align_words(*sides)[0]]
    rate = wer(*map(texts, sides))
    assert (kinds.count("inserted"), kinds.count("deleted"), kinds.count("substituted")) == (
        rate.insertions,
        rate.deletions,
        rate.substitutions,
    )
