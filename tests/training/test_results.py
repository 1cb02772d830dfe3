"""The conclusion says what the intervals allow, and no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from meetscribe.training.comparison.engines import EngineCheck
from meetscribe.training.comparison.scores import ScoreTable, score_texts
from meetscribe.training.results import Facts, TrainingResult
from tests.training.comparison.test_scores import BAD, GOOD, texts

FACTS = Facts("mine", "openai/whisper-small", "mit", "1", "sha256:d", ("en",), {"epochs": 3}, {}, ("Anna",))

ENGINES = (EngineCheck("whisperx", None), EngineCheck("transformers", None, "it is damaged"))


def result(*tables: ScoreTable) -> TrainingResult:
    """Return a result with these scores."""
    return TrainingResult(Path("mine"), FACTS, 30, 20, 0.5, 60.0, 10**9, tables, ENGINES, "Heads.")


@pytest.mark.parametrize(
    ("tables", "parts"),
    [
        ((), ["unknown: the data set has no test clips"]),
        ((score_texts("test", texts(8, BAD, GOOD)),), ["It is better", "Forgetting was not measured"]),
        ((score_texts("test", texts(8, GOOD, GOOD)),), ["does not show that it is better"]),
        (
            (score_texts("test", texts(8, BAD, GOOD)), score_texts("regression", texts(8, GOOD, BAD))),
            ["It is better", "On the regression set its word error rate rose by 60.0 points."],
        ),
        (
            (score_texts("test", texts(8, GOOD, BAD)), score_texts("regression", texts(8, GOOD, GOOD))),
            ["It is worse", "changed by +0.0 points"],
        ),
    ],
)
def test_conclusion(tables: tuple[ScoreTable, ...], parts: list[str]) -> None:
    """Better and worse need an interval without zero; a loss elsewhere is stated beside a gain."""
    conclusion = result(*tables).conclusion
    assert all(part in conclusion for part in parts), conclusion


def test_the_origin_of_the_weights_is_stated() -> None:
    """The update, and the share of the change if it is not all of it."""
    assert "update 20 of 30, with 50 % of their change" in result().weights_text
    assert replace(result(), share=1.0).weights_text == "The weights are those of update 20 of 30."


def test_engines_are_listed_with_their_problem() -> None:
    """An engine that is not installed differs from one that fails."""
    assert result().engine_lines == ["whisperx: not installed", "transformers: it is damaged"]
    assert [each["problem"] for each in result().to_json()["engines"]] == [None, "it is damaged"]
