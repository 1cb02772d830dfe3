"""The items of a dialogue by rules, ranked: those for the page, and the candidates left out."""

from __future__ import annotations

from collections.abc import Iterable

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.actions import complete
from meetscribe.minutes.rules.candidates import Candidate, due_of, task_text
from meetscribe.minutes.rules.decisions import add_answer
from meetscribe.minutes.rules.likelihood import SHOWN, UNDATED, Likelihood
from meetscribe.minutes.rules.merging import apply_reversals, merge_repetitions
from meetscribe.minutes.rules.stated import add_partners, add_taker, stated_actions, stated_decisions, stated_questions
from meetscribe.transcript.notes import Item

PAGE = 40
"""The most items that fit on a page."""


def extract(dialogue: Dialogue) -> list[Candidate]:
    """Return all candidates of a dialogue, by time; none for a language without rules."""
    if dialogue.lexicon is None:
        return []
    likelihood = Likelihood(dialogue)
    tasks, unlikely_actions = likelihood.rated("action")
    for task in tasks:
        if task.status == "proposed":
            add_taker(task, likelihood)
            complete(task, dialogue)
    actions = _settled([*tasks, *stated_actions(tasks, likelihood)], dialogue)
    for action in actions:
        add_partners(action, dialogue)
    used = {sentence.number for action in actions for sentence in action.sentences}
    meetings = list(_next_meetings(dialogue))[-1:]
    used |= {one.statement.number for one in meetings}
    conclusions, unlikely_decisions = likelihood.rated("decision")
    conclusions += stated_decisions([*conclusions, *meetings], likelihood)
    decisions = _settled([one for one in conclusions if _is_decision(one, used, likelihood)], dialogue)
    for decision in decisions:
        add_answer(decision)
    used |= {one.statement.number for one in decisions}
    asked, unlikely_questions = likelihood.rated("question")
    asked += stated_questions(asked, likelihood)
    questions = merge_repetitions(_by_time(one for one in asked if one.statement.number not in used), dialogue)
    unlikely = [*unlikely_actions, *unlikely_decisions, *unlikely_questions]
    return _by_time([*actions, *decisions, *questions, *meetings, *unlikely])


def _is_decision(candidate: Candidate, used: set[int], likelihood: Likelihood) -> bool:
    """Return whether a candidate for a decision is not part of another item, such as the date of a task."""
    if candidate.statement.number in used or (not candidate.certain and not candidate.content(likelihood.dialogue)):
        return False
    likelier = likelihood.probability("action", candidate.statement) > candidate.score
    return candidate.certain or not (likelier and any(one.number in used for one in candidate.sentences))


def _settled(candidates: Iterable[Candidate], dialogue: Dialogue) -> list[Candidate]:
    """Return candidates of one kind with repetitions merged and later corrections applied."""
    return apply_reversals(merge_repetitions(_by_time(candidates), dialogue), dialogue)


def _by_time(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda one: one.statement.number)


def ranked(items: list[Item], page: int | None = PAGE) -> tuple[list[Item], list[Item]]:
    """Return the items for a page and the others, both in the given order.

    Those for the page are, of the items that reach the minimum of their kind, the `page` with the best scores; None
    sets no limit and no minimum.
    """
    likely = [item for item in items if page is None or item.score >= _least(item)]
    shown = {id(item) for item in sorted(likely, key=lambda item: -item.score)[:page]}
    return [one for one in items if id(one) in shown], [one for one in items if id(one) not in shown]


def _least(item: Item) -> float:
    """Return the least score of an item that is shown."""
    return UNDATED if item.kind == "action" and item.due is None else SHOWN.get(item.kind, 0.0)


def unique(items: list[Item]) -> list[Item]:
    """Return the items with the first of each id."""
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.id, item)
    return list(found.values())


def _next_meetings(dialogue: Dialogue) -> list[Candidate]:
    """Return candidates for the next meeting, with its date."""
    found = []
    for sentence in dialogue.all_with("next_meeting"):
        due = due_of(sentence, dialogue)
        if due and due.day and not sentence.is_question and _is_in_second_half(sentence, dialogue):
            found.append(Candidate("next_meeting", sentence, task_text(sentence, 0), due=due))
    return found


def _is_in_second_half(sentence: Sentence, dialogue: Dialogue) -> bool:
    return sentence.utterance >= 0.5 * len(dialogue.runs)
