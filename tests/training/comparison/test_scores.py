"""A model is called better only if the whole interval says so."""

from __future__ import annotations

import pytest

from meetscribe.training.comparison.scores import ScoredText, Verdict, score_texts


def texts(count: int, before: str, after: str, recordings: int = 100) -> list[ScoredText]:
    """Return texts of ten words with these outputs, in a number of recordings."""
    reference = "one two three four five six seven eight nine ten"
    return [ScoredText(str(n), str(n % recordings), "en", reference, before, after) for n in range(count)]


GOOD, BAD = "one two three four five six seven eight nine ten", "one two three four"


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (texts(8, BAD, GOOD), "better"),
        (texts(8, GOOD, BAD), "worse"),
        (texts(8, GOOD, GOOD), "no difference shown"),
        (texts(4, BAD, GOOD) + texts(4, GOOD, BAD), "no difference shown"),
        (texts(1, BAD, GOOD), "too few texts"),
    ],
)
def test_verdict(found: list[ScoredText], verdict: Verdict) -> None:
    """Zero within the interval, or too few texts for one, never count as better."""
    assert score_texts("test", found).wer.verdict == verdict


def test_recordings_are_resampled_if_there_are_enough() -> None:
    """Texts of one recording are not independent: they stay together from six recordings on."""
    assert score_texts("test", texts(12, BAD, GOOD, recordings=6)).units == "6 recordings"
    assert score_texts("test", texts(12, BAD, GOOD, recordings=5)).units == "12 texts of 5 recordings"


def test_characters_are_words_in_scripts_without_spaces() -> None:
    """One wrong character in a Chinese text of five is an error rate of a fifth."""
    table = score_texts("test", [ScoredText("a", "a", "zh", "我们用的写", "我们用的写", "我们用的说")])
    assert table.wer.after.rate == pytest.approx(0.2)
    assert table.to_json()["wer"]["errors_after"] == 1
