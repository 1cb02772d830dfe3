"""The lists of the languages, and how an unknown language is found."""

from __future__ import annotations

import pytest

from meetscribe.analytics.lexical.lexicon import languages, lexicon_of, plain


@pytest.mark.parametrize("code", languages())
def test_the_lists_are_plain_words(code: str) -> None:
    """Every list has words, in the form that words of transcripts are compared in."""
    lexicon = lexicon_of(code)
    for words in (lexicon.stop_words, lexicon.fillers, lexicon.backchannels):
        assert words
        assert {plain(word) for word in words} == words


def test_there_are_lists_for_common_languages() -> None:
    """At least these languages have lists."""
    assert {"de", "en", "es", "fr", "it", "pt"} <= set(languages())


def test_a_language_without_lists_has_empty_ones() -> None:
    """Any short response can then be a backchannel."""
    lexicon = lexicon_of("fi")
    assert (lexicon.language, lexicon.stop_words, lexicon.is_backchannel(["joo"])) == ("fi", frozenset(), True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("and then we said that this is not what they want to do", "en"),
        ("und dann haben wir gesagt dass das nicht so geht wie ihr es wollt", "de"),
        ("je pense que nous avons dit que ce n' est pas la même chose", "fr"),
        ("xylophone quartz zephyr", "und"),
        ("", "und"),
    ],
)
def test_an_unknown_language_is_found_by_its_stop_words(text: str, code: str) -> None:
    """Text that has few stop words of any language keeps its unknown language."""
    assert lexicon_of("und", text.split()).language == code


def test_regions_have_the_lists_of_their_language() -> None:
    """pt-BR is Portuguese."""
    assert lexicon_of("pt-BR").language == "pt"


def test_backchannels_are_made_of_their_words() -> None:
    """One other word makes it a turn."""
    english = lexicon_of("en")
    assert english.is_backchannel(["Yeah,", "right."])
    assert not english.is_backchannel(["Yeah,", "budget."])
