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

DONE = 0.35
"""The minimum share (0 to 1) of an action's subject that a report of its completion covers."""

MENTIONED = 0.25
"""The minimum share (0 to 1) of a subject that a mention covers."""

SAME_SUBJECT = 0.5
"""The minimum share (0 to 1) of a decision's subject that a later decision on the same subject covers."""

ATTENDED = 2
"""The number of meetings without a mention, attended by its owner, after which an action is stale."""


@dataclass(frozen=True)
class Followed:
    """An item with its subject and its spoken language."""

    item: MeetingItem
    language: Language
    subject: Subject

    @classmethod
    def of(cls, item: MeetingItem, record: Record) -> Followed:
        """Find the subject of an item."""
        language = Language.of(item.meeting.language, item.quote.split())
        return cls(item, language, subject_of(item, language, record))


def follow_up(items: Sequence[MeetingItem], record: Record) -> list[MeetingItem]:
    """Return items with their status, derived from later sentences and decisions.

    The last report of an action counts: it is open again if a later sentence says that it is not done.
    """
    followed = [Followed.of(item, record) for item in items]
    decisions = [one for one in followed if one.item.kind == "decision"]
    decisions += [Followed.of(each, record) for each in _decided(record)]
    return [
        _decision(one, decisions, record) if one.item.kind == "decision" else _action(one, record) for one in followed
    ]


def _action(one: Followed, record: Record) -> MeetingItem:
    """Return an action with its status."""
    later = record.after(one.item.meeting)
    mentions = _mentions(one, later, record)
    report = next((each for each in reversed(mentions) if _reports(each, one) is not None), None)
    if report is not None and _reports(report, one):
        return _with(one.item, "done", report.evidence)
    since = later[later.index(mentions[-1].meeting) + 1 :] if mentions else later
    attended = [each for each in since if _attends(one.item.owners, each)]
    return _with(one.item, "stale" if len(attended) >= ATTENDED else "open", *_last(mentions))


def _decision(one: Followed, decisions: Sequence[Followed], record: Record) -> MeetingItem:
    """Return a decision with its status."""
    later = record.after(one.item.meeting)
    for other in sorted(decisions, key=lambda each: (each.item.meeting.recorded_at or "", each.item.start)):
        if other.item.meeting in later and _contradicts(other, one):
            return _with(one.item, "contradicted", _statement_of(other.item, record))
    return _with(one.item, "open", *_last(_mentions(one, later, record)))


def _decided(record: Record) -> Iterator[MeetingItem]:
    """Yield the sentences that state a decision, including those that minutes omit, for example by merging."""
    for meeting in record.meetings:
        for number, each in enumerate(record.statements[meeting.id]):
            known = each.language.lexicon
            if known and not each.is_question and any(known.has(cue, each.norm) for cue in ("decision", "decided")):
                yield MeetingItem(
                    f"{meeting.id}/{number}", meeting, "decision", each.text, each.text, each.passage.start
                )


def _mentions(one: Followed, later: Sequence[Meeting], record: Record) -> list[Statement]:
    """Return the sentences of later meetings that are about an item, in order."""
    said = (each for meeting in later for each in record.statements[meeting.id])
    return [each for each in said if is_about(each, one.subject, MENTIONED)]


def _last(mentions: Sequence[Statement]) -> list[Evidence]:
    return [each.evidence for each in mentions[-1:]]


def _reports(statement: Statement, one: Followed) -> bool | None:
    """Return whether a sentence about an action says that it is done (True) or not done (False); None for neither."""
    known = statement.language.cues
    if known is None or statement.is_question or not is_about(statement, one.subject, DONE):
        return None
    verbs = {base for token in statement.tokens if (base := known.past_base(token))}
    if not (known.completion.search(statement.norm) or verbs & one.subject.verbs):
        return None
    if known.incomplete.search(statement.norm):
        return False
    return True if _is_by_owner(statement, one) else None


def _is_by_owner(statement: Statement, one: Followed) -> bool:
    """Return whether an owner completed an action: also if no owner is known or the sentence names no other person."""
    known = [owner for owner in one.item.owners if not is_automatic(owner)]
    if not known:
        return True
    if _speaker_did(statement, one) and statement.speaker and not is_automatic(statement.speaker):
        return statement.speaker in known
    people = {token_of(part): name for name in statement.meeting.people for part in name.split()}
    named = [name for token in statement.tokens if (name := people.get(token.removesuffix("'s")))]
    return not named or any(name in known for name in named)


def _speaker_did(statement: Statement, one: Followed) -> bool:
    """Return whether a sentence says that its speaker completed an action."""
    cues = statement.language.cues
    if cues is None or cues.first_person.search(statement.norm):
        return True
    places = [place for place, token in enumerate(statement.tokens) if token in cues.speaker]
    near = [statement.tokens[place + 1 : place + 4] for place in places]
    return any(cues.past_base(token) in one.subject.verbs for tokens in near for token in tokens)


def _contradicts(other: Followed, one: Followed) -> bool:
    """Return whether a later decision is on the subject of a decision and differs from it.

    It differs if it has other values of the same kind, a cue of reversal, or if only one of the two cancels something.
    """
    mutual = min(one.subject.coverage(other.subject.weights), other.subject.coverage(one.subject.weights))
    cues = other.language.cues
    if cues is None or not one.subject.shared(other.subject.weights):
        return False
    reverses, norm = cues.reversal.search(_norm(other.item)), _norm(one.item)
    if differ(one.subject.values, other.subject.values):
        return mutual >= SAME_SUBJECT
    if any(one.subject.values.get(kind) == values for kind, values in other.subject.values.items()):
        return False
    cancelled = bool(cues.cancellation.search(_norm(other.item))) != bool(cues.cancellation.search(norm))
    return bool(reverses or cancelled) and one.subject.coverage(other.subject.weights) >= SAME_SUBJECT


def _norm(item: MeetingItem) -> str:
    """Return the text of an item in lower case, without punctuation."""
    return " ".join(filter(None, map(token_of, item.text.split())))


def _statement_of(item: MeetingItem, record: Record) -> Evidence:
    """Return a decision as evidence."""
    said = record.statements.get(item.meeting.id, ())
    speaker = next(
        (each.speaker for each in said if each.passage.span.start <= item.start < each.passage.span.end), None
    )
    return Evidence(item.meeting, item.start, speaker, item.quote)


def _attends(owners: Sequence[str], meeting: Meeting) -> bool:
    """Return whether one of the owners takes part in a meeting; labels such as SPEAKER_00 do not count."""
    people = {name.casefold() for name in meeting.people}
    return any(owner.casefold() in people for owner in owners if not is_automatic(owner))


def _with(item: MeetingItem, status: ItemStatus, *evidence: Evidence) -> MeetingItem:
    """Return an item with a status, which is a suggestion if its measured precision is too low."""
    return replace(item, status=status, evidence=evidence, suggested=not is_certain(status))
