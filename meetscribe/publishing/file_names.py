"""Names of output files: templates, and unique stems for recordings."""

from __future__ import annotations

import datetime
import os
import re
import string
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

from meetscribe.errors import SettingsError, nearest
from meetscribe.storage.files import is_file
from meetscribe.transcript import Transcript

FIELDS = ("stem", "suffix", "folder", "date", "hash", "language", "speaker_count", "duration")
"""The fields of a template; `hash` and the fields after it are known only after transcription.

`date` is the day of the last change of the recording's file.
"""


@dataclass(frozen=True, slots=True)
class Template:
    """A file name without suffix and with fields in braces, such as "{stem}.{speaker_count}spk".

    Raises SettingsError for an unknown field, a path separator, or a name without {stem} or {hash}, which would not be
    unique.
    """

    text: str = "{stem}"

    def __post_init__(self) -> None:
        try:
            fields = [field for _, field, _, _ in string.Formatter().parse(self.text) if field is not None]
        except ValueError as error:
            raise SettingsError(f"--name {self.text}: {error}", 'Write it as "{stem}.{language}".') from error
        for field in fields:
            if field not in FIELDS:
                raise SettingsError(f"--name {self.text}: unknown field {field!r}: {nearest(field, FIELDS)}")
        if not {"stem", "hash"} & set(fields) or re.search(r"[/\\\0]|^\.\.?$", self.text):
            raise SettingsError(
                f"--name {self.text} must contain {{stem}} or {{hash}} and no path separator",
                'Write it as "{stem}.{language}".',
            )

    def fill(self, stem: PurePath, recording: Path, transcript: Transcript | None = None) -> PurePath:
        """Return the name with its fields filled in, in the folder of `stem`.

        Without a transcript, fields known only after transcription are kept as placeholders.
        """
        fields = {name: f"{{{name}}}" for name in FIELDS}
        fields["stem"] = stem.name
        fields["suffix"] = recording.suffix.lstrip(".")
        fields["folder"] = recording.absolute().parent.name
        if "{date" in self.text and is_file(recording):
            fields["date"] = datetime.date.fromtimestamp(recording.stat().st_mtime).isoformat()
        if transcript is not None:
            fields["hash"] = ((transcript.recording and transcript.recording.hash) or "").removeprefix("sha256:")[:8]
            fields["language"] = transcript.language
            fields["speaker_count"] = str(len(transcript.speakers))
            fields["duration"] = f"{transcript.duration:.0f}s"
        return stem.with_name(self.text.format_map({name: _plain(value) for name, value in fields.items()}))


def stems(recordings: Iterable[Path], folders: Iterable[Path] = ()) -> dict[Path, PurePath]:
    """Return a unique stem for the files of each recording: its name without suffix.

    If stems are equal, they are preceded by the folders, and if they are still equal, the suffix is kept. Folders are
    relative to the common folder of all recordings and `folders`.

    >>> {str(path): str(stem) for path, stem in stems([Path("a/x.wav"), Path("b/x.wav"), Path("b/y.wav")]).items()}
    {'a/x.wav': 'a/x', 'b/x.wav': 'b/x', 'b/y.wav': 'y'}
    """
    paths = list(recordings)
    if not paths:
        return {}
    parents = {path.absolute().parent for path in paths} | {folder.absolute() for folder in folders}
    root = Path(os.path.commonpath(parents))
    # os.path.relpath, because Path.relative_to does not find "//a" below "/".
    inside = {path: PurePath(os.path.relpath(path.absolute(), root)) for path in paths}
    names = {path: PurePath(path.stem) for path in paths}
    for longer in ({path: name.with_suffix("") for path, name in inside.items()}, inside):
        known = Counter(_folded(name) for name in names.values())
        names |= {path: longer[path] for path, name in names.items() if known[_folded(name)] > 1}
    return names


def _folded(name: PurePath) -> str:
    """Return the name for comparison on a case-insensitive file system."""
    return str(name).casefold()


def _plain(value: str) -> str:
    """Return the value of a field without path separators."""
    return re.sub(r"[/\\\0]", "_", value)
