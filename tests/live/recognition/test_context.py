"""The prompt is the end of the committed text before the window, whole words, and never a loop."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.live.recognition.context import Context
from meetscribe.transcript import Word


def words(text: str) -> list[Word]:
    return [Word(each, float(n), n + 0.5) for n, each in enumerate(text.split())]


def test_only_text_before_the_window_is_used() -> None:
    """Text inside the window is decoded again, so it must not be in the prompt."""
    context = Context(100)
    context.add(words("one two three"))
    assert context.before(1.6) == "one two"
    assert context.before(0.0) is None


def test_a_loop_is_no_context() -> None:
    context = Context(200)
    context.add(words("no " * 8))
    assert context.before(99.0) is None


def test_a_script_without_spaces_has_a_context_too() -> None:
    """A text longer than the context is cut between two of its words, with or without a space."""
    context = Context(5)
    context.add(words("今天 我们 讨论 计划 吧 。"))
    assert context.before(99.0) == "计划吧。"
    context.add(words("Python 很 好"))
    assert context.before(99.0) == "很好"


@settings(deadline=None)
@given(st.lists(st.text("abcdefgh", min_size=1, max_size=9), max_size=30, unique=True), st.integers(0, 60))
def test_the_context_is_bounded_and_has_whole_words(texts: list[str], length: int) -> None:
    context = Context(length)
    context.add(words(" ".join(texts)))
    found = context.before(1e6) or ""
    assert len(found) <= length
    assert found.split() == texts[len(texts) - len(found.split()) :]
