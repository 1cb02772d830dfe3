"""Numbers, money, times and addresses are read out as people do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.alignment.spoken_forms import verbalise


def read(text: str, language: str) -> str:
    """The word with what is said in the place of what is written."""
    said, position = "", 0
    for first, last, spoken in verbalise(text, language):
        said, position = f"{said}{text[position:first]} {spoken} ", last
    return " ".join((said + text[position:]).split())


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "42", "forty-two"),
        ("en", "3rd", "third"),
        ("en", "21st,", "twenty-first ,"),
        ("en", "3.14", "three point one four"),
        ("en", "1,000,000", "one million"),
        ("en", "1994", "nineteen ninety-four"),
        ("en", "1990s", "nineteen ninety s"),
        ("en", "$5.50", "five dollars fifty"),
        ("en", "$1", "one dollar"),
        ("en", "$1,234", "one thousand, two hundred and thirty-four dollars"),
        ("en", "5€", "five euros"),
        ("en", "100%", "one hundred percent"),
        ("en", "10:30", "ten thirty"),
        ("en", "9:05", "nine zero five"),
        ("en", "10:00", "ten"),
        ("en", "007", "zero zero seven"),
        ("en", "5551234", "five five five one two three four"),
        ("en", "3.5.1", "three five one"),
        ("en", "B2B", "B two B"),
        ("en", "R&D", "R and D"),
        ("en", "jo.doe@example.com,", "jo dot doe at example dot com,"),
        ("en", "https://a.com/x", "https://a dot com slash x"),
        ("en", "e.g.", "e.g."),
        ("en", "either/or", "either/or"),
        ("en", "½", "½"),
        ("de", "42", "zweiundvierzig"),
        ("de", "3,5", "drei Komma fünf"),
        ("de", "5,50€", "fünf euro fünfzig"),
        ("de", "1.234", "eintausendzweihundertvierunddreißig"),
        ("de", "10:30", "zehn uhr dreißig"),
        ("de", "3rd", "drei rd"),
        ("de", "a@b.de", "a ät b punkt de"),
        ("fr", "42", "quarante-deux"),
        ("fr", "42%", "quarante-deux %"),
        ("ar", "٤٢", "اثنان و أربعون"),
        ("nn", "2", "to"),
        ("zh", "42", "42"),
        ("xx", "$5", "$5"),
    ],
)
def test_what_is_said(language: str, text: str, said: str) -> None:
    """In the words of the language; what is not known stays as it is."""
    assert read(text, language) == said


@given(st.text(max_size=12), st.sampled_from(["en", "de", "fr", "ar", "zh", "ja", "ru"]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    """Parts lie in the text, in order, without overlap, and something is said for each."""
    position = 0
    for first, last, said in verbalise(text, language):
        assert position <= first < last <= len(text)
        assert said.strip()
        position = last


@given(
    st.from_regex(r"[$€]?[0-9.,:]{1,14}[%€]?", fullmatch=True), st.sampled_from(["en", "de", "fr", "pl", "tr", "fa"])
)
def test_any_number_can_be_read(text: str, language: str) -> None:
    """However it is written, nothing fails."""
    verbalise(text, language)
