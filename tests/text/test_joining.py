from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    """Words are joined by spaces, except within scripts without spaces and before closing punctuation."""
    assert join_words(words) == text


@given(st.lists(st.text(min_size=1).map(str.strip).filter(bool)))
def test_joining_adds_only_spaces(words: list[str]) -> None:
    """Joining keeps every character in order and adds only single spaces between words."""
    joined = join_words(words)
    assert "".join(joined.split()) == "".join("".join(words).split())
    assert len(joined) <= sum(map(len, words)) + max(0, len(words) - 1)
