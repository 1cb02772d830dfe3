"""Repetition loops, common runs and similarity, each against the obvious algorithm."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.asr.quality.repetition import (
    Repetition,
    find_repetitions,
    longest_common_run,
    max_repetitions,
    normalize_words,
    similarity,
)

WORDS = st.lists(st.sampled_from("abc"), max_size=40)


def slow_repetitions(words: list[str]) -> list[Repetition]:
    """Return the loops by trying every start and every length."""
    needed = {1: 6, 2: 5} | dict.fromkeys(range(3, 8), 4)
    found: list[Repetition] = []
    start = 0
    while start < len(words):
        best = None
        for length in range(1, len(words)):
            count = 1
            while words[start + count * length : start + (count + 1) * length] == words[start : start + length]:
                count += 1
            if count >= needed.get(length, 3):
                best = Repetition(start, length, count)
                break
        found += [best] if best else []
        start = best.end if best else start + 1
    return found


@given(WORDS)
def test_repetitions_are_those_of_the_exhaustive_search(words: list[str]) -> None:
    assert find_repetitions(words) == slow_repetitions(words)


@given(WORDS, st.lists(st.sampled_from("defgh"), min_size=1, max_size=12, unique=True), st.integers(6, 9), WORDS)
def test_a_loop_is_found_between_other_words(before: list[str], words: list[str], count: int, after: list[str]) -> None:
    assert Repetition(len(before), len(words), count) in find_repetitions(before + words * count + after)
    assert max_repetitions(before + words * count + after) >= count


def test_normalized_words_have_no_case_and_punctuation() -> None:
    assert normalize_words("Well -- it's DONE. 写完了。") == ["well", "its", "done", "写", "完", "了"]
    assert max_repetitions(normalize_words("No. No! no, NO no -- no")) == 6
    assert max_repetitions([]) == 0


@given(WORDS, WORDS)
def test_the_common_run_is_the_longest(one: list[str], other: list[str]) -> None:
    """It is the length of the longest list of consecutive words in both."""
    runs = {tuple(one[a:b]) for a in range(len(one)) for b in range(a, len(one) + 1)}
    slow = max((len(run) for run in runs if contains(other, list(run))), default=0)
    assert longest_common_run(one, other) == slow


def contains(words: list[str], run: list[str]) -> bool:
    """Return whether the run occurs in the words."""
    return any(words[start : start + len(run)] == run for start in range(len(words) - len(run) + 1))


@given(st.text(), st.text())
def test_similarity_is_between_0_and_1(one: str, other: str) -> None:
    """Equal letters are fully similar in any case; without a common letter, nothing is."""
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1
    assert similarity("abc", "XYZ") == 0
    assert similarity("A, b.", "a b") == 1
