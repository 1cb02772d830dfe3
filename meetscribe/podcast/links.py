"""Web addresses mentioned in an episode, written or spelled out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript

_ENDINGS = (
    "academy ai app at audio be biz blog br ca cc ch cloud club co com de dev dk edu es eu fi fm fr gov guide health "
    "id ie in info io is it jp live ly me media net news nl no nu nz online org page pizza pl pm pro ru se shop show "
    "site social software space store studio substack tech tips to today tools tv uk us wiki work works world wtf xyz"
).split()
_WORDS = frozenset("at be in is it me no so to us".split())  # top-level domains that are words: need a path or "https"
_ARTICLES = frozenset("a an the this that der die das le la el il".split())  # no names of domains: "the dot com"
_MOST_WORDS = 16  # of a spoken address
_ENDING = rf"(?:{'|'.join(_ENDINGS)})"
_NAME = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_PATH = r"(?:/[a-z0-9_~%.+=&?#@-]*[a-z0-9_/-])*/?"
_WRITTEN = re.compile(rf"(?:(https?)://)?((?:{_NAME}\.)+{_ENDING}(?::\d+)?)({_PATH})", re.IGNORECASE)
_DOT, _SLASH, _DASH = (
    re.compile(r"(?:dot|punkt|point|punto)"),
    re.compile(r"(?:forward)?slash"),
    re.compile(r"dash|hyphen"),
)
_MARKS = ".,;:!?…\"'“”‘’()[]<>"


@dataclass(frozen=True, slots=True)
class Link:
    """A URL, with https by default, and the time of its first mention."""

    url: str
    start: Seconds


def links_in(transcript: Transcript) -> tuple[Link, ...]:
    """Return the web addresses in a transcript without duplicates, in order of first mention.

    Addresses are recognised as written ("example.com/shop") and as spoken ("example dot com slash shop"), if their
    top-level domain is a common one. E-mail addresses are left out if they are written ("anna@example.com").
    """
    words = transcript.edited().words
    links: dict[str, Link] = {}
    index = 0
    while index < len(words):
        text, length = _spoken([word.text for word in words[index : index + _MOST_WORDS]])
        match = _WRITTEN.fullmatch(text)
        if match and _is_address(match):
            url = f"{(match[1] or 'https').lower()}://{match[2].lower()}{match[3]}"
            links.setdefault(url, Link(url, words[index].start))
        index += length if match else 1
    return tuple(links.values())


def _is_address(match: re.Match[str]) -> bool:
    """Return whether a text is an address rather than two sentences without a space between them."""
    *_, name, ending = match[2].lower().partition(":")[0].split(".")
    if match[1]:
        return True
    is_name = len(name) > 1 and not name.isdigit() and name not in _ARTICLES
    return is_name and (ending not in _WORDS or len(match[3]) > 1)


def _spoken(texts: list[str]) -> tuple[str, int]:
    """Return the address that the first words spell, and the number of those words; otherwise the first word and 1.

    >>> _spoken("Example dot co dot uk slash fresh dash start, and".split())
    ('Example.co.uk/fresh-start', 9)
    """
    address, used = texts[0].strip(_MARKS), 1
    while used + 1 < len(texts) and not texts[used - 1].rstrip("\"'”’)").endswith((",", ";", "?", "!")):
        mark, after = texts[used].lower().strip(_MARKS), texts[used + 1].strip(_MARKS)
        sign = "." if _DOT.fullmatch(mark) else "/" if _SLASH.fullmatch(mark) else "-" if _DASH.fullmatch(mark) else ""
        if not sign or not after:
            break
        address += sign + (after if sign != "." else after.lower())
        used += 2
    return address, used
