"""Forgetting, and engines that fail, reach the user as notices."""

from __future__ import annotations

from meetscribe.evaluation import ErrorRate
from meetscribe.training.comparison.engines import EngineCheck
from meetscribe.training.comparison.scores import score_texts
from meetscribe.training.finishing import _notices
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
