"""Minutes for display, with current names and times from the transcript."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from meetscribe.minutes.citations import CitationState, WordIndex, tokens_of
from meetscribe.timeline import Seconds
from meetscribe.transcript.notes import Citation, Coverage, Item, Minutes, Person
from meetscribe.transcript.values import Transcript


@dataclass(frozen=True, slots=True)
class CitationView:
    """A citation with its current speaker and time, both None if its words are gone."""

    quote: str
    speaker: str | None
    start: Seconds | None
    state: CitationState


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item with current names: owners ("everyone" for all), people who agreed, and citations.

    `due_changed` states whether the wording of the due date is no longer in the cited words.
    """

    item: Item
    owners: tuple[str, ...]
    agreed_by: tuple[str, ...]
    citations: tuple[CitationView, ...]
    due_changed: bool = False

    @property
    def start(self) -> Seconds | None:
        """The time of the first citation, None if its words are gone."""
        return self.citations[0].start

    @property
    def due_text(self) -> str:
        """The due date, such as "due 2026-12-01 (“by Tuesday”)"; that of a next meeting only if its day is known."""
        due, is_meeting = self.item.due, self.item.kind == "next_meeting"
        if due is None or (is_meeting and not due.day):
            return ""
        changed = "(changed since)" if self.due_changed else ""
        parts = ("on" if is_meeting else "due", due.day, f"(“{due.said}”)", changed)
        return " ".join(filter(None, parts))


class View:
    """Minutes with the current transcript, including corrections made after the minutes."""

    def __init__(self, minutes: Minutes, transcript: Transcript) -> None:
        """Index the words of the edited transcript."""
        self.minutes = minutes
        self._transcript = transcript
        self._index = WordIndex.of(transcript)

    def name(self, person: Person) -> str:
        """Return the current name of a person."""
        return self._index.name(person, self._transcript)

    def citation(self, citation: Citation) -> CitationView:
        """Return a citation with its current speaker and time."""
        index = self._index
        return CitationView(citation.quote, index.speaker(citation), index.start(citation), index.state(citation))

    def item(self, item: Item) -> ItemView:
        """Return an item with current names and times."""
        owners = ("everyone",) if item.everyone else tuple(map(self.name, item.owners))
        agreed = tuple(dict.fromkeys(map(self.name, item.agreed_by)))
        citations = tuple(map(self.citation, item.citations))
        return ItemView(item, tuple(dict.fromkeys(owners)), agreed, citations, self._due_changed(item))

    def _due_changed(self, item: Item) -> bool:
        """Return whether the wording of the due date was in the quotes and is no longer in the cited words."""
        if item.due is None:
            return False
        said = _spaced(item.due.said.split())
        was = any(said in _spaced(one.quote.split()) for one in item.citations)
        words = (self._index.own_words(one) for one in item.citations)
        return was and not any(said in _spaced(word.text for word in own) for own in words)

    def participants(self) -> tuple[str, ...]:
        """Return the current names of the participants."""
        return tuple(dict.fromkeys(map(self.name, self.minutes.participants)))


def coverage_text(coverage: Coverage) -> str:
    """Return sentences on the source of the minutes, the share of the transcript that was read, and unread parts."""
    if coverage.by == "rules" and not coverage.share:
        text = "No decisions, actions or questions were looked for: there are no rules for this language."
    else:
        share = "the whole transcript" if coverage.share == 1 else f"{int(1000 * coverage.share) / 10:g}% of the words"
        text = f"Compiled by {coverage.by} from {share}."
    return " ".join([text, *(f"Not read by {coverage.by}: {one}." for one in coverage.cut)])


def _spaced(texts: Iterable[str]) -> str:
    """Return the tokens of words with spaces between and around them, for searching whole words."""
    return f" {' '.join(tokens_of(texts))} "
