"""Parse minutes of other programs: JSON of any structure with texts and quotes, and Markdown with times."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from meetscribe.errors import InputError
from meetscribe.markup.escaping import unescape_markdown
from meetscribe.minutes.citations import citation, person, tokens_of
from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.due_dates import due_day
from meetscribe.timeline import Seconds
from meetscribe.transcript.notes import Citation, Due, Item, ItemKind, Status
from meetscribe.transcript.words import Word

_NEAR: Seconds = 15.0
"""The largest difference between the time of a claim and that of its quote."""

_KINDS: tuple[tuple[str, ItemKind], ...] = (
    ("decision", "decision"), ("entscheid", "decision"), ("beschl", "decision"), ("action", "action"),
    ("task", "action"), ("todo", "action"), ("to do", "action"), ("aufgabe", "action"), ("next step", "action"),
    ("question", "question"), ("frage", "question"),
)  # fmt: skip
_TEXT = ("text", "task", "decision", "question", "what", "title", "description", "action", "item", "summary", "content")
_QUOTE = ("quote", "evidence", "excerpt", "source_text", "transcript_segment", "reference")
_OWNER = ("owner", "assignee", "who", "responsible", "assigned_to")
_DUE = ("due", "due_date", "deadline", "by", "when")
_SPEAKER = ("speaker", "said_by", "quoted_speaker")
_START = ("start", "time", "timestamp", "at", "start_time")
_TIME = re.compile(r"[\[(`]*((?:\d{1,2}:)?\d{1,2}:\d{2}(?:\.\d+)?)[\])`]*(?:\([^)]*\))?")
_QUOTED = re.compile(r"[“\"„»]([^“”\"„»«]+)[”\"“«]")
_DUE_TEXT = re.compile(r"—\s*due\s+([^“\"„»(*]*)(?:\(?[“\"„»]([^“”\"„»«]+))?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_BOLD = re.compile(r"\*\*([^*]+?):?\*\*:?")


@dataclass(frozen=True, slots=True)
class Claim:
    """A line of another program's minutes: its text, quote, time, speaker, owner and due date.

    `due` is a day (2026-11-27) or a wording, which may have its day in `due_day`. `support` has further quotes with
    their times.
    """

    kind: ItemKind
    text: str
    quote: str | None = None
    start: Seconds | None = None
    speaker: str | None = None
    owner: str | None = None
    due: str | None = None
    due_day: str | None = None
    support: tuple[tuple[str, Seconds | None], ...] = ()


def parse_claims(text: str, name: str = "the minutes") -> list[Claim]:
    """Return the claims in JSON or Markdown; raises InputError if there are none."""
    try:
        claims = _parsed(text)
    except RecursionError:  # of very deep nesting
        claims = []
    if not claims:
        message = f"{name} has no lines that can be checked"
        raise InputError(message, "Give JSON with lists of decisions and actions, or Markdown with times as [0:12:31].")
    return claims


def _parsed(text: str) -> list[Claim]:
    try:
        value = json.loads(text)
    except ValueError:
        return list(_from_markdown(text))
    return list(_from_json(value, "action"))


def locate(claim: Claim, dialogue: Dialogue) -> tuple[Item | None, tuple[str, ...]]:
    """Return a claim as an item that cites its evidence, and the problems found.

    The quote is searched for near the time; without a quote, the evidence is the sentence at the time that shares most
    content words with the text. Without evidence, there is no item and only that problem.
    """
    found = _evidence(claim, dialogue)
    if found is None:
        return None, (_missing(claim),)
    evidence, words = found
    problems = []
    if claim.speaker and not _is_name(claim.speaker, words[0].speaker):
        problems.append(f"the quote is not by {claim.speaker} but by {words[0].speaker or 'an unknown speaker'}")
    owners = [person(dialogue, _full(name, dialogue)) for name in re.split(r",| and | und |/", claim.owner or "")
              if name.strip() and name.strip().lower() not in _NOBODY]  # fmt: skip
    due, impossible = _due(claim, dialogue)
    status: Status = "open" if claim.kind == "question" else "proposed"
    further = (_evidence(replace(claim, quote=quote, start=start), dialogue) for quote, start in claim.support)
    citations = (evidence, *(one[0] for one in further if one))
    return Item(claim.kind, claim.text, citations, tuple(owners), due=due, status=status), (*problems, *impossible)


def _missing(claim: Claim) -> str:
    """Return why a claim has no evidence."""
    if claim.quote:
        return "the quote was not said" if claim.start is None else "the quote was not said at about that time"
    return "there is neither a quote nor a time" if claim.start is None else "nobody speaks at that time"


# Owners and due dates that count as not given; so who takes on a task of "everyone" is not checked.
_NOBODY = {"", "none", "null", "unknown", "nobody", "nobody yet", "everyone", "all", "team", "tbd", "-"}


def _from_json(value: object, kind: ItemKind) -> Iterator[Claim]:
    """Yield the claims in a JSON document: objects with a text, except those that hold lists of claims.

    The kind of a claim is that of the object, else of the list that it is in, else `kind`.
    """
    if isinstance(value, list):
        for one in value:
            yield from _from_json(one, kind)
    elif isinstance(value, dict):
        text = _first(value, _TEXT)
        if text and not any(_is_list_of_claims(key, one) for key, one in value.items()):
            given = _kind(str(value.get("kind") or value.get("type") or "")) or kind
            yield Claim(
                given,
                text,
                _first(value, _QUOTE),
                _start(value),
                _first(value, _SPEAKER),
                _first(value, _OWNER),
                _first(value, _DUE),
            )
            return
        for key, one in value.items():
            if isinstance(one, list | dict):
                yield from _from_json(one, _kind(key) or kind)


def _is_list_of_claims(key: str, value: object) -> bool:
    """Return whether a member is a list of objects that is named for a kind, or "items"."""
    named = key == "items" or _kind(key) is not None
    return named and isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _from_markdown(text: str) -> Iterator[Claim]:
    """Yield the claims in Markdown: items of lists, with nested quotes, under headings that give their kind.

    Lists are bulleted or numbered. Headings of level 1 give no kind if one of a lower level does: they are the title of
    the minutes.
    """
    lines = text.splitlines()
    headings = [line for line in lines if line.startswith("#")]
    level = "##" if any(_kind(line) for line in headings if line.startswith("##")) else "#"
    kind: ItemKind | None = None
    pending: Claim | None = None
    for line in lines:
        if line.startswith("#"):
            kind = _kind(line) if line.startswith(level) else kind
        elif entry := re.match(r"(\s*)(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(.*)", line):
            nested = bool(entry[1])
            if nested and pending:
                pending = _with_quote(pending, entry[2])
                continue
            if pending:
                yield pending
            pending = _entry(entry[2], kind) if kind else None
    if pending:
        yield pending


def _entry(text: str, kind: ItemKind) -> Claim:
    """Return the claim in a list item, such as "[0:12:31] **Tom**: send it (“I'll send it”)"."""
    time, quoted, bold = _TIME.search(text), _QUOTED.search(text), _BOLD.search(text)
    due = _DUE_TEXT.search(text)
    rest = text[: due.start()] if due else text
    for found in (_TIME, _BOLD, _QUOTED):
        rest = found.sub("", rest)
    rest = unescape_markdown(re.sub(r"\*\([^)]*\)\*|\(\s*\)", "", rest)).strip(" -–—:")
    # With a due date, the quoted words are its wording; the quote is then in a nested item.
    quote = unescape_markdown(quoted[1]) if quoted and not due else None
    wording = unescape_markdown(due[2] or due[1]).strip() if due else None
    seconds = _seconds(time[1]) if time else None
    owner = unescape_markdown(bold[1]).strip() if bold and kind == "action" else None
    day = _DAY.search(due[1]) if due and due[2] else None
    return Claim(kind, rest, quote, seconds, None, owner, wording, day[0] if day else None)


def _with_quote(claim: Claim, text: str) -> Claim:
    """Return a claim with the quote of a nested list item, as further support if it has one already."""
    quoted, time = _QUOTED.search(text), _TIME.search(text)
    if not quoted:
        return claim
    if claim.quote:
        further = unescape_markdown(quoted[1]), _seconds(time[1]) if time else None
        return replace(claim, support=(*claim.support, further))
    before = unescape_markdown(_TIME.sub("", text[: quoted.start()])).strip(" *:")
    start = _seconds(time[1]) if time else claim.start
    return replace(claim, quote=unescape_markdown(quoted[1]), start=start, speaker=before or None)


def _evidence(claim: Claim, dialogue: Dialogue) -> tuple[Citation, tuple[Word, ...]] | None:
    """Return the citation and words of the quote, or of the best sentence at the time of the claim; None if neither."""
    if claim.quote:
        wanted = tokens_of(claim.quote.split())
        places = [words for run in dialogue.runs for words in _places(run, wanted)]
        near = [one for one in places if claim.start is None or abs(one[0].start - claim.start) <= _NEAR]
        return (citation(near[0]), near[0]) if near else None
    if claim.start is None:
        return None
    sentences = [one for one in dialogue.sentences if _covers(one, claim.start)]
    if not sentences:
        return None
    content = dialogue.content(dialogue.norm(claim.text.split()))
    best = max(sentences, key=lambda one: len(dialogue.content(one.norm) & content))
    return citation(best.words), best.words


def _places(run: tuple[Word, ...], wanted: tuple[str, ...]) -> Iterator[tuple[Word, ...]]:
    """Yield each sequence of whole words of an utterance that has exactly the wanted tokens."""
    places = [place for place, word in enumerate(run) for _ in tokens_of([word.text])]
    tokens = tokens_of(word.text for word in run)
    for first in range(len(tokens) - len(wanted) + 1):
        last = first + len(wanted)
        if not wanted or tokens[first:last] != wanted:
            continue
        begins = first == 0 or places[first - 1] != places[first]
        ends = last == len(tokens) or places[last] != places[last - 1]
        if begins and ends:
            yield run[places[first] : places[last - 1] + 1]


def _covers(sentence: Sentence, start: Seconds) -> bool:
    """Return whether a sentence is spoken at a time, which may be rounded to a second."""
    return sentence.start - 1.5 <= start <= sentence.words[-1].end + 0.5


def _due(claim: Claim, dialogue: Dialogue) -> tuple[Due | None, tuple[str, ...]]:
    """Return the due date of a claim, and the problem of a day that is not in the calendar."""
    if not claim.due or claim.due.lower() in _NOBODY:
        return None, ()
    said, given = ("", claim.due) if _DAY.fullmatch(claim.due) else (claim.due, claim.due_day)
    if given:
        try:
            return Due(said, given), ()
        except ValueError:
            return None, (f"{given} is not a date",)
    day = due_day(dialogue.norm(claim.due.split()), dialogue.lexicon, dialogue.day) if dialogue.lexicon else None
    return Due(claim.due, day.isoformat() if day else None), ()


def _full(name: str, dialogue: Dialogue) -> str:
    """Return the name of the only participant who has the first word of a name in theirs, else the name itself."""
    return dialogue.names.get(name.strip().split()[0].lower(), name.strip())


def _is_name(claimed: str, speaker: str | None) -> bool:
    """Return whether a claimed name is that of the speaker, or a part of it."""
    return speaker is not None and claimed.casefold() in (speaker.casefold(), *speaker.casefold().split())


def _kind(text: str) -> ItemKind | None:
    return next((kind for word, kind in _KINDS if word in text.lower().replace("_", " ")), None)


def _first(value: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    """Return the text of the first of these members that has one."""
    for key in keys:
        one = value.get(key)
        if isinstance(one, list) and one and isinstance(one[0], str):
            one = one[0]
        if isinstance(one, str) and one.strip():
            return one.strip()
    return None


def _start(value: Mapping[str, object]) -> Seconds | None:
    for key in _START:
        one = value.get(key)
        if isinstance(one, int | float) and not isinstance(one, bool):
            return float(one)
        if isinstance(one, str) and (time := _TIME.search(one)):
            return _seconds(time[1])
    return None


def _seconds(text: str) -> Seconds:
    """Return a time such as 0:12:31 in seconds."""
    seconds = 0.0
    for part in text.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
