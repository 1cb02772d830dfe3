"""Check minutes of meetscribe or another program against a transcript."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from meetscribe.minutes.citations import WordIndex
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.due_dates import find_due
from meetscribe.minutes.output.native import SCHEMA, loads
from meetscribe.minutes.verification.claims import Claim, locate, parse_claims
from meetscribe.minutes.verification.verifying import verified
from meetscribe.timeline import Seconds
from meetscribe.transcript.notes import Due, Item, Verdict
from meetscribe.transcript.values import Transcript

_DATE = re.compile(r"^- Date: (\d{4}-\d\d-\d\d)$", re.MULTILINE)  # see output/markdown.py


@dataclass(frozen=True, slots=True)
class Check:
    """A line of minutes with its verdicts: `said`, with the problems, and `supported`."""

    kind: str
    text: str
    start: Seconds | None
    said: Verdict
    supported: Verdict | None


def check_minutes(text: str, transcript: Transcript, name: str = "the minutes") -> tuple[Check, ...]:
    """Return the verdicts on the lines of minutes, in order; raises InputError if they cannot be read.

    `text` is JSON of meetscribe, JSON of another program with texts and quotes, or Markdown with times. Due dates are
    counted from the date in minutes of meetscribe, which may differ from that of the transcript.
    """
    minutes = loads(text, name) if _is_native(text) else None
    day = minutes.recorded_at if minutes else _written_date(text)
    dialogue = Dialogue(transcript.with_meta(recorded_at=day) if day else transcript)
    index = WordIndex(dialogue.transcript.words)
    if minutes is not None:
        return tuple(_check(verified(_unjudged(item), dialogue, index), index) for item in minutes.items)
    return tuple(_claim_checks(parse_claims(text, name), dialogue, index))


def _written_date(text: str) -> str | None:
    """Return the date of the meeting in Markdown, None without a valid one."""
    found = _DATE.search(text)
    with suppress(ValueError):
        return date.fromisoformat(found[1]).isoformat() if found else None
    return None


def _is_native(text: str) -> bool:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and value.get("schema") == SCHEMA


def _unjudged(item: Item) -> Item:
    """Return an item without the verdicts in its file, which are computed again."""
    return replace(item, said=None, supported=None)


def _check(item: Item, index: WordIndex) -> Check:
    said = item.said or Verdict(False, "code")
    return Check(item.kind, item.text, index.start(item.citations[0]), said, item.supported)


def _claim_checks(claims: list[Claim], dialogue: Dialogue, index: WordIndex) -> Iterator[Check]:
    """Yield the verdicts on claims; a due date without a wording is compared with the days in the quote."""
    for claim in claims:
        item, problems = locate(claim, dialogue)
        if item is None:
            yield Check(claim.kind, claim.text, claim.start, Verdict(False, "code", problems=problems), None)
            continue
        found = verified(_with_wording(item, dialogue), dialogue, index)
        said = found.said or Verdict(False, "code")
        every = (*problems, *said.problems)
        yield _check(replace(found, said=Verdict(not every, "code", problems=every)), index)


def _with_wording(item: Item, dialogue: Dialogue) -> Item:
    """Return an item with a wording of its due date, taken from the first quote if the item has none.

    If the quote has no wording of that day, it is the ISO date, which the verifier reports as not said.
    """
    if item.due is None or item.due.said or dialogue.lexicon is None:
        return item
    quote = dialogue.norm(item.citations[0].quote.split())
    for due in find_due(quote, dialogue.lexicon, dialogue.day):
        if due.day and due.day.isoformat() == item.due.day:
            return replace(item, due=Due(due.said, item.due.day))
    return replace(item, due=Due(item.due.day or "", item.due.day))
