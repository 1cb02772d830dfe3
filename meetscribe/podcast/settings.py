"""The settings of podcasts: the table [podcast] of a settings file."""

from __future__ import annotations

import math
from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option
from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class PodcastSettings:
    """The lengths of chapters, the base URL of the files, and the names of the hosts.

    Raises SettingsError for a `min_chapter` below 10 s, a `max_chapter` below twice that, and an invalid `base_url`.
    """

    min_chapter: Seconds = option(120.0, "shortest chapter, in seconds")
    max_chapter: Seconds = option(600.0, "longest chapter, in seconds; longer topics are divided at pauses")
    base_url: str = option("", "address of the folder where the files are published, for the tags of the feed")
    hosts: tuple[str, ...] = option((), "names of the hosts; if one of them speaks, all other speakers are guests")

    def __post_init__(self) -> None:
        if not (math.isfinite(self.min_chapter) and self.min_chapter >= 10):
            raise SettingsError(f"podcast.min_chapter must be at least 10 seconds, not {self.min_chapter}")
        if not self.max_chapter >= 2 * self.min_chapter:
            raise SettingsError(
                f"podcast.max_chapter must be at least twice podcast.min_chapter, not {self.max_chapter:g}",
                f"Set max_chapter (--max-chapter) to {2 * self.min_chapter:g} or more, or min_chapter (--min-chapter) "
                f"to {self.max_chapter / 2:g} or less.",
            )
        if self.base_url and not self.base_url.startswith(("https://", "http://")):
            raise SettingsError(
                f"podcast.base_url must be an address, not {self.base_url!r}",
                "Write it as https://example.org/episodes.",
            )
