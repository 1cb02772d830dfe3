"""An RSS feed as a file: its episodes and the offsets where tags are inserted; all other bytes stay the same."""

from __future__ import annotations

import codecs
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from meetscribe.errors import InputError, os_reason
from meetscribe.podcast.rss import FORMER_NAMESPACE, NAMESPACE, Tag
from meetscribe.storage.files import read_file
from meetscribe.text.whitespace import one_line

FEED_BYTES = 100_000_000
"""Largest feed that is read, in bytes."""

_REMEDY = "Give an RSS 2.0 feed, saved as XML in UTF-8."
_SEPARATOR = " "  # between the namespace and the name of an element
_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TAG_NAMES = frozenset({"transcript", "chapters", "person"})  # of the tags that are added to feeds


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An episode of a feed: its title, the URL of its audio, its date as written in the feed, and its tags.

    `tags` are the names of its elements in the podcast namespace; names other than transcript, chapters and person are
    left out. `end` is the byte offset of its end tag in the file, `child` that of its first element.
    """

    title: str
    enclosure: str | None
    published: str | None
    tags: frozenset[str]
    end: int
    child: int


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: the bytes of the file, its encoding, and its episodes in order.

    `namespaces` maps the prefixes that the root declares to URIs; `prefixes` are all prefixes in the file. `root` is
    the byte offset after the name of the root element, where a namespace can be declared.
    """

    path: Path
    data: bytes
    encoding: str
    items: tuple[FeedItem, ...]
    namespaces: Mapping[str, str]
    prefixes: frozenset[str]
    root: int

    @property
    def prefix(self) -> str:
        """The prefix of the podcast namespace: the feed's, or one that the feed does not use."""
        for prefix, address in self.namespaces.items():
            if prefix and address in (NAMESPACE, FORMER_NAMESPACE):
                return prefix
        free = ("podcast", *(f"podcast{number}" for number in range(2, len(self.prefixes) + 3)))
        return next(prefix for prefix in free if prefix not in self.prefixes)

    def with_tags(self, tags: Mapping[int, Sequence[Tag]]) -> bytes:
        """Return the bytes of the file with tags added at the end of episodes; `tags` has indices of `items` as keys.

        Tags of a name that the episode already has are left out, so that nothing is duplicated.
        """
        insertions: dict[int, bytes] = {}  # by offset
        for number, item_tags in tags.items():
            item = self.items[number]
            lines = [tag.to_xml(self.prefix) for tag in item_tags if tag.name not in item.tags]
            insertions |= _insertion(self, item, lines)
        if insertions and self.prefix not in self.namespaces:
            insertions[self.root] = f' xmlns:{self.prefix}="{NAMESPACE}"'.encode(self.encoding)
        parts, last = [], 0
        for offset in sorted(insertions):
            parts += [self.data[last:offset], insertions[offset]]
            last = offset
        return b"".join([*parts, self.data[last:]])


def read_feed(path: str | Path) -> Feed:
    """Return the feed in a file; nothing is fetched.

    Raises InputError if it is a URL, cannot be read, is not RSS 2.0, is UTF-16, or declares a document type, whose
    entities could expand without limit or refer to other files.
    """
    if "://" in str(path):
        remedy = f"Download the feed first: {shlex.join(['curl', '-L', '-o', 'feed.xml', str(path)])}"
        raise InputError(f"{path} is an address, and feeds are read from local files only", remedy)
    path = Path(path)
    try:
        data = read_file(path, FEED_BYTES)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {os_reason(error)}", "Check the path and its permissions.") from error
    return parse_feed(data, path)


def parse_feed(data: bytes, path: Path = Path("feed.xml")) -> Feed:
    """Return the feed in the bytes of a file, as `read_feed` does."""
    if data.startswith(_BOMS):
        raise InputError(f"{path}: the feed is UTF-16", _REMEDY)
    reader = _Reader(data)
    try:
        reader.parse()
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InputError(f"{path}: {one_line(str(error))}", _REMEDY) from error
    return Feed(
        path, data, reader.encoding, tuple(reader.items), reader.namespaces, frozenset(reader.prefixes), reader.root
    )


@dataclass
class _Item:
    """An episode that is being parsed."""

    texts: dict[str, str] = field(default_factory=dict)
    enclosure: str | None = None
    tags: set[str] = field(default_factory=set)
    child: int = -1


class _Reader:
    """Collects the episodes and offsets from the events of expat."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.encoding = "utf-8"
        self.items: list[FeedItem] = []
        self.namespaces: dict[str, str] = {}
        self.prefixes: set[str] = set()
        self.root = -1
        self._path: list[str] = []
        self._item: _Item | None = None
        self._parser = parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declare
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartNamespaceDeclHandler = self._bind
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def parse(self) -> None:
        """Parse the whole file; raises ValueError if it is not RSS 2.0, ExpatError if it is not well-formed."""
        self._parser.Parse(self.data, True)
        if self.root < 0:
            raise ValueError("the file has no elements")

    def _declare(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = codecs.lookup(encoding or "utf-8").name

    def _refuse(self, *declaration: object) -> None:
        raise ValueError("the file declares a document type, which feeds do not have")

    def _bind(self, prefix: str | None, address: str | None) -> None:
        self.prefixes.add(prefix or "")
        if self.root < 0:
            self.namespaces[prefix or ""] = address or ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        offset = self._parser.CurrentByteIndex
        if not self._path:
            if name != "rss":
                raise ValueError(f"the root element is {name.rpartition(_SEPARATOR)[2]}, not rss")
            self.root = offset + len("<rss")
        self._path.append(name)
        if self._path == ["rss", "channel", "item"]:
            self._item = _Item()
        elif self._item is not None and len(self._path) == 4:
            self._begin_child(self._item, name, attributes, offset)

    def _begin_child(self, item: _Item, name: str, attributes: dict[str, str], offset: int) -> None:
        item.child = offset if item.child < 0 else item.child
        namespace, _, local = name.rpartition(_SEPARATOR)
        if namespace in (NAMESPACE, FORMER_NAMESPACE) and local in _TAG_NAMES:
            item.tags.add(local)
        if name == "enclosure" and item.enclosure is None:
            item.enclosure = attributes.get("url")

    def _text(self, text: str) -> None:
        if self._item is not None and len(self._path) == 4 and self._path[3] in ("title", "pubDate"):
            self._item.texts[self._path[3]] = self._item.texts.get(self._path[3], "") + text

    def _end(self, name: str) -> None:
        if self._item is not None and len(self._path) == 3:
            self._complete(self._item)
            self._item = None
        self._path.pop()

    def _complete(self, item: _Item) -> None:
        """Add an episode, unless it has no elements."""
        title, published = (one_line(item.texts.get(name, "")) for name in ("title", "pubDate"))
        if item.child >= 0:
            end = self._parser.CurrentByteIndex
            tags = frozenset(item.tags)
            self.items.append(FeedItem(title, item.enclosure, published or None, tags, end, item.child))


def _insertion(feed: Feed, item: FeedItem, lines: Sequence[str]) -> dict[int, bytes]:
    """Return the bytes to insert into an episode by offset, on separate lines if the end tag is on a separate line."""
    if not lines:
        return {}
    encoded = [line.encode(feed.encoding, "xmlcharrefreplace") for line in lines]
    # 200 bytes, because longer indentation is unlikely.
    before = re.search(rb"(\r?\n)([ \t]*)\Z", feed.data[max(0, item.end - 200) : item.end])
    indent = re.search(rb"\n([ \t]*)\Z", feed.data[max(0, item.child - 200) : item.child])
    if before is None:
        return {item.end: b"".join(encoded)}
    start = indent[1] if indent else before[2]
    rows = b"".join(before[1] + start + line for line in encoded)
    return {item.end - len(before[0]): rows}
