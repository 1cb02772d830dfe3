"""Forgetting, and engines that fail, reach the user as notices."""

from __future__ import annotations

from meetscribe.evaluation import ErrorRate
from meetscribe.training.comparison.engines import EngineCheck
from meetscribe.training.comparison.scores import score_texts
from meetscribe.training.finishing import _heads, _notices
from meetscribe.training.model.alignment_heads import HeadChoice
from tests.training.comparison.test_scores import BAD, GOOD, texts


def rate(errors: int) -> ErrorRate:
    """Return the rate of errors in 100 words."""
    return ErrorRate(errors, 100, 0, 0, errors)


def test_forgetting_is_reported() -> None:
    """A loss of more than a point on the regression set is a notice with the difference; one on test is not."""
    lost = [score_texts("regression", texts(8, GOOD, BAD))]
    (notice,) = _notices(lost, [])
    assert notice.code == "training.forgetting" and notice.data == {"difference": 0.6}
    assert not list(_notices([score_texts("regression", texts(8, BAD, GOOD))], []))
    assert not list(_notices([score_texts("test", texts(8, GOOD, BAD))], []))


def test_engines_that_differ_are_reported() -> None:
    """An engine with many more errors than the best one, and one that cannot load the model, are named."""
    checks = [EngineCheck("a", rate(5)), EngineCheck("b", rate(9)), EngineCheck("c", rate(40)), EngineCheck("d", None)]
    checks.append(EngineCheck("e", None, "it is damaged"))
    found = list(_notices([], checks))
    assert [(each.code, each.data["engine"]) for each in found] == [("training.engine", "c"), ("training.engine", "e")]


def test_the_choice_of_alignment_heads_is_explained() -> None:
    """The sentence names the heads that are kept, and the errors with both."""
    assert "as accurate" in _heads(HeadChoice(((1, 0),), False, 0.191, 0.191))
    kept = _heads(HeadChoice(((1, 0),), False, 0.076, 0.129))
    assert "are those of the base: " in kept and "76 ms with those of the base, 129 ms" in kept
    assert "estimated from the training clips: " in _heads(HeadChoice(((1, 1),), True, 0.129, 0.076))
    assert "no word times" in _heads(HeadChoice(((1, 0),), False))
    assert "the base has none" in _heads(HeadChoice(((1, 1),), True, None, 0.1))
