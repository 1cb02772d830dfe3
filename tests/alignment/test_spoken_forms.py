"""Numbers, currency, times and addresses have the spoken form that people use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.alignment.spoken_forms import verbalise


def read(text: str, language: str) -> str:
    """Return the word with spoken forms in place of the written parts."""
    result, position = "", 0
    for first, last, spoken in verbalise(text, language):
        result, position = f"{result}{text[position:first]} {spoken} ", last
    return " ".join((result + text[position:]).split())


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
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
def test_spoken_forms(language: str, text: str, spoken: str) -> None:
    """The spoken form is in the language of the word; unknown parts are unchanged."""
    assert read(text, language) == spoken


@given(st.text(max_size=12), st.sampled_from(["en", "de", "fr", "ar", "zh", "ja", "ru"]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    """Parts are within the text, in order and disjoint, and each has a spoken form."""
    position = 0
    for first, last, spoken in verbalise(text, language):
        assert position <= first < last <= len(text)
        assert spoken.strip()
        position = last


@given(
    st.from_regex(r"[$€]?[0-9.,:]{1,14}[%€]?", fullmatch=True), st.sampled_from(["en", "de", "fr", "pl", "tr", "fa"])
)
def test_any_number_can_be_read(text: str, language: str) -> None:
    """Any spelling of a number is read without an error; its parts are within the text."""
    assert all(0 <= first < last <= len(text) for first, last, _ in verbalise(text, language))
