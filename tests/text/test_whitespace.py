from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.text.whitespace import one_line, without_whitespace


@given(st.text())
def test_one_line_has_no_breaks(text: str) -> None:
    """The result has single spaces only, no control characters, and does not change when put on one line again."""
    line = one_line(text)
    assert line == " ".join(line.split())
    assert not any(ord(character) < 32 or ord(character) == 127 for character in line)
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


def test_one_line_keeps_the_words() -> None:
    """White space of any kind becomes one space, control characters vanish, and nothing else is lost."""
    assert one_line(" Zoë\u2028und\r\n\tAnna \x00") == "Zoë und Anna"


@given(st.text())
def test_all_whitespace_is_removed(text: str) -> None:
    """Everything but white space stays, in its order."""
    assert without_whitespace(text) == "".join(character for character in text if not character.isspace())
