"""One script for languages that are written in two."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.text.scripts import SCRIPTS, Script, in_script, main_script
from meetscribe.text.splitting import split_words

SERBIAN = st.text("абвгдђежзијклљмнњопрстћуфхцчџш АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ.,")
CHINESE = st.text("我们們在这這里裡说說话話后後干乾台臺头頭发發髮面麵A1。 ")


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("我们在这里说话", "zh", "simplified"),
        ("我們在這裡說話", "zh", "traditional"),
        ("我們在這裡, 一起说话", "yue", "traditional"),
        ("一二三", "zh", None),
        ("Добар дан", "sr", "cyrillic"),
        ("Dobar dan", "sr", "latin"),
        ("我們", "ja", None),
        ("", "zh", None),
    ],
)
def test_the_main_script_is_that_of_most_letters(text: str, language: str, script: Script | None) -> None:
    """Only letters that differ between the scripts of the language count."""
    assert main_script(text, language) == script


@pytest.mark.parametrize(
    ("text", "script", "expected"),
    [
        ("後來皇后說乾淨的麵", "simplified", "后来皇后说干净的面"),
        ("后来皇后说干净", "traditional", "後來皇后說乾淨"),
        ("Љубав, ЊЕГОШ, Џон, џеп, Љ", "latin", "Ljubav, NJEGOŠ, Džon, džep, Lj"),
        ("Ljubav, NJEGOŠ, Džon, džep; New York", "cyrillic", "Љубав, ЊЕГОШ, Џон, џеп; New York"),
    ],
)
def test_words_are_written_in_the_script(text: str, script: Script, expected: str) -> None:
    """Chinese is converted by the words around a character, Serbian letter by letter, foreign names not at all."""
    assert "".join(in_script(split_words(text), script)) == "".join(split_words(expected))


@given(CHINESE)
def test_chinese_words_keep_their_number_and_length(text: str) -> None:
    """Words are converted in context and keep their boundaries; a second conversion changes nothing."""
    words = split_words(text)
    for script in SCRIPTS["zh"]:
        converted = in_script(words, script)
        assert [len(word) for word in converted] == [len(word) for word in words]
    simplified = in_script(words, "simplified")
    assert in_script(simplified, "simplified") == simplified


@given(SERBIAN)
def test_serbian_is_the_same_after_a_round_trip(text: str) -> None:
    """Cyrillic text in Latin letters and back is the same, except for the case of letters in capitals."""
    words = re.sub("[лн]ј|дж", "", text, flags=re.IGNORECASE).split()  # in Latin they look like one letter
    latin = in_script(words, "latin")
    assert [word.lower() for word in in_script(latin, "cyrillic")] == [word.lower() for word in words]
    assert main_script("".join(latin), "sr") in ("latin", None)
