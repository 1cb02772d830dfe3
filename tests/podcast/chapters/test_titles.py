"""Titles from key terms."""

from __future__ import annotations

from meetscribe.podcast.chapters.titles import LONGEST, key_titles
from meetscribe.transcript import Meta, Segment, Transcript
from tests.podcast.episodes import said


def titles(*passages: Segment, language: str = "en") -> list[str]:
    return key_titles(Transcript(passages, Meta(language, 1000.0)), passages)


def repeated(text: str, times: int = 3, start: float = 0.0) -> Segment:
    return said("Anna", start, *(text.split() * times))


def test_phrases_are_kept_together() -> None:
    """Terms are phrases as they are spelled, without function words ("good" is one); they share no word."""
    first = repeated("The electric car needs a charging station, and the electric car is quiet.")
    second = repeated("We bake Berlin rye bread, because Berlin rye bread is good.", start=100.0)
    assert titles(first, second) == ["Electric car, charging station, needs", "Berlin rye bread, bake"]


def test_common_terms_are_left_out() -> None:
    """What both passages speak of sets none apart."""
    found = titles(repeated("podcast apples podcast"), repeated("podcast pears podcast", start=50.0))
    assert found == ["Apples", "Pears"]


def test_adverbs_and_names_that_open_a_sentence_are_left_out() -> None:
    """A clause of one word at the beginning of a sentence says nothing about the subject."""
    found = titles(repeated("Honestly, we sell bread. Anna, the bread!"), repeated("We sell pears.", start=50.0))
    assert found == ["Bread", "Sell pears"]


def test_a_passage_without_terms_is_named_after_its_first_words() -> None:
    assert titles(said("Anna", 0.0, "So,", "and", "then?")) == ["Anna: So, and then?"]


def test_titles_are_short() -> None:
    words = " ".join(f"verylongwordnumber{letter * 9}," for letter in "abcdefgh")
    (title,) = titles(repeated(words))
    assert 0 < len(title) <= LONGEST


def test_scripts_without_spaces() -> None:
    """Pairs of characters take the place of words."""
    passage = said("安娜", 0.0, *("火车站很大" * 4))
    other = said("安娜", 50.0, *("面包很好吃" * 4))
    found = titles(passage, other, language="zh")
    assert "火车" in found[0] and "面包" in found[1]
