"""Loops that go on from window to window end; what people repeat stays."""

from __future__ import annotations

from meetscribe.live.commit.loops import without_loop
from meetscribe.transcript import Word


def words(text: str) -> list[Word]:
    return [Word(each, float(n), n + 0.5) for n, each in enumerate(text.split())]


def test_a_loop_across_windows_is_not_continued() -> None:
    assert (
        without_loop(words("and so on " * 6), words("and so on and so on and"))
        == tuple(words("and so on and so on and"))[-1:]
    )


def test_a_few_repetitions_stay() -> None:
    assert without_loop(words("no no no"), words("no no no yes")) == tuple(words("no no no yes"))


def test_the_first_round_of_a_loop_stays() -> None:
    """A round that the committed words end in is completed."""
    assert without_loop((), words("no " * 12)) == tuple(words("no"))
    assert without_loop(words("then and"), words("so on " + "and so on " * 8)) == tuple(words("so on"))


def test_words_after_a_loop_stay() -> None:
    found = without_loop(words("ha " * 12), words("ha ha the plan"))
    assert [word.text for word in found] == ["the", "plan"]
