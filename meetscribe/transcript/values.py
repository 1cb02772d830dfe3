"""The values that every stage hands on: Word, Segment, Transcript and what is known about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from meetscribe.timeline import Seconds, Span, Turn, rounded
from meetscribe.transcript.edits import Edit, Rename, heir_of, names_by_label
from meetscribe.transcript.joining import join_words
from meetscribe.transcript.plain import JSON, encodable, plain_json

if TYPE_CHECKING:
    import pandas as pd

Timing: TypeAlias = Literal["aligned", "wildcard", "engine", "interpolated"]
"""Where a word's times come from: forced alignment; alignment of sounds that stand for no known letter, as in
"€5"; the engine itself; or a guess between neighbours."""

FindingKind: TypeAlias = Literal["suspect", "removed", "uncovered", "recovered"]
"""What was noticed about a passage: its words are kept, but doubtful; words were taken out; there is speech, but
no words; or words were found there on a second try only."""

SpeakerSource: TypeAlias = Literal["turn", "nearest", "smoothed", "voice", "channel", "hint", "edit"]
"""Why a word has its speaker: a turn covers it, the nearest turn, the words around it against the turn under it,
its channel, a hint, a correction."""

Level: TypeAlias = Literal["segment", "word", "turn"]

TIMINGS: tuple[str, ...] = get_args(Timing)
SPEAKER_SOURCES: tuple[str, ...] = get_args(SpeakerSource)
FINDING_KINDS: tuple[str, ...] = get_args(FindingKind)


@dataclass(frozen=True, slots=True)
class Char:
    """One character of a word and when it is heard; `score` says how well, 0 to 1, None for a stand-in.

    Rounded as the times and scores of a `Word`.
    """

    text: str
    start: Seconds
    end: Seconds
    score: float | None = None

    def __post_init__(self) -> None:
        if len(self.text) != 1 or self.text.isspace():
            raise ValueError(f"a character must be one, and no space, not {self.text!r}")
        _check_encodable(self.text)
        _round_times(self)
        object.__setattr__(self, "score", _score(self.score))


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word with its punctuation, from `start` to `end` seconds.

    Times are rounded to the millisecond and scores (0 to 1) to four decimals, so that files read back
    equal. What is not known is None. `score` is the aligner's, of how well the word is heard at its place,
    `probability` the engine's, of the word itself; `language` is its code where that is not the transcript's;
    `chars` are there if their times were asked for. Raises ValueError for a value that says nothing or
    contradicts itself.
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

    def __post_init__(self) -> None:
        if not self.text or self.text != self.text.strip():
            raise ValueError(f"a word must be text without space around it, not {self.text!r}")
        _check_encodable(self.text)
        _round_times(self)
        for name in ("score", "speaker_score", "probability"):
            object.__setattr__(self, name, _score(getattr(self, name)))
        object.__setattr__(self, "chars", tuple(self.chars))
        if self.language is not None:
            _check_language(self.language)
        if self.timing not in TIMINGS:
            raise ValueError(f"timing must be one of {', '.join(TIMINGS)}, not {self.timing!r}")
        if self.speaker_source is not None and self.speaker_source not in SPEAKER_SOURCES:
            raise ValueError(f"speaker_source must be one of {', '.join(SPEAKER_SOURCES)}, not {self.speaker_source!r}")
        if self.speaker is not None:
            if not self.speaker:
                raise ValueError("a speaker must have a label; None says that it is not known")
            _check_encodable(self.speaker)

    def attributed(self, speaker: str | None, score: float | None, source: SpeakerSource | None, overlap: bool) -> Word:
        """The word with that speaker; all else is taken over without being checked again: recordings have many."""
        if speaker == "" or (source is not None and source not in SPEAKER_SOURCES):
            raise ValueError(f"no speaker: {speaker!r} by {source!r}")
        known = (speaker, _score(score), source, overlap)
        word = object.__new__(type(self))
        for name in _KEPT_FIELDS:
            object.__setattr__(word, name, getattr(self, name))
        for name, value in zip(("speaker", "speaker_score", "speaker_source", "overlap"), known, strict=True):
            object.__setattr__(word, name, value)
        return word

    @property
    def span(self) -> Span:
        """When it is spoken."""
        return Span(self.start, self.end)

    @property
    def duration(self) -> Seconds:
        """Its length in seconds."""
        return self.end - self.start


_KEPT_FIELDS = tuple(
    name for name in Word.__slots__ if name not in ("speaker", "speaker_score", "speaker_source", "overlap")
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words, at least one; everything else is derived from them."""

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
        """When its first word starts."""
        return min(word.start for word in self.words)

    @property
    def end(self) -> Seconds:
        """When its last word ends."""
        return max(word.end for word in self.words)

    @property
    def span(self) -> Span:
        """From its first word to its last."""
        return Span(self.start, self.end)

    @property
    def language(self) -> str | None:
        """The language of its first word, None if that is the transcript's."""
        return self.words[0].language

    @property
    def speaker(self) -> str | None:
        """The speaker of its words; of several, the one with most speech time, at a tie the first named."""
        time: dict[str, Seconds] = {}
        for word in self.words:
            if word.speaker is not None:
                time[word.speaker] = time.get(word.speaker, 0.0) + word.duration
        return max(time, key=lambda label: round(time[label], 3)) if time else None


@dataclass(frozen=True, slots=True)
class Source:
    """The recording a transcript was made from: its file name and the hash of its bytes."""

    name: str
    hash: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", encodable(self.name))


@dataclass(frozen=True, slots=True)
class Finding:
    """What was noticed about a passage of the recording, why, and its text: of what was removed, the only trace."""

    kind: FindingKind
    start: Seconds
    end: Seconds
    reason: str
    text: str = ""

    def __post_init__(self) -> None:
        if self.kind not in FINDING_KINDS:
            raise ValueError(f"a finding must be one of {', '.join(FINDING_KINDS)}, not {self.kind!r}")
        _round_times(self)
        object.__setattr__(self, "reason", encodable(self.reason))
        object.__setattr__(self, "text", encodable(self.text))

    @property
    def span(self) -> Span:
        """The passage."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known about a transcript besides its words.

    `language` is a code such as "en" ("und" if unknown), `duration` the recording's length in seconds,
    `edits` what people corrected, in order (a mapping of labels to names is one renaming), `made_by` the engines,
    weights, versions and settings, as plain JSON (tuples become lists, paths text). Raises ValueError for a value
    JSON cannot hold.
    """

    language: str
    duration: Seconds
    source: Source | None = None
    turns: tuple[Turn, ...] = ()
    exclusive: tuple[Turn, ...] = ()
    edits: tuple[Edit, ...] = ()
    warnings: tuple[str, ...] = ()
    made_by: Mapping[str, JSON] = field(default_factory=dict, hash=False)
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        _check_language(self.language)
        object.__setattr__(self, "duration", rounded(self.duration))
        object.__setattr__(self, "turns", tuple(self.turns))
        object.__setattr__(self, "exclusive", tuple(self.exclusive))
        given: object = self.edits
        renamed = [Rename(given)] if isinstance(given, Mapping) and given else []
        object.__setattr__(self, "edits", tuple(renamed if isinstance(given, Mapping) else self.edits))
        object.__setattr__(self, "warnings", tuple(encodable(warning) for warning in self.warnings))
        object.__setattr__(self, "findings", tuple(self.findings))
        object.__setattr__(self, "made_by", plain_json(self.made_by))


@dataclass(frozen=True, slots=True)
class Transcript:
    """Who said what, and when: the one value that every stage takes and every format writes."""

    segments: tuple[Segment, ...]
    meta: Meta

    def __post_init__(self) -> None:
        object.__setattr__(self, "segments", tuple(self.segments))

    @property
    def language(self) -> str:
        """The language's code, such as "en"; "und" if it is not known."""
        return self.meta.language

    @property
    def duration(self) -> Seconds:
        """The recording's length in seconds."""
        return self.meta.duration

    @property
    def source(self) -> Source | None:
        """The recording it was made from, if that is known."""
        return self.meta.source

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Who speaks when; turns of different speakers may overlap."""
        return self.meta.turns

    @property
    def exclusive(self) -> tuple[Turn, ...]:
        """Who speaks when, one speaker at a time."""
        return self.meta.exclusive

    @property
    def words(self) -> tuple[Word, ...]:
        """All words, in the order of the segments."""
        return tuple(word for segment in self.segments for word in segment.words)

    @property
    def speakers(self) -> tuple[str, ...]:
        """The labels of the words' speakers, by first appearance."""
        return tuple(dict.fromkeys(word.speaker for word in self.words if word.speaker is not None))

    @property
    def text(self) -> str:
        """What was said, a line per segment, without times and speakers."""
        return "\n".join(segment.text for segment in self.segments)

    def name_of(self, label: str) -> str:
        """The name to show for a speaker's label: that of who has become of it, else the label."""
        heir = heir_of(self.meta.edits, label)
        return names_by_label(self.meta.edits).get(heir, heir)

    def edited(self) -> Transcript:
        """What is shown: the transcript as its edits leave it, under names, and without edits of its own."""
        from meetscribe.transcript.replaying import edited

        return edited(self)

    def rename(self, names: Mapping[str, str], *, merge: bool = False) -> Transcript:
        """The transcript with names for speakers, each given by label or by the name so far.

        Raises SettingsError for who is not there, and, unless `merge` makes them one, for a name that is another's.
        """
        from meetscribe.transcript.editing import rename

        return rename(self, names, merge=merge)

    def merge(self, first: str, *others: str) -> Transcript:
        """The transcript in which the others are the first speaker; raises SettingsError for who is not there."""
        from meetscribe.transcript.editing import merge

        return merge(self, first, *others)

    def assign(self, start: Seconds, end: Seconds, speaker: str) -> Transcript:
        """The transcript in which the words whose middle lies between the times are a speaker's, perhaps a new one's.

        Raises SettingsError if there are no words.
        """
        from meetscribe.transcript.editing import assign

        return assign(self, start, end, speaker)

    def undo(self, steps: int = 1) -> Transcript:
        """The transcript without its last edits; raises SettingsError if there are fewer."""
        from meetscribe.transcript.editing import undo

        return undo(self, steps)

    def with_segments(self, segments: Iterable[Segment]) -> Transcript:
        """The same recording with other segments."""
        return replace(self, segments=tuple(segments))

    def with_meta(self, **changes: Any) -> Transcript:
        """The same segments with other fields of `meta`.

        >>> Transcript((), Meta("en", 2.0)).with_meta(duration=3.0).duration
        3.0
        """
        return replace(self, meta=replace(self.meta, **changes))

    def with_warnings(self, *warnings: str) -> Transcript:
        """The same transcript with more warnings; one that is there already is not said twice."""
        return self.with_meta(warnings=tuple(dict.fromkeys((*self.meta.warnings, *map(encodable, warnings)))))

    def with_made_by(self, stage: str, record: Mapping[str, JSON]) -> Transcript:
        """The same transcript, saying more of how a stage made it."""
        before = self.meta.made_by.get(stage)
        made = {**before, **record} if isinstance(before, dict) else dict(record)
        return self.with_meta(made_by={**self.meta.made_by, stage: made})

    def to_frame(self, level: Level = "segment") -> pd.DataFrame:
        """A DataFrame with a row per segment, word or turn; columns and dtypes are `columns.SCHEMA`."""
        from meetscribe.transcript.frame import to_frame

        return to_frame(self, level)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, meta: Meta | None = None) -> Transcript:
        """The transcript of a frame; without `meta`, what the frame keeps. Raises InputError for what is wrong."""
        from meetscribe.transcript.frame import from_frame

        return from_frame(frame, meta)

    def to_json(self) -> str:
        """The transcript as native JSON, from which it reads back equal."""
        from meetscribe.transcript.native import dumps

        return dumps(self)

    @classmethod
    def from_json(cls, text: str | bytes) -> Transcript:
        """The transcript in native JSON; raises InputError naming what is wrong."""
        from meetscribe.transcript.native import loads

        return loads(text)

    def save(self, path: str | Path, format: str | None = None) -> None:
        """Write a file in `format`, else in the one its suffix names; raises OutputError, SettingsError."""
        from meetscribe.formats import save

        save(self, path, format)

    @classmethod
    def load(cls, path: str | Path) -> Transcript:
        """The transcript in a file; raises InputError if it cannot be read."""
        from meetscribe.formats import load

        return load(path)

    def __str__(self) -> str:
        from meetscribe.transcript.display import lines

        return "\n".join(lines(self))

    def _repr_html_(self) -> str:
        """The first segments as a table, for notebooks."""
        from meetscribe.transcript.display import html_table

        return html_table(self)


def _score(value: float | None) -> float | None:
    """A score to four decimals; raises ValueError outside 0 to 1."""
    if value is None:
        return None
    score = round(float(value), 4) + 0.0
    if not 0 <= score <= 1:
        raise ValueError(f"a score must lie between 0 and 1, not {value!r}")
    return score


def _round_times(timed: Char | Word | Finding) -> None:
    """Round `start` and `end` to the millisecond; raises ValueError if it ends before it starts."""
    object.__setattr__(timed, "start", rounded(timed.start))
    object.__setattr__(timed, "end", rounded(timed.end))
    if timed.end < timed.start:
        raise ValueError(f"it must not end before it starts: {timed.text!r} {timed.start} to {timed.end}")


def _check_language(language: str) -> None:
    """Raise ValueError for what is no code of a language."""
    if not re.fullmatch(r"[\w-]+", language):
        raise ValueError(f'a language must be a code such as "en", or "und", not {language!r}')


def _check_encodable(text: str) -> None:
    """Raise ValueError for half of a surrogate pair, which no file in UTF-8 can hold."""
    if not text.isascii() and text != encodable(text):
        raise ValueError(f"text must be valid Unicode, not {text!r}")
