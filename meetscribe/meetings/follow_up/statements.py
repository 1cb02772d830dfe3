"""The sentences of a library's meetings, with their stems for the comparison with subjects."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from meetscribe.library import Library, Meeting, Passage
from meetscribe.meetings.follow_up.cues import Cues, cues
from meetscribe.meetings.follow_up.values import Evidence
from meetscribe.minutes.dialogue import stem, token_of
from meetscribe.minutes.lexicon import Lexicon, guess_language, lexicon
from meetscribe.text.sentences import ends_sentence, is_abbreviation


@dataclass(frozen=True)
class Language:
    """The word lists of a language: the lexicon of the minutes, and the cues; None where they do not exist."""

    lexicon: Lexicon | None
    cues: Cues | None

    @classmethod
    def of(cls, code: str, sample: Sequence[str] = ()) -> Language:
        """Return the lists of a language; the unknown language "und" is guessed from a sample of words."""
        if code == "und":
            code = guess_language([token_of(word) for word in sample]) or code
        return cls(lexicon(code), cues(code))

    def stems(self, tokens: Iterable[str]) -> tuple[str, ...]:
        """Return the stems of the content words, in order."""
        return tuple(stem(token) for token in tokens if self.lexicon is None or self.lexicon.is_content(token))


@dataclass(frozen=True)
class Statement:
    """A sentence of a meeting, with its passage.

    `text` is the sentence as transcribed, `tokens` are its words in lower case without punctuation, and `stems` the
    stems of its content words. `about` are the stems of what the sentence is about: its own, and if it has at most one
    specific content word and contains a pronoun or follows a question, also `about` of the sentence before it, as in
    "I sent it".
    """

    meeting: Meeting
    language: Language
    passage: Passage
    text: str
    tokens: tuple[str, ...]
    stems: tuple[str, ...]
    about: frozenset[str]

    @property
    def speaker(self) -> str | None:
        """The name of the speaker, None if unknown."""
        return self.passage.speaker

    @property
    def norm(self) -> str:
        """The text in which cues are searched: lower-case words between single spaces."""
        return " ".join(self.tokens)

    @property
    def is_question(self) -> bool:
        """Whether the sentence ends with a question mark."""
        return self.text.rstrip("\"'”’»)").endswith(("?", "？"))

    @property
    def evidence(self) -> Evidence:
        """The sentence as evidence of a status."""
        return Evidence(self.meeting, self.passage.start, self.speaker, self.text)


@dataclass(frozen=True)
class Record:
    """The dated meetings, the earliest first, their sentences by meeting id, and the number of sentences per stem."""

    meetings: tuple[Meeting, ...]
    statements: Mapping[str, tuple[Statement, ...]]
    _counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, library: Library) -> Record:
        """Read the dated meetings of a library that are not restricted and whose files exist."""
        dated = [meeting for meeting in library.meetings() if meeting.recorded_at]
        dated.sort(key=lambda meeting: (meeting.recorded_at or "", meeting.id))
        statements = {meeting.id: tuple(_statements(meeting, library.passages(meeting))) for meeting in dated}
        counts = Counter(stem for group in statements.values() for statement in group for stem in set(statement.stems))
        return cls(tuple(dated), statements, counts)

    def after(self, meeting: Meeting) -> tuple[Meeting, ...]:
        """Return the meetings after a meeting, the earliest first; none if the meeting is not among `meetings`."""
        ids = [dated.id for dated in self.meetings]
        return self.meetings[ids.index(meeting.id) + 1 :] if meeting.id in ids else ()

    def weight(self, stem: str) -> float:
        """Return the weight of a stem: the logarithm of its inverse sentence frequency."""
        total = sum(map(len, self.statements.values()))
        return math.log(1 + (total + 1) / (self._counts[stem] + 1))


def _statements(meeting: Meeting, passages: Sequence[Passage]) -> Iterator[Statement]:
    """Yield the sentences of a meeting."""
    sample = [word for passage in passages[:50] for word in passage.text.split()]
    language = Language.of(meeting.language, sample)
    earlier: Statement | None = None
    for passage in passages:
        for text in _sentences(passage.text):
            tokens = tuple(filter(None, map(token_of, text.split())))
            stems = language.stems(tokens)
            about = frozenset(stems)
            if earlier is not None and _refers_to(tokens, earlier):
                about |= earlier.about
            earlier = Statement(meeting, language, passage, text, tokens, stems, about)
            yield earlier


def _refers_to(tokens: Sequence[str], earlier: Statement) -> bool:
    """Return whether a sentence has at most one specific content word and refers to the sentence before it."""
    known_cues = earlier.language.cues
    if known_cues is None:
        return False
    specific = earlier.language.stems(token for token in tokens if token not in known_cues.generic)
    return len(specific) <= 1 and (earlier.is_question or bool(known_cues.pronouns.intersection(tokens)))


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text."""
    words: list[str] = []
    for word in text.split():
        words.append(word)
        if ends_sentence(word) and not is_abbreviation(word):
            yield " ".join(words)
            words = []
    if words:
        yield " ".join(words)
