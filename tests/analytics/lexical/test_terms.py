"""Terms of languages with and without spaces."""

from __future__ import annotations

from meetscribe.analytics.lexical.lexicon import lexicon_of
from meetscribe.analytics.lexical.terms import count_characters, counts_characters, terms_of
from meetscribe.text.splitting import split_words
from meetscribe.transcript import Word


def words_of(text: str, speaker: str | None = "A") -> list[Word]:
    """Return the words of a text, half a second each."""
    return [Word(word, i / 2, (i + 1) / 2, speaker=speaker) for i, word in enumerate(split_words(text))]


def terms(text: str, language: str) -> list[str]:
    return [term.text for term in terms_of(words_of(text), lexicon_of(language))]


def test_terms_are_content_words() -> None:
    """Function words, fillers, numbers and single letters are no terms."""
    assert terms("Um, the Budget isn't in 2026, it's the client's “x” budget.", "en") == ["budget", "client", "budget"]
    assert terms("L'idée est d'acheter la machine", "fr") == ["idée", "acheter", "machine"]


def test_characters_without_spaces_form_pairs() -> None:
    """Pairs with a function word are left out, and none spans two speakers."""
    assert terms("我们讨论预算。", "zh") == ["讨论", "论预", "预算"]
    mixed = [*words_of("预", "A"), *words_of("算", "B")]
    assert list(terms_of(mixed, lexicon_of("zh"))) == []


def test_words_of_unknown_speakers_are_left_out() -> None:
    """Keywords belong to speakers."""
    assert list(terms_of(words_of("Budget", None), lexicon_of("en"))) == []


def test_characters_are_counted_where_words_mean_nothing() -> None:
    """Most words decide; marks are no characters."""
    chinese = words_of("我们讨论 Python 的预算。")
    assert counts_characters(chinese)
    assert count_characters(chinese) == 7 + len("Python")
    assert not counts_characters(words_of("we use 预算 today"))
    assert not counts_characters([])
