"""Generate the meetings in `meetings/made`: scenes in several wordings, with distractors, corrections and refusals.

    python -m tests.minutes.make_meetings  # writes 20 meetings, 14 in English and 6 in German; always the same

The author knew the rules, so these meetings are development data; the written ones are the judge.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tests.minutes.scoring import FOLDER

DAY = date(2026, 11, 25)
NAMES = {"en": ("Anna", "Tom", "Maria", "Oliver"), "de": ("Jonas", "Lena", "Petra", "Stefan")}
TASKS = {
    "en": ("update the price list", "call the caterer about lunch", "order new name badges", "draft the press release",
           "book the large hall", "send the invoice to the museum", "test the backup generator", "print the programme"),
    "de": ("die Preisliste aktualisieren", "den Caterer wegen des Mittagessens anrufen",
        "neue Namensschilder bestellen",
           "die Pressemitteilung schreiben", "den großen Saal buchen", "die Rechnung ans Museum schicken"),
}  # fmt: skip
MATTERS = {
    "en": ("the blue logo", "the smaller venue", "the Italian supplier", "the printed catalogue", "the evening slot"),
    "de": ("das blaue Logo", "den kleineren Saal", "den italienischen Lieferanten", "den gedruckten Katalog"),
}
UNKNOWNS = {
    "en": (
        "How many visitors does the museum expect",
        "Which printer broke during the fair",
        "Who owns the old archive",
    ),
    "de": ("Wie viele Besucher erwartet das Museum", "Welcher Drucker war auf der Messe kaputt"),
}
DUES = {
    "en": (("by Friday", 2), ("by Monday", 5), ("tomorrow", 1), ("in two weeks", 14), ("by the end of the month", 5)),
    "de": (("bis Freitag", 2), ("bis Montag", 5), ("bis morgen", 1), ("in zwei Wochen", 14), ("bis Ende der Woche", 2)),
}
SMALL_TALK = {
    "en": (
        "The coffee machine is humming again.",
        "I'll be honest, my weekend was short.",
        "Traffic was terrible near the bridge.",
        "My sister says she'll move to Lisbon.",
        "Last year we decided everything in ten minutes.",
        "If I win the lottery, I'll buy us a sofa.",
        "Did you see the match? Great second half.",
    ),
    "de": (
        "Die Kaffeemaschine brummt schon wieder.",
        "Ich bin ehrlich, das Wochenende war kurz.",
        "Der Verkehr war schrecklich.",
        "Letztes Jahr haben wir das in zehn Minuten beschlossen.",
        "Wenn ich im Lotto gewinne, kaufe ich uns ein Sofa.",
    ),
}

Line = tuple[str, str]
Scene = tuple[list[Line], str, dict[str, Any]]
"""Lines, the kind of the planted item ("" for a distractor), and its members without evidence."""


def main() -> None:
    """Write the meetings."""
    for number in range(20):
        language = "de" if number % 10 in (3, 6, 9) else "en"
        meeting = make_meeting(language, random.Random(number))
        file = FOLDER / "made" / f"{language}_{number:02}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(meeting, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def make_meeting(language: str, source: random.Random) -> dict[str, Any]:
    """Return a meeting of three or four people with eight to eleven scenes and small talk between them."""
    people = source.sample(NAMES[language], source.choice((3, 4)))
    utterances: list[dict[str, Any]] = []
    expected: dict[str, list[dict[str, Any]]] = {"decisions": [], "actions": [], "questions": [], "distractors": []}
    now = 0.0
    for lines, kind, members in scenes(language, people, source):
        evidence = []
        for speaker, text in lines:
            length = round(len(text.split()) / 2.5, 2)
            evidence.append(f"u{len(utterances) + 1:04}")
            utterances.append({"id": evidence[-1], "speaker": speaker, "text": text, "start": now, "end": now + length})
            now = round(now + length + 0.3, 2)
        if kind:
            expected[kind].append({**members, "evidence": evidence})
        else:
            expected["distractors"].append({"why": "small talk or given up", "evidence": evidence})
    speakers = list(dict.fromkeys(one["speaker"] for one in utterances))
    return {
        "title": "Made meeting", "language": language, "date": DAY.isoformat(), "speakers": speakers,
        "utterances": utterances, "expected": expected,
    }  # fmt: skip


def scenes(language: str, people: Sequence[str], source: random.Random) -> Iterator[Scene]:
    """Yield the scenes of a meeting in random order, small talk between them."""
    tasks = iter(source.sample(TASKS[language], 5))
    matters = iter(source.sample(MATTERS[language], 2))
    kinds = [
        *source.sample(["commit", "ask", "refuse", "silent", "correct"], 5),
        "decide",
        "decide",
        "open",
        "withdraw",
    ]
    source.shuffle(kinds)
    for kind in kinds:
        one, other, third = source.sample(list(people), 3)
        yield [(third, source.choice(SMALL_TALK[language]))], "", {}
        if kind == "decide":
            yield decision(language, one, other, next(matters), source)
        elif kind == "open":
            yield question(language, one, other, source)
        elif kind == "withdraw":
            yield withdrawal(language, one, other)
        else:
            yield action(language, kind, (one, other, third), next(tasks), source)


def action(language: str, kind: str, people: tuple[str, str, str], task: str, source: random.Random) -> Scene:
    """Return a task that one takes on, is asked to do, refuses, ignores, or whose date is corrected."""
    one, other, third = people
    said, days = source.choice(DUES[language])
    ask = source.choice(WORDINGS[language]["ask"]).format(name=other, task=task, due=said)
    owner, agreed = other, [other]
    if kind == "commit":
        owner, agreed = one, [one]
        lines = [(one, source.choice(WORDINGS[language]["commit"]).format(task=task, due=said))]
    elif kind == "correct":
        owner, agreed = one, [one]
        again, days = DUES[language][1]
        lines = [(one, source.choice(WORDINGS[language]["commit"]).format(task=task, due=DUES[language][0][0]))]
        lines.append((other, source.choice(WORDINGS[language]["correct"]).format(due=again.split()[-1])))
        said = again.split()[-1]
    elif kind == "refuse":
        owner, agreed = third, [third]
        lines = [(one, ask), (other, source.choice(WORDINGS[language]["refuse"]))]
        lines.append((third, source.choice(WORDINGS[language]["take"])))
    elif kind == "silent":
        agreed = []
        lines = [(one, ask)]
    else:
        lines = [(one, ask), (other, source.choice(WORDINGS[language]["accept"]))]
    due = (DAY + timedelta(days)).isoformat()
    status = "agreed" if agreed else "proposed"
    members = {"task": task, "owner": owner, "due_said": said, "due": due, "agreed_by": agreed, "status": status}
    return lines, "actions", members


def decision(language: str, one: str, other: str, matter: str, source: random.Random) -> Scene:
    """Return a proposal with its acceptance, or a statement of what was decided."""
    propose, accept = source.choice(DECISIONS[language])
    lines = [(one, propose.format(matter=matter))]
    if accept:
        lines.append((other, accept))
    return lines, "decisions", {"text": propose.format(matter=matter)}


def question(language: str, one: str, other: str, source: random.Random) -> Scene:
    """Return a question that nobody can answer."""
    text = f"{source.choice(UNKNOWNS[language])}?"
    return [(one, text), (other, source.choice(WORDINGS[language]["unknown"]))], "questions", {"text": text}


def withdrawal(language: str, one: str, other: str) -> Scene:
    """Return a request that is given up."""
    if language == "de":
        return [(one, f"{other}, kannst du die Heizung prüfen?"), (one, "Ach, vergiss es, sie geht wieder.")], "", {}
    return [(one, f"{other}, could you check the heating?"), (one, "Never mind, it works again.")], "", {}


WORDINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "commit": ("I'll {task} {due}.", "I can {task} {due}.", "Let me {task}, {due}.", "I'm going to {task} {due}."),
        "ask": ("{name}, could you {task} {due}?", "Can you {task} {due}, {name}?", "{name}, please {task} {due}.",
                "I need {name} to {task} {due}."),
        "accept": ("Sure.", "Will do.", "Yes, no problem.", "Okay, I'll do that.", "Consider it done."),
        "refuse": ("Sorry, I'm away.", "I can't, I'm swamped.", "No, not me."),
        "take": ("I'll do it.", "I can take that.", "Leave it to me."),
        "correct": ("No, make it {due}.", "Actually, {due} is better.", "Wait, {due} please."),
        "unknown": ("No idea.", "I don't know.", "Good question, we'd have to ask.", "Nobody knows."),
    },
    "de": {
        "commit": ("Ich kann {due} {task}.", "Ich werde {due} {task}.", "Das mache ich, {due} {task}."),
        "ask": ("{name}, kannst du {due} {task}?", "{name}, könntest du {due} {task}?",
            "Würdest du {due} {task}, {name}?"),
        "accept": ("Klar.", "Mach ich.", "Ja, kein Problem.", "Gern."),
        "refuse": ("Leider nicht, ich bin im Urlaub.", "Das schaffe ich nicht.", "Nein, keine Zeit."),
        "take": ("Das mache ich.", "Übernehme ich.", "Ich kann das machen."),
        "correct": ("Nein, lieber {due}.", "Ach nein, machen wir {due}.", "Moment, doch bis {due}."),
        "unknown": ("Keine Ahnung.", "Das weiß ich nicht.", "Gute Frage.", "Das müssen wir noch klären."),
    },
}  # fmt: skip

DECISIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Let's go with {matter}.", "Agreed."),
        ("Shall we take {matter}?", "Yes, let's do that."),
        ("I propose we use {matter}.", "Fine by me."),
        ("So we've decided on {matter} for the fair.", ""),
        ("We'll stick with {matter} this time.", "Good."),
    ),
    "de": (
        ("Nehmen wir {matter}?", "Einverstanden."),
        ("Ich schlage vor, wir nehmen {matter} für die Messe.", "Ja, gern."),
        ("Wir haben also {matter} für die Messe beschlossen.", ""),
        ("Dann nehmen wir {matter} für die Messe.", "Gut."),
    ),
}


if __name__ == "__main__":
    main()
