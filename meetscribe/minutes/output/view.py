"""Minutes for display, with present names and times from the transcript."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.minutes.citations import CitationState, WordIndex
from meetscribe.timeline import Seconds
from meetscribe.transcript.notes import Citation, Item, Minutes, Person
from meetscribe.transcript.values import Transcript


@dataclass(frozen=True, slots=True)
class CitationView:
    """A citation with its present speaker and time, both None if its words are gone."""

    quote: str
    speaker: str | None
    start: Seconds | None
    state: CitationState


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item with present names: owners ("everyone" for all), people who agreed, and citations."""

    item: Item
    owners: tuple[str, ...]
    agreed_by: tuple[str, ...]
    citations: tuple[CitationView, ...]

    @property
    def start(self) -> Seconds | None:
        """The time of its statement, None if its words are gone."""
        return self.citations[0].start


class View:
    """Minutes with the present transcript, including corrections made after the minutes."""

    def __init__(self, minutes: Minutes, transcript: Transcript) -> None:
        """Index the words of the edited transcript."""
        self.minutes = minutes
        self._transcript = transcript
        self._index = WordIndex.of(transcript)

    def name(self, person: Person) -> str:
        """Return the present name of a person."""
        return self._index.name(person, self._transcript)

    def citation(self, citation: Citation) -> CitationView:
        """Return a citation with its present speaker and time."""
        index = self._index
        return CitationView(citation.quote, index.speaker(citation), index.start(citation), index.state(citation))

    def item(self, item: Item) -> ItemView:
        """Return an item with present names and times."""
        owners = ("everyone",) if item.everyone else tuple(map(self.name, item.owners))
        agreed = tuple(dict.fromkeys(map(self.name, item.agreed_by)))
        return ItemView(item, tuple(dict.fromkeys(owners)), agreed, tuple(map(self.citation, item.citations)))

    def participants(self) -> tuple[str, ...]:
        """Return the present names of the participants."""
        return tuple(dict.fromkeys(map(self.name, self.minutes.participants)))
