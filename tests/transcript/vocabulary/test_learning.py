"""Repeated replacements are proposed as rows."""

from __future__ import annotations

from meetscribe.transcript import Meta, Transcript
from meetscribe.transcript.vocabulary.application import Vocabulary, apply_vocabulary
from meetscribe.transcript.vocabulary.learning import propose_rows
from meetscribe.transcript.vocabulary.rows import Row
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import said

TALK = with_word_ids(
    Transcript(tuple(said("A", 4 * n, "the", "Vitter", "bee,", "codes", "again") for n in range(4)), Meta("en", 16))
)


def corrected(*texts: str) -> Transcript:
    """Return the talk with a segment replaced by each text."""
    talk = TALK
    for number, text in enumerate(texts):
        talk = talk.replace(4 * number, 4 * number + 2.5, text)
    return talk


def test_what_was_replaced_twice_is_proposed() -> None:
    """Words and marks around it are left out; case and marks alone are no row."""
    talk = corrected("the Viterbi, codes again", "The Viterbi codes again", "the Vitter bee, codes anew")
    assert propose_rows(talk, Vocabulary(())) == ((Row("vitter bee", "Viterbi"), 2),)


def test_known_rows_are_not_proposed() -> None:
    """Neither are those that the vocabulary made itself."""
    known = Vocabulary((Row("Vitter bee", "Viterbi"),))
    assert propose_rows(corrected("the Viterbi codes again", "the Viterbi codes again"), known) == ()
    assert propose_rows(apply_vocabulary(TALK, known), Vocabulary((), known.name)) == ()


def test_replacements_that_differ_are_not_proposed() -> None:
    """A row needs more than half of the replacements of its words."""
    talk = corrected("the Viterbi codes again", "the Viterbi codes again", "the Wiki codes again", "the B codes again")
    assert propose_rows(talk, Vocabulary(())) == ()
