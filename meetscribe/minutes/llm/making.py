"""Minutes with a language model: part by part, each answer verified, with the rules where the model fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from meetscribe.errors import EndpointError, Notice
from meetscribe.minutes.citations import WordIndex
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.llm.endpoint import Endpoint, Reply
from meetscribe.minutes.llm.items import items_of
from meetscribe.minutes.llm.kept import KeptReplies
from meetscribe.minutes.llm.prompts import Part, answer_schema, messages, parts
from meetscribe.minutes.llm.redaction import redact, redactions
from meetscribe.minutes.llm.replies import Answer, parse_answers
from meetscribe.minutes.llm.support import judged
from meetscribe.minutes.making import empty_minutes, items_by_rules
from meetscribe.minutes.rules.extraction import PAGE, ranked, unique
from meetscribe.minutes.summary import summarize
from meetscribe.minutes.verification.verifying import verified
from meetscribe.transcript.display import clock
from meetscribe.transcript.notes import Coverage, Item, Minutes, Topic
from meetscribe.transcript.values import Transcript

MODES = ("json_schema", "json_object", "text")
"""The ways to ask for JSON, strictest first.

Of the first two, one that fails with a status not in `_FINAL` is not tried again.
"""

_FINAL = (None, 401, 403, 429)  # after these, another way to ask for JSON does not help; None: there was no status
_HALVED = 2  # divisions after which a part with a truncated answer is not divided again
_TRUNCATED = 6  # characters per reported token, above which the server truncated the request


@dataclass(frozen=True, slots=True)
class LlmOptions:
    """The options of a run with a model.

    `redact` replaces names in requests, in the instructions too; `language` is that of the texts; `instructions` are
    added to the request. `page` and `keep_unverified` are those of `minutes_by_rules`. With `judge`, the model also
    judges whether the quotes support each item. `parts_folder` keeps the answers, so that an interrupted run resumes
    where it stopped. With `more_dates`, dateparser reads the due dates that the rules do not know.
    """

    redact: bool = False
    language: str | None = None
    instructions: str = ""
    page: int | None = PAGE
    keep_unverified: bool = False
    judge: bool = False
    parts_folder: Path | None = None
    more_dates: bool = False


@dataclass
class _Session:
    """The state of a run.

    `modes` are those that have not failed, `failure` is the last error of the endpoint after which a part was given up
    (not that of a repair), `answered` is whether it ever replied. `unread` has the utterances that are left to the
    rules: those of parts without a usable answer, and truncated ones, of which the model read the beginning. `cut`
    describes both.
    """

    endpoint: Endpoint
    options: LlmOptions
    modes: list[str] = field(default_factory=lambda: list(MODES))
    cut: list[str] = field(default_factory=list)
    failure: str = ""
    answered: bool = False
    unread: set[int] = field(default_factory=set)

    @property
    def replies(self) -> KeptReplies:
        """The replies of the endpoint, including those of earlier runs."""
        return KeptReplies(self.endpoint, self.options.parts_folder)


def minutes_by_llm(
    transcript: Transcript,
    endpoint: Endpoint,
    topics: Sequence[Topic] = (),
    options: LlmOptions | None = None,
    progress: Callable[[int, int], None] = lambda part, of: None,
) -> Minutes:
    """Return the minutes by a language model, with citations and verdicts; items that fail are candidates.

    `progress` receives the number of the current part, from 1, and the number of parts. For parts without a usable
    answer, for instance if the endpoint fails, the items are those of the rules, or none in a language without rules;
    `coverage` and a notice report this.
    """
    options = options or LlmOptions()
    dialogue = Dialogue(transcript, more_dates=options.more_dates)
    names = redactions(dialogue) if options.redact else {}
    session = _Session(endpoint, replace(options, instructions=redact(options.instructions, names)))
    todo = parts(dialogue, topics, endpoint.context, names)
    found: list[Item] = []
    for number, part in enumerate(todo, 1):
        progress(number, len(todo))
        session.unread |= set(part.truncated)
        session.cut += [
            f"the end of the utterance at {_time(dialogue, one)}, which exceeds the context: {_instead(dialogue)}"
            for one in part.truncated
        ]
        for piece, answers in _answered(part, session, dialogue):
            found += items_of(answers, piece, dialogue, names)
    return _minutes(dialogue, found, topics, session, names)


def _answered(part: Part, session: _Session, dialogue: Dialogue, halved: int = 0) -> list[tuple[Part, list[Answer]]]:
    """Return the answers to a part; if the request or the answer is truncated, send the part in halves.

    A truncated request is halved until it fits or is one line. After a truncated answer, a part is halved only if it is
    not yet the result of two divisions: a model that repeats itself never ends.
    """
    reply, answers = _ask(part, session)
    if reply is not None and len(part.lines) > 1:
        endless = reply.finish == "length" and halved >= _HALVED
        if _is_truncated(part, reply) or (reply.finish == "length" and not endless):
            return [one for half in part.halves for one in _answered(half, session, dialogue, halved + 1)]
    if answers is None:
        session.unread |= set(part.utterances)
        first, last = (_time(dialogue, part.utterances[place]) for place in (0, -1))
        session.cut.append(f"the utterances at {first} to {last}: no usable answer, {_instead(dialogue)}")
        return []
    return [(part, answers)]


def _instead(dialogue: Dialogue) -> str:
    """Return what happens to utterances that the model did not read."""
    return "read by rules" if dialogue.lexicon else "not read"


def _time(dialogue: Dialogue, utterance: int) -> str:
    """Return the start of an utterance, as shown to the user."""
    return clock(dialogue.runs[utterance][0].start)


def _ask(part: Part, session: _Session) -> tuple[Reply | None, list[Answer] | None]:
    """Return the reply to a part and its answers, trying each mode that the endpoint accepts, then one repair."""
    request = messages(part, session.options.language, session.options.instructions)
    reply = None
    if session.failure and not session.answered:  # the endpoint cannot be used
        return None, None
    for mode in list(session.modes):
        try:
            reply = _kept(session, request, mode, part)
        except EndpointError as error:
            if error.status not in _FINAL and mode != MODES[-1]:
                session.modes.remove(mode)
                continue
            session.failure = error.message
            return None, None
        session.answered = True
        answers = parse_answers(reply.text)
        if answers is not None or reply.finish == "length" or _is_truncated(part, reply):
            return reply, answers
    return reply, _repaired(request, reply, part, session)


def _repaired(request: list[dict[str, str]], reply: Reply | None, part: Part, session: _Session) -> list[Answer] | None:
    """Ask the model once to correct its JSON, and return the answers."""
    if reply is None:
        return None
    correction = 'That is not the JSON asked for. Answer only with {"items": [...]} in a fence of ```json.'
    again = [*request, {"role": "assistant", "content": reply.text[:4000]}, {"role": "user", "content": correction}]
    try:
        return parse_answers(_kept(session, again, "text", part).text)
    except EndpointError:
        return None


def _kept(session: _Session, request: list[dict[str, str]], mode: str, part: Part) -> Reply:
    """Return the reply in a mode, possibly kept from an earlier run.

    JSON mode has the schema too, which llama.cpp applies (llama-cpp-python in this mode only) and others ignore.
    """
    wanted = answer_schema(part)
    in_json = {"type": "json_object", "schema": wanted["json_schema"]["schema"]}
    return session.replies.ask(request, mode, {"json_schema": wanted, "json_object": in_json, "text": None}[mode])


def _is_truncated(part: Part, reply: Reply) -> bool:
    """Return whether the server read fewer tokens than the request must have: Ollama truncates it without an error."""
    characters = sum(map(len, part.lines))
    return reply.prompt_tokens is not None and 0 < reply.prompt_tokens * _TRUNCATED < characters


def _minutes(
    dialogue: Dialogue, found: list[Item], topics: Sequence[Topic], session: _Session, names: Mapping[str, str]
) -> Minutes:
    """Return the minutes of the items, with items by rules for the utterances that the model did not read whole."""
    index = WordIndex(dialogue.transcript.words)
    found += _items_of_unread(dialogue, session)
    order = index.positions
    checked = [verified(item, dialogue, index) for item in unique(found)]
    checked.sort(key=lambda item: order.get(item.citations[0].first_word, 0))
    if session.options.judge and not session.failure:
        checked = judged(checked, dialogue, session.replies, names)
    good = [item for item in checked if session.options.keep_unverified or (item.said and item.said.passed)]
    refused = [item for item in checked if item not in good]
    shown, others = ranked(good, session.options.page)
    words = sum(len(run) for run in dialogue.runs)
    unread = sum(len(dialogue.runs[number]) for number in session.unread)
    coverage = Coverage(round(1 - unread / words, 4) if words else 1.0, session.endpoint.model, tuple(session.cut))
    return replace(
        empty_minutes(dialogue, coverage),
        items=tuple(shown),
        candidates=tuple([*others, *refused]),
        topics=tuple(topics),
        summary=summarize(dialogue),
        notices=_notices(session, unread, words, dialogue),
    )


def _items_of_unread(dialogue: Dialogue, session: _Session) -> list[Item]:
    """Return the items by rules in the utterances that the model did not read whole."""
    if not session.unread:
        return []
    first = [(item, dialogue.by_word.get(item.citations[0].first_word)) for item in items_by_rules(dialogue)]
    return [item for item, sentence in first if sentence and sentence.utterance in session.unread]


def _notices(session: _Session, unread: int, words: int, dialogue: Dialogue) -> tuple[Notice, ...]:
    """Return a notice if the model did not read all words."""
    if not unread:
        return ()
    share = unread / words
    reason = f" ({session.failure})" if session.failure else ""
    cause = "the model gave no usable answer for them, or they exceed its context"
    text = f"{share:.0%} of the words were {_instead(dialogue)}, because {cause}{reason}."
    return (Notice("minutes.fallback", text, {"share": round(share, 4)}),)
