"""An action or decision of a meeting, with its status after the later meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from meetscribe.library import Meeting
from meetscribe.timeline import Seconds
from meetscribe.transcript.notes import Due

ItemStatus: TypeAlias = Literal["open", "done", "contradicted", "stale"]
"""The status of an item after later meetings: open (or a decision that stands); done; contradicted by a later decision,
which a person has to review; stale, not mentioned in two further meetings that its owner attended."""

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
        """The meeting and the time, for `meetscribe library open`."""
        return f"{self.meeting.id}@{self.start:g}"


@dataclass(frozen=True, slots=True)
class MeetingItem:
    """An action or decision of a meeting in a library.

    `id` combines the ids of the meeting and of the item in its minutes; it is stable as long as the words that state
    the item are unchanged. `start` is the time of these words, `quote` their text. `evidence` is the reason for the
    status "done" or "contradicted", and the last mention of an open or stale item. `suggested` is true if the status
    was correct in fewer than 90 % of the measured cases, so that a person has to decide.
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
        """The meeting and the time of the item, for `meetscribe library open`."""
        return f"{self.meeting.id}@{self.start:g}"

    @property
    def status_text(self) -> str:
        """The status for display: "done", or "perhaps done" if it is a suggestion."""
        return f"perhaps {self.status}" if self.suggested else self.status
