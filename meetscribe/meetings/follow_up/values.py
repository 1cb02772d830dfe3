"""An action or decision of a meeting, with its status after the later meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from meetscribe.library import Meeting
from meetscribe.timeline import Seconds
from meetscribe.transcript.notes import Due

ItemStatus: TypeAlias = Literal["open", "done", "contradicted", "stale"]
"""What became of an item: nothing known yet, or a decision that stands; done; a later decision differs, for a person to
review; not mentioned in two further meetings that its owner attended."""

STATUSES: tuple[ItemStatus, ...] = get_args(ItemStatus)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a later meeting as evidence of a status.

    `start` is the start of its passage, in seconds from the start of the recording.
    """

    meeting: Meeting
    start: Seconds
    speaker: str | None
    quote: str

    @property
    def hit(self) -> str:
        """The meeting and the time, as `meetscribe library open` takes it."""
        return f"{self.meeting.id}@{self.start:g}"


@dataclass(frozen=True, slots=True)
class MeetingItem:
    """An action or decision of a meeting in a library.

    `id` is that of the meeting and of the item in its minutes; it stays the same while the words that state the item
    do. `start` is the time of these words, `quote` their text. `evidence` shows why the status is "done" or
    "contradicted", and of an open or stale item, where it was mentioned last. `suggested` is on if the status was
    measured to be right in fewer than 90 % of cases, so that a person has to decide.
    """

    id: str
    meeting: Meeting
    kind: Literal["action", "decision"]
    text: str
    quote: str
    start: Seconds
    owners: tuple[str, ...] = ()
    due: Due | None = None
    status: ItemStatus = "open"
    evidence: tuple[Evidence, ...] = ()
    suggested: bool = False

    @property
    def hit(self) -> str:
        """The meeting and the time of the item, as `meetscribe library open` takes it."""
        return f"{self.meeting.id}@{self.start:g}"

    @property
    def status_text(self) -> str:
        """The status as it is shown: "done", or "perhaps done" if it is a suggestion."""
        return f"perhaps {self.status}" if self.suggested else self.status
