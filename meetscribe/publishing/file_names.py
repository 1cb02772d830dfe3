"""What a recording's files are called, so that two recordings never share a name; pure."""

from __future__ import annotations

import datetime
import os
import re
import string
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from meetscribe.errors import SettingsError, nearest

if TYPE_CHECKING:
    from meetscribe.transcript import Transcript

EARLY = ("stem", "suffix", "folder", "date")
LATE = ("hash", "language", "speaker_count", "duration")
"""Fields that are known before, and only after, a recording is transcribed."""


@dataclass(frozen=True, slots=True)
class Template:
    """A name with fields in braces, such as "{stem}.{speaker_count}spk".

    Raises SettingsError for a field that there is not, and for a name that leads out of its folder.
    """

    text: str = "{stem}"

    def __post_init__(self) -> None:
        try:
            fields = [field for _, field, _, _ in string.Formatter().parse(self.text) if field is not None]
        except ValueError as error:
            raise SettingsError(f"--name {self.text}: {error}", 'Write it as "{stem}.{language}".') from error
        for field in fields:
            if field not in (*EARLY, *LATE):
                raise SettingsError(f"--name knows no field {field!r}: {nearest(field, (*EARLY, *LATE))}")
        if not {"stem", "hash"} & set(fields) or re.search(r"[/\\\0]|^\.\.?$", self.text):
            raise SettingsError(
                f"--name {self.text} would give several recordings one name, or leads to another folder",
                'Have {stem} or {hash} in it, such as "{stem}.{language}".',
            )

    def fill(self, stem: PurePath, recording: Path, transcript: Transcript | None = None) -> PurePath:
        """The name without its suffix; folders of `stem` stay."""
        fields: dict[str, str] = {
            "stem": stem.name,
            "suffix": recording.suffix.lstrip("."),
            "folder": recording.absolute().parent.name,
        }
        if "{date" in self.text:
            fields["date"] = datetime.date.fromtimestamp(recording.stat().st_mtime).isoformat()
        if transcript is not None:
            fields["hash"] = ((transcript.source and transcript.source.hash) or "").removeprefix("sha256:")[:8]
            fields["language"] = transcript.language
            fields["speaker_count"] = str(len(transcript.speakers))
            fields["duration"] = f"{transcript.duration:.0f}s"
        return stem.with_name(self.text.format_map({name: _plain(value) for name, value in fields.items()}))


def stems(recordings: Iterable[Path]) -> dict[Path, PurePath]:
    """The name of each recording's files: its own without the suffix, with as much before it as tells it apart.

    >>> {str(path): str(stem) for path, stem in stems([Path("a/x.wav"), Path("b/x.wav"), Path("b/y.wav")]).items()}
    {'a/x.wav': 'a/x', 'b/x.wav': 'b/x', 'b/y.wav': 'y'}
    """
    paths = list(recordings)
    if not paths:
        return {}
    root = Path(os.path.commonpath([path.absolute().parent for path in paths]))
    inside = {path: PurePath(os.path.relpath(path.absolute(), root)) for path in paths}  # "//a" is not in "/" to Path
    names = {path: PurePath(path.stem) for path in paths}
    for longer in ({path: name.with_suffix("") for path, name in inside.items()}, inside):
        known = Counter(_folded(name) for name in names.values())
        names |= {path: longer[path] for path, name in names.items() if known[_folded(name)] > 1}
    return names


def _folded(name: PurePath) -> str:
    """The name as a file system that tells no cases apart sees it."""
    return str(name).casefold()


def _plain(value: str) -> str:
    """A field's value without what leads to another folder."""
    return re.sub(r"[/\\\0]", "_", value)
