"""The verdict *supported* by a model, also by one that answers badly."""

from __future__ import annotations

import json
from typing import Any

import pytest

from meetscribe.minutes import to_markdown
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.llm.endpoint import Endpoint
from meetscribe.minutes.llm.kept import KeptReplies
from meetscribe.minutes.llm.making import LlmOptions
from meetscribe.minutes.llm.support import BATCH, judged
from meetscribe.transcript.notes import Minutes
from tests.minutes.llm.server import Handler, Request, Script, completion, serving
from tests.minutes.llm.test_making import GOOD, MEETING, answer, run


def judging(reply: str, status: int = 200) -> Script:
    """Return a script that answers with the items, and with `reply` when it is asked about claims."""

    def script(handler: Handler, body: Request, number: int) -> None:
        asked = "<claims>" in body["messages"][1]["content"]
        handler.send(completion(reply if asked else answer(*GOOD)), status if asked else 200)

    return script


def verdicts(*probabilities: Any) -> str:
    return json.dumps({"verdicts": [{"claim": n, "probability": p} for n, p in enumerate(probabilities, 1)]})


def supported(minutes: Minutes) -> list[tuple[str, bool, float | None]]:
    return [(one.supported.by, one.supported.passed, one.supported.score) for one in minutes.items if one.supported]


def test_a_model_judges_the_items() -> None:
    """Each item gets the model's probability as the score; one that it doubts is marked."""
    minutes, requests = run(judging(verdicts(0.9, 0.2)), LlmOptions(judge=True, redact=True))
    assert supported(minutes) == [("scripted", True, 0.9), ("scripted", False, 0.2)]
    claims = requests[-1]["messages"][1]["content"]
    assert "Sell the old tractor" in claims and "Tom" not in claims
    assert to_markdown(minutes, MEETING).count("doubted by scripted, score 0.20") == 1
    without, _ = run(judging(verdicts(0.9, 0.2)))
    assert [by for by, _, _ in supported(without)] == ["rules", "rules"]


@pytest.mark.parametrize(
    ("reply", "status"),
    [(verdicts(7, -1), 200), (verdicts(True, "high"), 200), ("no JSON", 200), ('{"verdicts": 3}', 200), ("", 404)],
)
def test_a_useless_answer_leaves_the_verdict_of_the_rules(reply: str, status: int) -> None:
    """Probabilities out of range, other types, no JSON and errors change nothing."""
    minutes, _ = run(judging(reply, status), LlmOptions(judge=True))
    assert len(minutes.items) == 2 and {by for by, _, _ in supported(minutes)} == {"rules"}


def test_many_items_are_judged_in_batches() -> None:
    """Each request asks about a few claims, numbered from one."""
    minutes, _ = run(judging(""))
    with serving(judging(verdicts(*[0.6] * BATCH))) as (url, requests):
        replies = KeptReplies(Endpoint(url, "m"), None)
        found = judged(list(minutes.items) * BATCH, Dialogue(MEETING), replies, {})
    assert len(requests) == 2 and [one.supported and one.supported.score for one in found] == [0.6] * 2 * BATCH
