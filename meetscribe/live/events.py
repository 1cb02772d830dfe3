"""The events of a live session: their type, their JSON lines, and drafts, which have no number yet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, cast, get_args

from meetscribe.errors import JSON
from meetscribe.text.json_values import as_json
from meetscribe.timeline import Seconds, rounded
from meetscribe.transcript import Word

Kind: TypeAlias = Literal["partial", "commit", "revise", "speakers", "status", "state", "mark", "error"]
"""The kind of an event; `live/README.md` and `event.schema.json` describe the payload of each."""

KINDS: tuple[str, ...] = get_args(Kind)
SEGMENT_KINDS = ("partial", "commit", "revise")
"""The kinds that belong to a segment and carry its id."""

SCHEMA = Path(__file__).with_name("event.schema.json")
"""The JSON Schema of an event."""

_ENVELOPE = ("seq", "kind", "time", "id")


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before publication, without `seq` and `time`.

    `id` is that of the segment for the kinds in SEGMENT_KINDS, otherwise None. Raises ValueError for an unknown kind,
    a missing or superfluous id, or a payload that JSON cannot hold.
    """

    kind: Kind
    payload: Mapping[str, JSON] = field(default_factory=dict, hash=False)
    id: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"the kind of an event must be one of {', '.join(KINDS)}, not {self.kind!r}")
        if (self.id is not None) != (self.kind in SEGMENT_KINDS):
            must = "must have" if self.id is None else "must not have"
            raise ValueError(f"an event of the kind {self.kind} {must} the id of a segment")
        object.__setattr__(self, "payload", cast("dict[str, JSON]", as_json(self.payload)))
        if clash := [name for name in _ENVELOPE if name in self.payload]:
            raise ValueError(f"a payload must not contain {', '.join(clash)}")

    def published(self, seq: int, time: Seconds) -> Event:
        """Return the event with its number and the audio time of its publication."""
        return Event(self.kind, self.payload, self.id, seq, rounded(time))


@dataclass(frozen=True, slots=True)
class Event(Draft):
    """A published event, one line of JSON Lines.

    `seq` counts the events of a session from 1, without gaps except where it was resumed after a crash. `time` is the
    length of audio received before the event, in seconds from the start of the session, not the wall-clock time.
    """

    seq: int = 0
    time: Seconds = 0.0

    def __post_init__(self) -> None:
        Draft.__post_init__(self)
        if self.seq < 1:
            raise ValueError(f"the number of an event must be at least 1, not {self.seq}")

    def to_json(self) -> dict[str, JSON]:
        """Return the event as a JSON object, with the members of the payload at the top level."""
        own: dict[str, JSON] = {"seq": self.seq, "kind": self.kind, "time": self.time}
        return {**own, **({"id": self.id} if self.id is not None else {}), **self.payload}

    def to_line(self) -> str:
        """Return the event as a line of JSON Lines, without the line feed."""
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, value: Mapping[str, JSON]) -> Event:
        """Parse an object returned by `to_json`; raises ValueError for anything else."""
        seq, time, kind, id = (value.get(name) for name in ("seq", "time", "kind", "id"))
        if not isinstance(seq, int) or isinstance(seq, bool) or not isinstance(time, int | float):
            raise ValueError("an event must have the numbers seq and time")
        if not (id is None or isinstance(id, str)) or not isinstance(kind, str):
            raise ValueError("the kind and the id of an event must be text")
        payload = {name: item for name, item in value.items() if name not in _ENVELOPE}
        return cls(cast("Kind", kind), payload, id, seq, rounded(time))

    @classmethod
    def from_line(cls, line: str) -> Event:
        """Parse a line returned by `to_line`; raises ValueError for anything else."""
        value = json.loads(line)
        if not isinstance(value, dict):
            raise ValueError("an event must be a JSON object")
        return cls.from_json(value)


def read_events(lines: Sequence[str] | Iterator[str]) -> Iterator[Event]:
    """Yield the events in JSON Lines; blank lines and an invalid last line, such as a truncated one, are skipped.

    Raises ValueError for any other invalid line.
    """
    broken: ValueError | None = None
    for line in lines:
        if broken is not None:
            raise broken
        if not line.strip():
            continue
        try:
            event = Event.from_line(line)
        except ValueError as error:
            broken = error
            continue
        yield event


def partial(id: str, text: str, start: Seconds, end: Seconds) -> Draft:
    """Return a draft of the pending text of a segment, which replaces the earlier one; "" if nothing is pending."""
    return Draft("partial", {"text": text, "start": rounded(start), "end": rounded(end)}, id)


def commit(id: str, first: int, words: Sequence[Word], *, channel: int = 0, closed: bool = False) -> Draft:
    """Return a draft that commits words to the positions from `first` on in a segment.

    `closed` means that no further words follow in the segment. Words have a speaker only if the channel determines it.
    """
    listed = [_word_object(word) for word in words]
    return Draft("commit", {"first": first, "words": cast("JSON", listed), "channel": channel, "closed": closed}, id)


def revise_speaker(id: str, revision: int, first: int, last: int, speaker: str | None) -> Draft:
    """Return a draft of the speaker of the words `first` to `last` (inclusive) of a segment; None if unknown."""
    return Draft("revise", {"revision": revision, "first": first, "last": last, "speaker": speaker}, id)


def revise_text(id: str, revision: int, first: int, last: int, text: str) -> Draft:
    """Return a draft that replaces the words `first` to `last` (inclusive) of a segment by `text`; "" removes them."""
    return Draft("revise", {"revision": revision, "first": first, "last": last, "text": text}, id)


def speakers(names: Mapping[str, str], horizon: Seconds) -> Draft:
    """Return a draft of the labels with their names, and of the time up to which speakers are known."""
    return Draft("speakers", {"names": dict(names), "horizon": rounded(horizon)})


def state(value: str) -> Draft:
    """Return a draft of a new state of the session."""
    return Draft("state", {"state": value})


def error(code: str, message: str, remedy: str = "", *, fatal: bool = False) -> Draft:
    """Return a draft of an error; after a fatal one, no further words follow."""
    return Draft("error", {"code": code, "message": message, "remedy": remedy, "fatal": fatal})


def mark(at: Seconds, text: str = "") -> Draft:
    """Return a draft of a mark at a time."""
    return Draft("mark", {"at": rounded(at), "text": text})


def _word_object(word: Word) -> dict[str, JSON]:
    """Return a word as an item of `words` in a commit."""
    value: dict[str, JSON] = {"text": word.text, "start": word.start, "end": word.end}
    if word.probability is not None:
        value["probability"] = word.probability
    if word.timing != "engine":
        value["timing"] = word.timing
    if word.speaker is not None:
        value["speaker"] = word.speaker
    return value
