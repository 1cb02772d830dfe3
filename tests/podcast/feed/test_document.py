"""Feeds: read safely, and written back with tags and nothing else changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.podcast.feed.document import Feed, parse_feed, read_feed
from meetscribe.podcast.rss import FORMER_NAMESPACE, NAMESPACE, Tag
from tests.podcast.feed.feeds import FEED

TAGS = (
    Tag("transcript", {"url": "https://example.org/a.vtt", "type": "text/vtt"}),
    Tag("chapters", {"url": "https://example.org/a.json", "type": "application/json+chapters"}),
    Tag("person", {"role": "host"}, "Ünal & <Öz>"),
)


def feed(text: str = FEED, encoding: str = "utf-8") -> Feed:
    return parse_feed(text.encode(encoding))


def parsed(data: bytes) -> Any:
    return pytest.importorskip("feedparser").parse(data)


def test_episodes_are_read() -> None:
    items = feed().items
    assert [item.title for item in items] == ["One & all", "Two", "Three", "Four"]
    assert items[0].enclosure == "https://example.org/audio/s1/one%20a.mp3?x=1"
    assert items[0].published == "Fri, 27 Nov 2026 10:00:00 +0100"
    assert [item.tags for item in items] == [set(), {"transcript"}, set(), {"chapters", "person"}]


def test_only_lines_are_added() -> None:
    """Without the new lines, the file is the old one byte by byte; they are indented as the others."""
    out = feed().with_tags({0: TAGS}).decode()
    added = "".join(f"\n      {tag.to_xml()}" for tag in TAGS)
    assert out == FEED.replace("+0100</pubDate>", f"+0100</pubDate>{added}")
    assert feed().with_tags({}) == FEED.encode()


def test_tags_that_are_there_are_not_doubled() -> None:
    """An episode keeps its own chapters and people; one on a single line gets its tags there."""
    out = feed().with_tags({2: TAGS[:1], 3: TAGS}).decode()
    assert out.count("podcast:chapters") == 1 and out.count("<podcast:person") == 1
    assert f'type="audio/mpeg"/>{TAGS[0].to_xml()}</item>' in out


def test_feedparser_reads_the_result() -> None:
    """The tags are in their namespace; everything else is read as before."""
    before, after = parsed(FEED.encode()), parsed(feed().with_tags({0: TAGS, 2: TAGS[:1]}))
    assert not after.bozo and len(after.entries) == len(before.entries)
    assert after.entries[0]["podcast_transcript"]["url"] == "https://example.org/a.vtt"
    assert after.entries[0]["podcast_chapters"]["type"] == "application/json+chapters"
    assert after.entries[0]["podcast_person"] in ("Ünal & <Öz>", {"role": "host"})
    for old, new in zip(before.entries, after.entries, strict=True):
        assert {name: value for name, value in new.items() if name in old} == old


@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_line_ends_are_those_of_the_file(line: str) -> None:
    out = feed(FEED.replace("\n", line)).with_tags({0: TAGS})
    assert out.count(b"\n") == out.count(line.encode()) == FEED.count("\n") + len(TAGS)


def test_the_namespace_is_declared_where_it_is_missing() -> None:
    """A feed without it gets it on the root; one with another prefix or the former address keeps its own."""
    plain = (
        FEED.replace(f' xmlns:podcast="{NAMESPACE}"', "")
        .replace("podcast:transcript", "x")
        .replace("podcast:chapters", "y")
        .replace("podcast:person", "z")
    )
    out = feed(plain).with_tags({0: TAGS}).decode()
    assert f'<rss xmlns:podcast="{NAMESPACE}" version="2.0"' in out
    assert (
        out.replace(f' xmlns:podcast="{NAMESPACE}"', "").replace("".join(f"\n      {tag.to_xml()}" for tag in TAGS), "")
        == plain
    )
    other = FEED.replace("podcast:", "p20:").replace("xmlns:podcast", "xmlns:p20").replace(NAMESPACE, FORMER_NAMESPACE)
    assert "<p20:person role=" in feed(other).with_tags({0: TAGS}).decode()
    taken = plain.replace("<rss ", '<rss xmlns:podcast="urn:other" ')
    assert f'<rss xmlns:podcast2="{NAMESPACE}" xmlns:podcast="urn:other"' in feed(taken).with_tags({0: TAGS}).decode()


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "us-ascii"])
def test_other_encodings(encoding: str) -> None:
    """Characters that the encoding of the file does not have become references."""
    text = FEED.replace("UTF-8", encoding).replace("Änne", "&#196;nne" if encoding == "us-ascii" else "Änne")
    tag = Tag("person", {}, "Łukasz")
    out = feed(text, encoding).with_tags({0: [tag]})
    assert b"&#321;ukasz" in out and [item.title for item in parse_feed(out).items][0] == "One & all"
    assert parse_feed(out).items[0].tags == {"person"}


ENTITIES = '<!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (FEED.replace("<rss", f"{ENTITIES}<rss", 1).encode(), "declares a document type"),
        (FEED.replace("<rss", f"{EXTERNAL}<rss", 1).encode(), "declares a document type"),
        (b'<!DOCTYPE rss SYSTEM "https://example.org/x.dtd"><rss/>', "declares a document type"),
        (FEED.encode("utf-16"), "UTF-16"),
        (FEED.replace("UTF-8", "no-such").encode(), "unknown encoding"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "the root element is feed, not rss"),
        (FEED[:-40].encode(), "no element found|unclosed|mismatched"),
        (FEED.replace("Show", "Sh\x00w").encode(), "not well-formed"),
        (b"", "no element found"),
        (b"\xff\xfe", "UTF-16"),
    ],
)
def test_what_is_no_feed_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        parse_feed(data)
    assert "RSS 2.0" in caught.value.remedy


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.xml cannot be read"):
        read_feed(tmp_path / "none.xml")


@given(st.binary(max_size=60), st.integers(0, len(FEED)))
def test_damaged_feeds_never_crash(noise: bytes, place: int) -> None:
    """Bytes inserted anywhere give a feed or an InputError."""
    data = FEED.encode()
    try:
        found = parse_feed(data[:place] + noise + data[place:])
    except InputError:
        return
    assert parse_feed(found.with_tags(dict.fromkeys(range(len(found.items)), TAGS))).items


def test_deep_nesting_is_no_problem() -> None:
    deep = "<a>" * 20_000 + "</a>" * 20_000
    assert feed(FEED.replace("<unknown   a = 'b'/>", deep)).items[0].title == "One & all"
