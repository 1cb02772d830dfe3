"""The items of a dialogue by rules, ranked: those for the page, and the candidates left out."""

from __future__ import annotations

from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.actions import find_actions
from meetscribe.minutes.rules.candidates import Candidate, first_due, task_text
from meetscribe.minutes.rules.decisions import find_decisions
from meetscribe.minutes.rules.merging import apply_reversals, merge_repetitions
from meetscribe.minutes.rules.questions import find_questions
from meetscribe.transcript.notes import Item

PAGE = 40
"""The most items that fit on a page."""

MIN_SCORE = 0.5
"""Candidates with a lower score are left out, except requests to named people."""


def extract(dialogue: Dialogue) -> list[Candidate]:
    """Return all candidates of a dialogue, by time; none for a language without rules."""
    if dialogue.lexicon is None:
        return []
    actions = apply_reversals(merge_repetitions(find_actions(dialogue), dialogue), dialogue)
    used = {sentence.number for action in actions for sentence in action.sentences}
    meetings = list(_next_meetings(dialogue))
    used |= {one.statement.number for one in meetings}
    found = [one for one in find_decisions(dialogue) if one.statement.number not in used]
    decisions = apply_reversals(merge_repetitions(found, dialogue), dialogue)
    used |= {one.statement.number for one in decisions}
    questions = [one for one in find_questions(dialogue) if one.statement.number not in used]
    candidates = [*actions, *decisions, *merge_repetitions(questions, dialogue), *meetings[-1:]]
    return sorted(candidates, key=lambda one: one.statement.number)


def ranked(items: list[Item], page: int | None = PAGE) -> tuple[list[Item], list[Item]]:
    """Return the items that fit on a page and the others, both by time; None for `page` sets no limit."""
    best = sorted(items, key=lambda item: -item.score)[:page]
    shown = {id(item) for item in best if page is None or item.score >= MIN_SCORE or item.status == "proposed"}
    return [one for one in items if id(one) in shown], [one for one in items if id(one) not in shown]


def unique(items: list[Item]) -> list[Item]:
    """Return the items with the first of each id."""
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.id, item)
    return list(found.values())


def _next_meetings(dialogue: Dialogue) -> list[Candidate]:
    """Return the sentences that set a date for the next meeting."""
    found = []
    for sentence in dialogue.all_with("next_meeting"):
        due = first_due(sentence, dialogue)
        if due and due.day and not sentence.is_question and _is_near_the_end(sentence, dialogue):
            found.append(Candidate("next_meeting", sentence, task_text(sentence, 0), due=due))
    return found


def _is_near_the_end(sentence: Sentence, dialogue: Dialogue) -> bool:
    return sentence.utterance >= 0.5 * len(dialogue.runs)
