"""The tags of an episode: addresses, types, and the people."""

from __future__ import annotations

from pathlib import PurePath
from xml.etree import ElementTree

from meetscribe.podcast.episode import EpisodeOptions, make_episode
from meetscribe.podcast.rss import NAMESPACE, Tag, address_of, snippet, tags_of
from meetscribe.podcast.settings import PodcastSettings
from tests.podcast.episodes import episode

FILES = [
    PurePath(f"sub/a b{suffix}") for suffix in (".html", ".vtt", ".chapters.json", ".podcast.json", ".srt", ".psc.xml")
]


def tags(hosts: tuple[str, ...] = (), speakers: tuple[str, ...] = ("Anna", "Ben", "SPEAKER_02")) -> list[Tag]:
    made = make_episode(episode(speakers=speakers, sentences=6), EpisodeOptions(PodcastSettings(hosts=hosts)))
    return list(tags_of(made, FILES, "https://example.org/x"))


def test_links_to_the_files() -> None:
    """WebVTT comes first; each has its type; captions say so; only the JSON chapters are linked."""
    found = [tag for tag in tags() if tag.name != "person"]
    assert [(tag.name, tag.attributes["url"], tag.attributes["type"], tag.attributes.get("rel")) for tag in found] == [
        ("transcript", "https://example.org/x/a%20b.vtt", "text/vtt", "captions"),
        ("transcript", "https://example.org/x/a%20b.srt", "application/x-subrip", "captions"),
        ("transcript", "https://example.org/x/a%20b.podcast.json", "application/json", None),
        ("transcript", "https://example.org/x/a%20b.html", "text/html", None),
        ("chapters", "https://example.org/x/a%20b.chapters.json", "application/json+chapters", None),
    ]
    assert all(tag.attributes["language"] == "en" for tag in found[:4])


def test_people() -> None:
    """Named speakers only; two hosts, or a host and a guest; without hosts no role is claimed."""

    def people(*hosts: str) -> list[tuple[str, str | None]]:
        return sorted((tag.text, tag.attributes.get("role")) for tag in tags(hosts) if tag.name == "person")

    assert people("Anna", "ben") == [("Anna", "host"), ("Ben", "host")]
    assert people("Anna") == [("Anna", "host"), ("Ben", "guest")]
    assert people() == [("Anna", None), ("Ben", None)]


def test_the_snippet_is_xml() -> None:
    """Hostile names are escaped; the snippet can be pasted into an item."""
    text = snippet([*tags(), Tag("person", {}, '</podcast:person><script> & "x"')])
    item = ElementTree.fromstring(f'<item xmlns:podcast="{NAMESPACE}">{text}</item>')
    assert item[-1].text == '</podcast:person><script> & "x"'
    assert {child.tag for child in item} == {f"{{{NAMESPACE}}}{name}" for name in ("transcript", "chapters", "person")}


def test_addresses() -> None:
    assert address_of("https://example.org", PurePath("a/ü#.vtt")) == "https://example.org/a/%C3%BC%23.vtt"
    assert address_of("", PurePath("a.vtt")) == "a.vtt"


def test_hosts_come_first() -> None:
    """The others follow by talk time."""
    people = [tag.text for tag in tags(("Ben",), ("Anna", "Ben", "Cem", "Anna", "Cem", "Anna")) if tag.name == "person"]
    assert people == ["Ben", "Anna", "Cem"]
