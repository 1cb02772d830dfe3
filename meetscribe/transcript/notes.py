"""Notes on a transcript that other rooms exchange: topics."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.text.json_values import encodable
from meetscribe.timeline import Seconds, Span, rounded


@dataclass(frozen=True, slots=True)
class Topic:
    """A passage of a meeting on one subject.

    `terms` are the words that set it apart from the rest of the meeting, the most characteristic first. `title` is a
    heading, None if there is only the list of terms. `first_word` and `last_word` are the ids of the words at its
    edges, as in a citation; None if the words have no ids. Times are rounded to the millisecond. Raises ValueError for
    a time that is negative or infinite, and for an end before the start.
    """

    start: Seconds
    end: Seconds
    terms: tuple[str, ...] = ()
    title: str | None = None
    first_word: str | None = None
    last_word: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", rounded(self.start))
        object.__setattr__(self, "end", rounded(self.end))
        if self.end < self.start:
            raise ValueError(f"a topic must not end before it starts: {self.start} to {self.end}")
        object.__setattr__(self, "terms", tuple(map(encodable, self.terms)))
        object.__setattr__(self, "title", self.title and encodable(self.title))

    @property
    def span(self) -> Span:
        """The time of the passage."""
        return Span(self.start, self.end)

    @property
    def heading(self) -> str:
        """The title, or the first three terms; empty if it has neither.

        >>> Topic(0, 60, ("budget", "travel", "hotel", "train")).heading
        'budget, travel, hotel'
        """
        return self.title or ", ".join(self.terms[:3])
