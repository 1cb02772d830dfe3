from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.text.whitespace import one_line
from meetscribe.transcript import join_words


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["Good", "morning."], "Good morning."),
        (["Well", ",", "yes", "...", "(", "no", ")"], "Well, yes... ( no)"),
        (["我们", "开始", "。", "好"], "我们开始。好"),
        (["今日", "は", "テスト"], "今日はテスト"),
        (["สวัสดี", "ครับ"], "สวัสดีครับ"),
        (["ສະບາຍ", "ດີ"], "ສະບາຍດີ"),
        (["សួស្តី", "បាទ"], "សួស្តីបាទ"),
        (["မင်္ဂ", "လာပါ"], "မင်္ဂလာပါ"),
        (["안녕하세요", "여러분"], "안녕하세요 여러분"),
        (["用", "Python", "写"], "用 Python 写"),
        (["Это", "тест"], "Это тест"),
        (["¿", "Qué", "?"], "¿ Qué?"),
        ([], ""),
    ],
)
def test_spaces_follow_the_script(words: list[str], text: str) -> None:
    """Words are joined by spaces, but not within scripts without them, nor before closing punctuation."""
    assert join_words(words) == text


@given(st.lists(st.text(min_size=1).map(str.strip).filter(bool)))
def test_joining_adds_only_spaces(words: list[str]) -> None:
    """Joining keeps every character in order and adds nothing but single spaces between words."""
    joined = join_words(words)
    assert "".join(joined.split()) == "".join("".join(words).split())
    assert len(joined) <= sum(map(len, words)) + max(0, len(words) - 1)


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    """Whatever the text, one_line has no line break and no control character, and is stable."""
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(character < " " or character == "\x7f" for character in line)
    assert one_line(line) == line


def test_one_line_keeps_the_words() -> None:
    """White space of any kind becomes one space, and nothing else is lost."""
    assert one_line(" Zoë\u2028und\r\n\tAnna \x00") == "Zoë und Anna"
