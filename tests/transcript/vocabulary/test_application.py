"""A vocabulary becomes edits that name their row."""

from __future__ import annotations

from meetscribe.transcript import Meta, Transcript
from meetscribe.transcript.vocabulary.application import Vocabulary, apply_vocabulary
from meetscribe.transcript.vocabulary.rows import Row
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import said

VOCABULARY = Vocabulary(
    (Row("vitter bee", "Viterbi"), Row("bee", "B"), Row("um", ""), Row(r"(\d+) percent", r"\1%", True))
)
TALK = with_word_ids(
    Transcript(
        (
            said("A", 0, "Um,", "the", "(vitter", "bee)", "algorithm", "of", "5", "percent", "um."),
            said("B", 5, "vitter"),
            said("A", 6, "bee", "um"),
        ),
        Meta("en", 8),
    )
)


def test_each_passage_is_an_edit_with_its_source() -> None:
    """Punctuation stays, words with an empty correction are deleted, and the longest match wins."""
    after = apply_vocabulary(TALK, VOCABULARY)
    assert [segment.text for segment in after.edited().segments] == ["the (Viterbi) algorithm of 5%", "vitter", "B"]
    assert [(edit.kind, getattr(edit, "source", None)) for edit in after.meta.edits] == [
        ("delete", "corrections.toml: um"),
        ("replace", "corrections.toml: vitter bee"),
        ("replace", r"corrections.toml: (\d+) percent"),
        ("delete", "corrections.toml: um"),
        ("replace", "corrections.toml: bee"),
        ("delete", "corrections.toml: um"),
    ]
    assert TALK.words == after.words


def test_a_second_application_changes_nothing() -> None:
    """The vocabulary sees the edited words."""
    after = apply_vocabulary(TALK, VOCABULARY)
    assert apply_vocabulary(after, VOCABULARY) is after


def test_a_correction_without_letters_is_not_a_deletion() -> None:
    """A word can become a symbol."""
    after = apply_vocabulary(TALK, Vocabulary((Row("percent", "%"),)))
    assert after.edited().segments[0].text.endswith("of 5% um.")


def test_replaced_words_are_found_across_earlier_edits() -> None:
    """Words that an edit made are corrected too."""
    edited = TALK.replace(5, 5.5, "vitter bee")
    assert "Viterbi" in apply_vocabulary(edited, VOCABULARY).edited().text.splitlines()[1]
