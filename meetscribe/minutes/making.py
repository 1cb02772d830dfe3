"""Minutes of a transcript by rules, without a language model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from meetscribe.errors import Notice
from meetscribe.minutes.citations import WordIndex, person
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.lexicon import languages
from meetscribe.minutes.rules.extraction import PAGE, extract, ranked, unique
from meetscribe.minutes.summary import summarize
from meetscribe.minutes.verification.people import owner_problems
from meetscribe.minutes.verification.verifying import verified
from meetscribe.transcript.notes import Coverage, Item, Minutes, Topic
from meetscribe.transcript.values import Transcript

NO_DATE = "minutes.no-date"
"""The code of the notice about a meeting without a date."""


def minutes_by_rules(
    transcript: Transcript,
    topics: Sequence[Topic] = (),
    *,
    page: int | None = PAGE,
    keep_unverified: bool = False,
    more_dates: bool = False,
) -> Minutes:
    """Return the minutes of a transcript: decisions, actions, open questions and an extractive summary.

    `topics` are passed on. At most `page` items are shown: of those that reach the minimum of their kind, the ones with
    the best scores; None shows all. Items that the verifier refuses are among the candidates, or shown with
    `keep_unverified`. A transcript in a language without rules has a summary only, a notice, and a coverage of 0. With
    `more_dates`, dateparser reads the due dates that the rules do not know; raises SettingsError if it is needed but
    missing. The result depends on nothing but the arguments.
    """
    dialogue = Dialogue(transcript, more_dates=more_dates)
    checked = items_by_rules(dialogue)
    good = [item for item in checked if keep_unverified or (item.said and item.said.passed)]
    refused = [item for item in checked if not any(item is one for one in good)]
    shown, others = ranked(good, page)
    return replace(
        empty_minutes(dialogue, Coverage(1.0 if dialogue.lexicon else 0.0, "rules")),
        items=tuple(shown),
        candidates=tuple([*others, *refused]),
        topics=tuple(topics),
        summary=summarize(dialogue),
        notices=_notices(dialogue),
    )


def empty_minutes(dialogue: Dialogue, coverage: Coverage) -> Minutes:
    """Return minutes without items, with the facts about the meeting."""
    meta = dialogue.transcript.meta
    first = {sentence.speaker: sentence.words[0] for sentence in reversed(dialogue.sentences)}
    names = dict.fromkeys([*dialogue.speakers, *meta.participants])
    return Minutes(
        dialogue.language,
        digest(dialogue.transcript),
        title=meta.title,
        recorded_at=meta.recorded_at,
        participants=tuple(person(dialogue, name, first.get(name)) for name in names),
        coverage=coverage,
    )


def digest(transcript: Transcript) -> str:
    """Return "sha256:" and a digest of the ids, texts and speakers of the edited words."""
    words = WordIndex.of(transcript).words
    lines = "\n".join(f"{word.id} {word.text} {word.speaker or ''}" for word in words)
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


def items_by_rules(dialogue: Dialogue) -> list[Item]:
    """Return all items that the rules find, with their verdicts."""
    index = WordIndex(dialogue.transcript.words)
    found = unique([one.to_item(dialogue) for one in extract(dialogue)])
    return [verified(_with_proven_people(item, dialogue, index), dialogue, index) for item in found]


def _with_proven_people(item: Item, dialogue: Dialogue, index: WordIndex) -> Item:
    """Return an action; without owners and as proposed if its quotes do not show that they take it on or are asked."""
    if item.kind != "action" or not any(owner_problems(item, dialogue, index)):
        return item
    return replace(item, owners=(), everyone=False, agreed_by=(), status="proposed")


def _notices(dialogue: Dialogue) -> tuple[Notice, ...]:
    """Return a notice for a language without rules, else one if the day of the meeting is unknown."""
    found = []
    if dialogue.lexicon is None:
        language = "a transcript of unknown language" if dialogue.language == "und" else dialogue.language
        text = f"There are no rules for {language}, only for {', '.join(languages())}: no items were looked for."
        found.append(Notice("minutes.no-rules", text, {"language": dialogue.language}))
    elif dialogue.day is None:
        found.append(Notice(NO_DATE, "The date of the meeting is unknown, so due dates have no day.", {}))
    return tuple(found)
