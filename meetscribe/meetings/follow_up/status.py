"""The rules that derive the status of an item from later meetings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from meetscribe.analytics.statistics import is_automatic
from meetscribe.library import Meeting
from meetscribe.meetings.follow_up.precision import is_certain
from meetscribe.meetings.follow_up.statements import Language, Record, Statement
from meetscribe.meetings.follow_up.subjects import Subject, differ, is_about, subject_of
from meetscribe.meetings.follow_up.values import Evidence, ItemStatus, MeetingItem
from meetscribe.minutes.dialogue import token_of

# The thresholds were tuned on the tuning half of `tests.benchmarks.meeting_items`; see the README of this room.

DONE = 0.35
"""The minimum share (0 to 1) of an action's subject that a report of its completion covers."""

MENTIONED = 0.25
"""The minimum share (0 to 1) of a subject that a mention covers."""

SAME_SUBJECT = 0.5
"""The minimum share (0 to 1) of a decision's subject that a later decision on the same subject covers."""

ATTENDED = 2
"""The number of meetings without a mention, attended by its owner, after which an action is stale."""


@dataclass(frozen=True)
class TrackedItem:
    """An item with its subject and the language in which it was said, for the search in later meetings."""

    item: MeetingItem
    language: Language
    subject: Subject

    @classmethod
    def of(cls, item: MeetingItem, record: Record) -> TrackedItem:
        """Find the subject of an item."""
        language = Language.of(item.meeting.language, item.quote.split())
        return cls(item, language, subject_of(item, language, record))


def follow_up(items: Sequence[MeetingItem], record: Record) -> list[MeetingItem]:
    """Return items with their status, derived from later sentences and decisions.

    The last report of an action counts: it is not done if a later sentence says so.
    """
    tracked_items = [TrackedItem.of(item, record) for item in items]
    decisions = [tracked for tracked in tracked_items if tracked.item.kind == "decision"]
    decisions += [TrackedItem.of(item, record) for item in _decided(record)]
    return [
        _decision(tracked, decisions, record) if tracked.item.kind == "decision" else _action(tracked, record)
        for tracked in tracked_items
    ]


def _action(action: TrackedItem, record: Record) -> MeetingItem:
    """Return an action with its status."""
    later = record.after(action.item.meeting)
    mentions = _mentions(action, later, record)
    report = next((statement for statement in reversed(mentions) if _reports(statement, action) is not None), None)
    if report is not None and _reports(report, action):
        return _with_status(action.item, "done", report.evidence)
    since = later[later.index(mentions[-1].meeting) + 1 :] if mentions else later
    attended = [meeting for meeting in since if _attends(action.item.owners, meeting)]
    return _with_status(action.item, "stale" if len(attended) >= ATTENDED else "open", *_last_mention(mentions))


def _decision(decision: TrackedItem, decisions: Sequence[TrackedItem], record: Record) -> MeetingItem:
    """Return a decision with its status; the earliest of `decisions` in later meetings that contradicts it counts."""
    later = record.after(decision.item.meeting)
    for candidate in sorted(decisions, key=lambda each: (each.item.meeting.recorded_at or "", each.item.start)):
        if candidate.item.meeting in later and _contradicts(candidate, decision):
            return _with_status(decision.item, "contradicted", _evidence_of(candidate.item, record))
    return _with_status(decision.item, "open", *_last_mention(_mentions(decision, later, record)))


def _decided(record: Record) -> Iterator[MeetingItem]:
    """Yield the sentences that state a decision as items, which are only compared with earlier decisions.

    They include decisions that the minutes omit, for example because they merge two.
    """
    for meeting in record.meetings:
        for number, statement in enumerate(record.statements[meeting.id]):
            lexicon = statement.language.lexicon
            names = ("decision", "decided")
            if lexicon and not statement.is_question and any(lexicon.has(name, statement.norm) for name in names):
                id, text = f"{meeting.id}/{number}", statement.text
                yield MeetingItem(id, meeting, "decision", text, text, statement.passage.start)


def _mentions(tracked: TrackedItem, later: Sequence[Meeting], record: Record) -> list[Statement]:
    """Return the sentences of later meetings that are about an item, in order."""
    said = (statement for meeting in later for statement in record.statements[meeting.id])
    return [statement for statement in said if is_about(statement, tracked.subject, MENTIONED)]


def _last_mention(mentions: Sequence[Statement]) -> list[Evidence]:
    """Return the last mention as evidence, nothing if there is none."""
    return [statement.evidence for statement in mentions[-1:]]


def _reports(statement: Statement, tracked: TrackedItem) -> bool | None:
    """Return whether a sentence about an action says that it is done (True) or not done (False).

    None for neither, and if the sentence says that somebody else than an owner did it.
    """
    cues = statement.language.cues
    if cues is None or statement.is_question or not is_about(statement, tracked.subject, DONE):
        return None
    verbs = {base for token in statement.tokens if (base := cues.past_base(token))}
    if not (cues.completion.search(statement.norm) or verbs & tracked.subject.verbs):
        return None
    if cues.incomplete.search(statement.norm):
        return False
    return True if _is_by_owner(statement, tracked) else None


def _is_by_owner(statement: Statement, tracked: TrackedItem) -> bool:
    """Return whether a report of completion can count as one by an owner of the action.

    The owner must have spoken it in the first person, or be named in it; True also if no owner is known by name, or
    if the sentence names nobody.
    """
    owners = [owner for owner in tracked.item.owners if not is_automatic(owner)]
    if not owners:
        return True
    if _speaker_did(statement, tracked) and statement.speaker and not is_automatic(statement.speaker):
        return statement.speaker in owners
    people = {token_of(part): name for name in statement.meeting.people for part in name.split()}
    named = [name for token in statement.tokens if (name := people.get(token.removesuffix("'s")))]
    return not named or any(name in owners for name in named)


def _speaker_did(statement: Statement, tracked: TrackedItem) -> bool:
    """Return whether a sentence says that its speaker completed an action."""
    cues = statement.language.cues
    if cues is None or cues.first_person.search(statement.norm):
        return True
    places = [place for place, token in enumerate(statement.tokens) if token in cues.speaker]
    near = [statement.tokens[place + 1 : place + 4] for place in places]
    return any(cues.past_base(token) in tracked.subject.verbs for tokens in near for token in tokens)


def _contradicts(later: TrackedItem, earlier: TrackedItem) -> bool:
    """Return whether a later decision is on the subject of a decision and differs from it.

    It differs if it has other values of the same kind; then each subject must cover the other. Without such values, and
    without equal values of one kind, it differs if it has a cue of reversal, or if only one of the two cancels
    something; then it must cover the subject of the earlier decision.
    """
    covered = earlier.subject.coverage(later.subject.weights)
    cues = later.language.cues
    if cues is None or not earlier.subject.shared(later.subject.weights):
        return False
    if differ(earlier.subject.values, later.subject.values):
        return min(covered, later.subject.coverage(earlier.subject.weights)) >= SAME_SUBJECT
    if any(earlier.subject.values.get(kind) == values for kind, values in later.subject.values.items()):
        return False
    later_text, earlier_text = _norm(later.item), _norm(earlier.item)
    reverses = cues.reversal.search(later_text)
    one_cancels = bool(cues.cancellation.search(later_text)) != bool(cues.cancellation.search(earlier_text))
    return bool(reverses or one_cancels) and covered >= SAME_SUBJECT


def _norm(item: MeetingItem) -> str:
    """Return the text of an item in lower case, without punctuation."""
    return " ".join(filter(None, map(token_of, item.text.split())))


def _evidence_of(item: MeetingItem, record: Record) -> Evidence:
    """Return a decision as evidence, with the speaker of the passage in which it begins."""
    said = record.statements.get(item.meeting.id, ())
    spans = ((statement.speaker, statement.passage.span) for statement in said)
    speaker = next((speaker for speaker, span in spans if span.start <= item.start < span.end), None)
    return Evidence(item.meeting, item.start, speaker, item.quote)


def _attends(owners: Sequence[str], meeting: Meeting) -> bool:
    """Return whether one of the owners takes part in a meeting; labels such as SPEAKER_00 do not count."""
    people = {name.casefold() for name in meeting.people}
    return any(owner.casefold() in people for owner in owners if not is_automatic(owner))


def _with_status(item: MeetingItem, status: ItemStatus, *evidence: Evidence) -> MeetingItem:
    """Return an item with a status, which is a suggestion if its measured precision is too low."""
    return replace(item, status=status, evidence=evidence, suggested=not is_certain(status))
