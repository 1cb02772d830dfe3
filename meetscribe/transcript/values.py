"""Transcript, the value that passes through all stages, with its metadata and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from meetscribe.errors import Notice
from meetscribe.text.dates import parse_date
from meetscribe.text.json_values import as_json, encodable
from meetscribe.timeline import Seconds, Span, Turn, rounded
from meetscribe.transcript.edits.labels import merged_label, names_by_label
from meetscribe.transcript.edits.methods import Corrections
from meetscribe.transcript.edits.values import Edit, Rename
from meetscribe.transcript.provenance import Provenance
from meetscribe.transcript.words import Segment, Word, check_language, round_times

if TYPE_CHECKING:
    import pandas as pd

FindingKind: TypeAlias = Literal["suspect", "removed", "uncovered", "recovered", "speaker"]
"""The kind of a finding, in this order: doubtful words that were kept; removed words; speech without words; words
recognised only in a second pass; words with a doubtful speaker."""

Level: TypeAlias = Literal["segment", "word", "turn"]

FINDING_KINDS: tuple[str, ...] = get_args(FindingKind)


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """The recording of a transcript: its path as given, and "sha256:" with the hexadecimal digest of its bytes.

    With one file per speaker, the path is a list of the file names, and there is no hash.
    """

    path: str
    hash: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", encodable(self.path))

    @property
    def name(self) -> str:
        """The name of the file."""
        return PurePath(self.path).name


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage of the recording to check: its kind, the reason, and its text, even if the text was removed.

    Raises ValueError for an unknown kind, and for an end before the start.
    """

    kind: FindingKind
    start: Seconds
    end: Seconds
    reason: str
    text: str = ""

    def __post_init__(self) -> None:
        if self.kind not in FINDING_KINDS:
            raise ValueError(f"a finding must be one of {', '.join(FINDING_KINDS)}, not {self.kind!r}")
        round_times(self)
        object.__setattr__(self, "reason", encodable(self.reason))
        object.__setattr__(self, "text", encodable(self.text))

    @property
    def span(self) -> Span:
        """The time span of the passage."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Meta:
    """Metadata of a transcript.

    `language` is a code such as "en" ("und" if unknown), `duration` the recording's length in seconds, `edits` the
    corrections in order (a mapping of labels to names is converted to a `Rename`), `notices` the warnings without
    duplicates, `provenance` the engines, models, versions and settings. `title` names the meeting, `recorded_at` is an
    ISO 8601 date, or date and time with or without an offset, as given by the container, the user or a feed, or the
    start of a live session, `participants` are the names of all participants, whether or not they speak. `history`
    holds the revision (see `edits.revision`) before each change of `edits` by `with_edits` or `undo` since the
    transcript was read; `with_meta(edits=…)` does not add to it. Files and comparisons ignore it. Raises ValueError for
    an invalid language, duration or date.
    """

    language: str
    duration: Seconds
    recording: RecordingFile | None = None
    turns: tuple[Turn, ...] = ()
    exclusive: tuple[Turn, ...] = ()
    edits: tuple[Edit, ...] = ()
    notices: tuple[Notice, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)
    findings: tuple[Finding, ...] = ()
    title: str | None = None
    recorded_at: str | None = None
    participants: tuple[str, ...] = ()
    history: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        check_language(self.language)
        object.__setattr__(self, "duration", rounded(self.duration))
        object.__setattr__(self, "turns", tuple(self.turns))
        object.__setattr__(self, "exclusive", tuple(self.exclusive))
        given: object = self.edits
        renamed = [Rename(given)] if isinstance(given, Mapping) and given else []
        object.__setattr__(self, "edits", tuple(renamed if isinstance(given, Mapping) else self.edits))
        object.__setattr__(self, "notices", tuple(dict.fromkeys(map(_plain, self.notices))))
        object.__setattr__(self, "findings", tuple(self.findings))
        object.__setattr__(self, "title", self.title and encodable(self.title))
        object.__setattr__(self, "participants", tuple(map(encodable, self.participants)))
        if self.recorded_at is not None:
            parse_date(self.recorded_at)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The texts of the notices."""
        return tuple(notice.text for notice in self.notices)


def _plain(notice: Notice) -> Notice:
    """Return the notice with text and data that UTF-8 and JSON can encode."""
    data = as_json(notice.data)
    return Notice(encodable(notice.code), encodable(notice.text), data if isinstance(data, dict) else {})


@dataclass(frozen=True, slots=True)
class Transcript(Corrections):
    """Segments of words with times and speakers, and metadata; the value that all stages and formats use."""

    segments: tuple[Segment, ...]
    meta: Meta

    def __post_init__(self) -> None:
        object.__setattr__(self, "segments", tuple(self.segments))

    @property
    def language(self) -> str:
        """The language code, such as "en"; "und" if it is unknown."""
        return self.meta.language

    @property
    def duration(self) -> Seconds:
        """The recording's length in seconds."""
        return self.meta.duration

    @property
    def recording(self) -> RecordingFile | None:
        """The transcribed recording, None if unknown."""
        return self.meta.recording

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The speaker turns; turns of different speakers may overlap."""
        return self.meta.turns

    @property
    def exclusive(self) -> tuple[Turn, ...]:
        """The speaker turns without overlap: one speaker at a time."""
        return self.meta.exclusive

    @property
    def words(self) -> tuple[Word, ...]:
        """All words, in the order of the segments."""
        return tuple(word for segment in self.segments for word in segment.words)

    @property
    def speakers(self) -> tuple[str, ...]:
        """The labels of the words' speakers, in order of first appearance."""
        return tuple(dict.fromkeys(word.speaker for word in self.words if word.speaker is not None))

    @property
    def text(self) -> str:
        """The text, one line per segment, without times and speakers."""
        return "\n".join(segment.text for segment in self.segments)

    def name_of(self, label: str) -> str:
        """Return the name after all edits of a speaker, given by the label in `speakers`.

        Without a name, this is the label after all merges. A name without a visible character is returned unchanged;
        `edited` replaces it with the label.
        """
        merged = merged_label(self.meta.edits, label)
        return names_by_label(self.meta.edits).get(merged, merged)

    def edited(self) -> Transcript:
        """Return the transcript with its edits applied: speakers are the displayed names, and `meta.edits` is empty."""
        from meetscribe.transcript.edits.application import apply_edits

        return apply_edits(self)

    def with_segments(self, segments: Iterable[Segment]) -> Transcript:
        """Return the transcript with new segments."""
        return replace(self, segments=tuple(segments))

    def with_meta(self, **changes: Any) -> Transcript:
        """Return the transcript with changed fields of `meta`.

        >>> Transcript((), Meta("en", 2.0)).with_meta(duration=3.0).duration
        3.0
        """
        return replace(self, meta=replace(self.meta, **changes))

    def with_notices(self, *notices: Notice) -> Transcript:
        """Return the transcript with these notices added; duplicates are dropped."""
        return self.with_meta(notices=(*self.meta.notices, *notices))

    def with_provenance(self, **changes: Any) -> Transcript:
        """Return the transcript with changed fields of `meta.provenance`."""
        return self.with_meta(provenance=replace(self.meta.provenance, **changes))

    def to_frame(self, level: Level = "segment") -> pd.DataFrame:
        """Return a DataFrame with a row per segment, word or turn; its columns are `frame.columns.SCHEMA[level]`."""
        from meetscribe.transcript.frame.dataframe import to_frame

        return to_frame(self, level)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, meta: Meta | None = None, level: Level | None = None) -> Transcript:
        """Read a transcript from a frame with a row per word, segment or turn, by default recognised by its columns.

        The columns start, end, speaker and text suffice; words may also be in a column `word`. Without `meta`, the
        frame's attributes are used. Raises InputError, and SettingsError for an unknown level.
        """
        from meetscribe.transcript.frame.dataframe import from_frame

        return from_frame(frame, meta, level)

    def to_json(self) -> str:
        """Return the transcript as native JSON, without loss."""
        from meetscribe.transcript.native.writer import dumps

        return dumps(self)

    @classmethod
    def from_json(cls, text: str | bytes) -> Transcript:
        """Read a transcript from native JSON.

        Raises InputError naming the path of an invalid value, or of the object that contains it.
        """
        from meetscribe.transcript.native.reader import loads

        return loads(text)

    def save(self, path: str | Path, format: str | None = None, *, force: bool = False) -> None:
        """Write a file in `format`, by default the format of its suffix; raises OutputError and SettingsError.

        An existing file is replaced, also one of another program; `formats.save(transcript, path, overwrite=False)`
        raises OutputError instead. Only a native JSON file that was corrected after this transcript was read is not
        replaced, unless `force` is on: RevisionError, an OutputError, lists the corrections.
        """
        from meetscribe.formats.files import save
        from meetscribe.formats.revisions import save_revision

        (save if force else save_revision)(self, path, format)

    @classmethod
    def load(cls, path: str | Path) -> Transcript:
        """Read a transcript from a file; raises InputError if it cannot be read."""
        from meetscribe.formats import load

        return load(path)

    def __repr__(self) -> str:
        from meetscribe.transcript.display import facts

        return f"<Transcript: {facts(self)}>"

    def __str__(self) -> str:
        from meetscribe.transcript.display import lines

        return "\n".join(lines(self))

    def _repr_html_(self) -> str:
        """Return the timeline of the speakers and the first segments as HTML, for notebooks."""
        from meetscribe.transcript.display import html_table, html_timeline

        return html_timeline(self) + html_table(self)
