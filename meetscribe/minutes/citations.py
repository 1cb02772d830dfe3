"""Citations: their words, their current speakers and times, and whether the quotes are still valid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from meetscribe.minutes.dialogue import Dialogue, token_of
from meetscribe.text.joining import join_words
from meetscribe.timeline import Seconds
from meetscribe.transcript.notes import Citation, Person
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.word_ids import with_word_ids
from meetscribe.transcript.words import Word

CitationState: TypeAlias = Literal["valid", "changed", "gone"]
"""The state of a citation: the quote is unchanged, its words were edited, or its first or last word is missing."""


class WordIndex:
    """The words of an edited transcript by id."""

    def __init__(self, words: Sequence[Word]) -> None:
        """Index words in the order of the transcript."""
        self.words = tuple(words)
        self.positions = {word.id: place for place, word in enumerate(self.words)}

    @classmethod
    def of(cls, transcript: Transcript) -> WordIndex:
        """Index the words of a transcript after its edits."""
        return cls(with_word_ids(transcript).edited().words)

    def span(self, citation: Citation) -> tuple[Word, ...]:
        """Return the words from the first to the last of a citation; empty if one is missing or they are reversed."""
        first, last = (self.positions.get(id) for id in (citation.first_word, citation.last_word))
        return () if first is None or last is None else self.words[first : last + 1]

    def own_words(self, citation: Citation) -> tuple[Word, ...]:
        """Return the words of a citation that belong to its speaker, without those of others in between."""
        words = self.span(citation)
        return tuple(word for word in words if word.speaker == words[0].speaker)

    def state(self, citation: Citation) -> CitationState:
        """Return the state of a citation: whether its quote still matches the words."""
        words = self.own_words(citation)
        if not words:
            return "gone"
        return "valid" if tokens_of(citation.quote.split()) == tokens_of(word.text for word in words) else "changed"

    def speaker(self, citation: Citation) -> str | None:
        """Return the current speaker of a citation, None if unknown."""
        words = self.span(citation)
        return words[0].speaker if words else None

    def start(self, citation: Citation) -> Seconds | None:
        """Return the time of the first word of a citation, None if it is missing."""
        words = self.span(citation)
        return words[0].start if words else None

    def text(self, citation: Citation) -> str:
        """Return the current text of a citation."""
        return join_words(word.text for word in self.own_words(citation))

    def name(self, person: Person, transcript: Transcript) -> str:
        """Return the current name of a person: that of the speaker of the person's word, else that of the label."""
        place = self.positions.get(person.word)
        speaker = None if place is None or person.word is None else self.words[place].speaker
        return speaker or transcript.name_of(person.name)


def tokens_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Return words normalised for comparison: without case and punctuation, and split at hyphens.

    >>> tokens_of(["Follow-up,", "“it’s"])
    ('follow', 'up', "it's")
    """
    return tuple(part for text in texts for part in token_of(text.replace("-", " ")).split() if token_of(part))


def citation(words: Sequence[Word]) -> Citation:
    """Return the citation of words of one speaker; raises ValueError for words without ids."""
    first, last = words[0].id, words[-1].id
    if first is None or last is None:
        raise ValueError("words without ids cannot be cited")
    return Citation(first, last, join_words(word.text for word in words))


def person(dialogue: Dialogue, name: str, word: Word | None = None) -> Person:
    """Return the person with a name, as a speaker label and, if `word` is by that speaker, the word's id."""
    return Person(dialogue.labels.get(name, name), word.id if word and word.speaker == name else None)
