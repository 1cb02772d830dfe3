"""Formats as rows of a table, including the formats of other packages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from meetscribe.errors import SettingsError

GROUP = "meetscribe.formats"
"""The entry point group in which other packages name their formats; each entry point loads a `Format`."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format for transcripts; its module is imported on first use.

    `suffixes` identify its files, which are written with the first one; no two formats share a suffix. `carries` and
    `loses` are phrases for tables: the parts of a transcript in a file, and the parts lost when the file is read back
    or, if the format is only written, missing in it. For a format that is only read, `loses` lists parts of its files
    that are not read, or parts of a transcript that its files lack. A format that `keeps_edits` holds the recognised
    words and the edits; other formats hold the edited words. `package` is an optional package that reading or writing
    imports, `distribution` its name for pip. `path` is the dotted name of the module, by default
    `meetscribe.formats.NAME`. `file_names` are names, in lower case, that its files have by convention.
    """

    name: str
    suffixes: tuple[str, ...]
    carries: str
    loses: str
    media_type: str = "text/plain"
    keeps_edits: bool = False
    package: str | None = None
    distribution: str | None = None
    path: str = ""
    file_names: tuple[str, ...] = ()

    @property
    def module(self) -> Any:
        """The module, with `write`, or with `read` and `matches`, or with all three."""
        return import_module(self.path or f"meetscribe.formats.{self.name}")

    @property
    def writes(self) -> bool:
        """Whether transcripts can be written in this format."""
        return hasattr(self.module, "write")

    @property
    def reads(self) -> bool:
        """Whether transcripts can be read from this format."""
        return hasattr(self.module, "read")

    @property
    def install(self) -> str | None:
        """The command that installs the optional package, None if the format needs none."""
        return f"pip install {self.distribution or self.package}" if self.package else None


class FormatTable(Mapping[str, Format]):
    """Formats by name: the built-in ones, then those of installed packages, which are looked up on first use."""

    def __init__(self, built_in: Iterable[Format]) -> None:
        self._built_in = tuple(built_in)

    @cached_property
    def _rows(self) -> dict[str, Format]:
        rows = {row.name: row for row in self._built_in}
        for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
            row = _load(point, rows.values())
            rows[row.name] = row
        return rows

    def __getitem__(self, name: str) -> Format:
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _load(point: EntryPoint, known: Iterable[Format]) -> Format:
    """Load the format of another package; raises SettingsError if it is invalid or its name or suffix is taken."""
    origin = f"format {point.name!r} of the package {point.dist.name if point.dist else point.value}"
    remedy = "Update or uninstall that package."
    try:
        row = point.load()
    except (ImportError, AttributeError) as error:
        raise SettingsError(f"{origin} cannot be loaded: {error}", remedy) from error
    if not isinstance(row, Format):
        raise SettingsError(f"{origin}: {point.value} is not a meetscribe.formats.Format", remedy)
    for other in known:
        if taken := {row.name.lower(), *map(str.lower, row.suffixes)} & {
            other.name.lower(),
            *map(str.lower, other.suffixes),
        }:
            raise SettingsError(f"{origin}: {min(taken)} already belongs to the format {other.name}", remedy)
    return row
