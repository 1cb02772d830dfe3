"""The tags of an episode for its feed, in the podcast namespace (Podcasting 2.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote, urljoin

from meetscribe.markup.escaping import escape_markup
from meetscribe.podcast.episode import Episode
from meetscribe.text.languages import UNKNOWN

NAMESPACE = "https://podcastindex.org/namespace/1.0"
"""The XML namespace of the tags."""

FORMER_NAMESPACE = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
"""The first URI of the namespace, still used by older feeds."""

_TRANSCRIPTS = (
    (".vtt", "text/vtt"),
    (".srt", "application/x-subrip"),
    (".podcast.json", "application/json"),
    (".html", "text/html"),
)
_CAPTIONS = (".vtt", ".srt")
_CHAPTERS = ".chapters.json"


@dataclass(frozen=True, slots=True)
class Tag:
    """An element of the podcast namespace: its name, its attributes, and its text."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""

    def to_xml(self, prefix: str = "podcast") -> str:
        """Return the element with the prefix of the namespace.

        >>> Tag("person", {"role": "host"}, "Anna & Ben").to_xml()
        '<podcast:person role="host">Anna &amp; Ben</podcast:person>'
        """
        attributes = "".join(f' {name}="{escape_markup(value)}"' for name, value in self.attributes.items())
        name = f"{prefix}:{self.name}"
        return f"<{name}{attributes}>{escape_markup(self.text)}</{name}>" if self.text else f"<{name}{attributes}/>"


def tags_of(episode: Episode, files: Sequence[PurePath], base_url: str) -> tuple[Tag, ...]:
    """Return the tags for the transcripts and chapters among the files of an episode, and for its named speakers.

    `base_url` is the URL of the folder of the files; without one, the tags have file names only, which a podcast app
    cannot resolve.
    """
    urls = {file: address_of(base_url, PurePath(file.name)) for file in files}
    language = episode.transcript.language
    return (*_transcripts(urls, language), *_chapters(urls), *_people(episode))


def address_of(base_url: str, file: PurePath) -> str:
    """Return the URL of a file in the folder `base_url`; without one, its quoted path.

    >>> address_of("https://example.org/audio", PurePath("one two.vtt"))
    'https://example.org/audio/one%20two.vtt'
    """
    path = quote(file.as_posix())
    return urljoin(f"{base_url.rstrip('/')}/", path) if base_url else path


def snippet(tags: Sequence[Tag]) -> str:
    """Return the lines to paste into the `<item>` of the episode."""
    head = f'<!-- Paste into the <item> of the episode; <rss> needs xmlns:podcast="{NAMESPACE}". -->'
    return "\n".join([head, *(tag.to_xml() for tag in tags), ""])


def _transcripts(urls: Mapping[PurePath, str], language: str) -> Iterator[Tag]:
    """Yield a tag per transcript file, the recommended format first."""
    for suffix, media_type in _TRANSCRIPTS:
        for file, url in urls.items():
            if file.name.endswith(suffix):
                attributes = {"url": url, "type": media_type}
                attributes |= {"language": language} if language != UNKNOWN else {}
                attributes |= {"rel": "captions"} if suffix in _CAPTIONS else {}
                yield Tag("transcript", attributes)


def _chapters(urls: Mapping[PurePath, str]) -> Iterator[Tag]:
    for file, url in urls.items():
        if file.name.endswith(_CHAPTERS):
            yield Tag("chapters", {"url": url, "type": "application/json+chapters"})


def _people(episode: Episode) -> Iterator[Tag]:
    """Yield a tag per named speaker, with the role if known, hosts first."""
    for speaker in sorted(episode.speakers, key=lambda speaker: speaker.role != "host"):
        if speaker.is_named:
            yield Tag("person", {"role": speaker.role} if speaker.role else {}, speaker.name)
