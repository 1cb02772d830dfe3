"""Words with times, speakers and scores; characters; segments."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, get_args

from meetscribe.text.joining import join_words
from meetscribe.text.json_values import encodable
from meetscribe.timeline import Seconds, Span, rounded

Timing: TypeAlias = Literal["aligned", "wildcard", "engine", "interpolated"]
"""The source of a word's times: forced alignment; forced alignment with wildcards, because the aligner knows none of
its characters, such as those of another script; the engine, or a file with word times; or interpolation between
neighbours."""

SpeakerSource: TypeAlias = Literal["turn", "nearest", "smoothed", "voice", "channel", "hint", "edit"]
"""The source of a word's speaker: the turn that covers it, the nearest turn, the words around it, its voiceprint, its
channel (in live transcripts), a hint of the user (no stage sets it, but attribution keeps it), or an edit."""

TIMINGS: tuple[str, ...] = get_args(Timing)
SPEAKER_SOURCES: tuple[str, ...] = get_args(SpeakerSource)


@dataclass(frozen=True, slots=True)
class Char:
    """One character of a word with its times and alignment score (0 to 1).

    The score is None if the aligner does not know the character. Times and scores are rounded as in a `Word`. Raises
    ValueError for anything but one visible character, an end before the start, and a score out of range.
    """

    text: str
    start: Seconds
    end: Seconds
    score: float | None = None

    def __post_init__(self) -> None:
        if len(self.text) != 1 or self.text.isspace():
            raise ValueError(f"expected one visible character, not {self.text!r}")
        _check_encodable(self.text)
        round_times(self)
        object.__setattr__(self, "score", _score(self.score))


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word with its punctuation, from `start` to `end` in seconds.

    Times are rounded to the millisecond and scores (0 to 1) to four decimals, so that a saved word loads as an equal
    value. Unknown values are None. `score` is the aligner's score of the times, `probability` the engine's probability
    of the word. `speaker_score` is the time of the word that its speaker covers, relative to the duration of the word
    or, if longer, to the sum of these times over all speakers: 0.5 if two speakers cover all of it. `overlap` is set if
    several speakers talk during at least half of the word. `language` is a code, set only if it differs from the
    language of the transcript. `chars` is empty unless `alignment.char_times` is on. `id` identifies the word in all
    versions of the transcript (see `word_ids`). Raises ValueError for text that is empty or surrounded by white space,
    an end before the start, and other invalid values.
    """

    text: str
    start: Seconds
    end: Seconds
    timing: Timing = "engine"
    score: float | None = None
    speaker: str | None = None
    speaker_score: float | None = None
    speaker_source: SpeakerSource | None = None
    overlap: bool = False
    probability: float | None = None
    language: str | None = None
    chars: tuple[Char, ...] = ()
    id: str | None = None

    def __post_init__(self) -> None:
        if not self.text or self.text != self.text.strip():
            raise ValueError(f"a word must be text without surrounding white space, not {self.text!r}")
        _check_encodable(self.text)
        round_times(self)
        for name in ("score", "speaker_score", "probability"):
            object.__setattr__(self, name, _score(getattr(self, name)))
        object.__setattr__(self, "chars", tuple(self.chars))
        if self.language is not None:
            check_language(self.language)
        if self.id is not None:
            check_id(self.id)
        if self.timing not in TIMINGS:
            raise ValueError(f"timing must be one of {', '.join(TIMINGS)}, not {self.timing!r}")
        if self.speaker_source is not None and self.speaker_source not in SPEAKER_SOURCES:
            raise ValueError(f"speaker_source must be one of {', '.join(SPEAKER_SOURCES)}, not {self.speaker_source!r}")
        if self.speaker is not None:
            if not self.speaker:
                raise ValueError("a speaker must have a label; use None if it is unknown")
            _check_encodable(self.speaker)

    def attributed(self, speaker: str | None, score: float | None, source: SpeakerSource | None, overlap: bool) -> Word:
        """Return the word with that speaker, score, source and overlap; for speed, all else is not checked again.

        Raises ValueError for an empty label, an unknown source, or a score outside 0 to 1.
        """
        if speaker == "" or (source is not None and source not in SPEAKER_SOURCES):
            raise ValueError(f"invalid speaker or source: {speaker!r}, {source!r}")
        return self._copy(speaker=speaker, speaker_score=_score(score), speaker_source=source, overlap=overlap)

    def identified(self, id: str | None) -> Word:
        """Return the word with that id; the other values are not checked again."""
        if id is not None:
            check_id(id)
        return self._copy(id=id)

    def _copy(self, **changes: object) -> Word:
        """Return the word with changed values, without checks."""
        word = object.__new__(type(self))
        for name in Word.__slots__:
            object.__setattr__(word, name, changes[name] if name in changes else getattr(self, name))
        return word

    @property
    def span(self) -> Span:
        """Its time span."""
        return Span(self.start, self.end)

    @property
    def duration(self) -> Seconds:
        """Its length in seconds."""
        return self.end - self.start

    @property
    def middle(self) -> Seconds:
        """The time halfway between its start and its end; a passage contains the words whose middle lies in it."""
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of at least one word; all other values are derived from the words."""

    words: tuple[Word, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(self.words))
        if not self.words:
            raise ValueError("a segment must have at least one word")

    @property
    def text(self) -> str:
        """Its words as running text."""
        return join_words(word.text for word in self.words)

    @property
    def start(self) -> Seconds:
        """The earliest start of its words."""
        return min(word.start for word in self.words)

    @property
    def end(self) -> Seconds:
        """The latest end of its words."""
        return max(word.end for word in self.words)

    @property
    def span(self) -> Span:
        """The span from its start to its end."""
        return Span(self.start, self.end)

    @property
    def language(self) -> str | None:
        """The language of its first word; None if it is the language of the transcript."""
        return self.words[0].language

    @property
    def speaker(self) -> str | None:
        """The speaker with the most speech; in a tie, the first one; None if no speaker is known."""
        time: dict[str, Seconds] = {}
        for word in self.words:
            if word.speaker is not None:
                time[word.speaker] = time.get(word.speaker, 0.0) + word.duration
        return max(time, key=lambda label: round(time[label], 3)) if time else None


def _score(value: float | None) -> float | None:
    """Round a score to four decimals; raises ValueError outside 0 to 1."""
    if value is None:
        return None
    try:
        score = round(float(value), 4) + 0.0
    except OverflowError:  # an integer too large for a float
        score = math.inf
    if not 0 <= score <= 1:
        raise ValueError(f"a score must lie between 0 and 1, not {value!r}")
    return score


class Timed(Protocol):
    """Text with start and end."""

    @property
    def text(self) -> str:
        """Its text."""
        ...

    @property
    def start(self) -> Seconds:
        """Its start in seconds."""
        ...

    @property
    def end(self) -> Seconds:
        """Its end in seconds."""
        ...


def round_times(timed: Timed) -> None:
    """Round `start` and `end` to the millisecond; raises ValueError for an end before the start."""
    object.__setattr__(timed, "start", rounded(timed.start))
    object.__setattr__(timed, "end", rounded(timed.end))
    if timed.end < timed.start:
        raise ValueError(f"the end must not be before the start: {timed.text!r} {timed.start} to {timed.end}")


def check_language(language: str) -> None:
    """Raise ValueError if a code is empty, or contains more than letters, digits, hyphens and underscores."""
    if not re.fullmatch(r"[\w-]+", language):
        raise ValueError(f'a language must be a code such as "en", or "und", not {language!r}')


def check_id(text: str) -> None:
    """Raise ValueError for an id that is empty, or contains white space or unprintable characters."""
    if not text or len(text.split()) != 1 or text != text.strip() or not text.isprintable():
        raise ValueError(f"an id must be one printable word, not {text!r}")


def _check_encodable(text: str) -> None:
    """Raise ValueError for a lone surrogate, which UTF-8 cannot encode."""
    if not text.isascii() and text != encodable(text):
        raise ValueError(f"text must be valid Unicode, not {text!r}")
