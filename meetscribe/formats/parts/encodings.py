"""Text encodings: detect the encoding of a file's bytes, and decode them, reporting guesses and damaged bytes.

The order of detection: the encoding given by the user, a byte order mark, UTF-16 or UTF-32 without a mark (by zero
bytes), UTF-8, the declaration of an XML file, UTF-8 with a few damaged bytes, and a guess.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from meetscribe.errors import InputError, Notice, SettingsError

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, because it starts with the mark of UTF-16
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_XML_DECLARATION = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_NOT_ASCII_LINE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")
_CONTROLS = frozenset(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")
_TEXT_SHARE = 0.9
"""Minimum share of text characters among the UTF-16 units whose upper byte is zero."""

_WESTERN = "cp1252"
_RELIABLE_BYTES = 8
"""Minimum number of non-ASCII bytes for a reliable guess of the encoding."""

_SAMPLE = 1 << 16
"""Number of bytes from which an encoding is guessed."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a file by Python's name; `known` is false for a guess."""

    name: str
    known: bool = True


def find_encoding(name: str) -> Encoding:
    """Return the encoding of a name given by the user; raises SettingsError if Python does not know it.

    >>> find_encoding("Windows-1252").name
    'cp1252'
    """
    try:
        "a".encode(name)
        return Encoding(codecs.lookup(name).name)
    except (LookupError, ValueError) as error:  # ValueError: a name with a zero byte
        raise SettingsError(
            f"unknown encoding {name!r}", "Common encodings: utf-8, utf-16, cp1252, cp1250, cp1251, shift_jis, gb18030."
        ) from error


def detect_encoding(data: bytes) -> Encoding | None:
    """Return the encoding of a file; None if its bytes are not text."""
    for mark, name in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return Encoding(name)
    if wide := _wide(data[:4000]):
        return Encoding(wide)
    if _is_utf8(data):
        return Encoding("utf-8")
    if sum(data[:4000].count(control) for control in _CONTROLS) * 50 > len(data[:4000]):
        return None  # more than 2% control characters: a binary file
    if declared := _declared(data):
        return Encoding(declared)
    return Encoding("utf-8") if _is_damaged_utf8(data) else _guess(data)


def decode(data: bytes, encoding: Encoding, name: str) -> tuple[str, list[Notice]]:
    """Return the text of a file and notices of a guessed encoding and of damaged bytes, which are replaced by U+FFFD.

    `name` is the name of the file. Raises InputError if the encoding cannot replace damaged bytes.
    """
    notices: list[Notice] = []
    if not encoding.known:
        text = (
            f"{name}: read as {encoding.name}, which is a guess; if letters are wrong, give the encoding (--encoding)"
        )
        notices.append(Notice("formats.encoding", text, {"encoding": encoding.name}))
    try:
        return data.decode(encoding.name), notices
    except UnicodeError:
        pass
    try:
        text = data.decode(encoding.name, "replace")
    except UnicodeError as error:
        raise InputError(
            f"{name}: not text in {encoding.name} ({error})", "Give its encoding with --encoding."
        ) from error
    count = max(1, text.count("\ufffd"))
    first = text[: max(0, text.find("\ufffd"))].count("\n") + 1
    damage = f"{name}: {count} damaged character{'s' * (count > 1)}, the first in line {first}, replaced by \ufffd"
    notices.append(Notice("formats.damaged-text", damage, {"characters": count, "line": first}))
    return text, notices


def _wide(head: bytes) -> str | None:
    """Return UTF-16 or UTF-32 with its byte order if the zero bytes indicate it; None otherwise.

    In UTF-32, the two upper bytes of each unit are zero. In UTF-16, more than an eighth of the upper bytes are, and
    over ten times as many as of the lower ones (chosen by hand).
    """
    for name, width, offsets in (("utf-32-le", 4, (2, 3)), ("utf-32-be", 4, (0, 1))):
        units = len(head) // width
        if units > 1 and all(head[offset : units * width : width].count(0) == units for offset in offsets):
            return name
    for name, upper in (("utf-16-le", 1), ("utf-16-be", 0)):
        units = len(head) // 2
        zeros, others = (head[offset : units * 2 : 2].count(0) for offset in (upper, 1 - upper))
        if units > 1 and zeros > units // 8 and others * 10 < zeros and _holds_text(head, upper):
            return name
    return None


def _holds_text(head: bytes, upper: int) -> bool:
    """Return whether the UTF-16 units with a zero upper byte are text, not values of a binary file.

    `upper` is the offset of the upper byte in a unit.
    """
    lower = [low for high, low in zip(head[upper::2], head[1 - upper :: 2], strict=False) if high == 0]
    return sum(low not in _CONTROLS for low in lower) >= _TEXT_SHARE * len(lower)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _declared(data: bytes) -> str | None:
    """Return the encoding that an XML file declares, if it is known and is not UTF-8."""
    declared = _XML_DECLARATION.match(data)
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name if declared else None
        # A declaration in ASCII cannot be in an encoding such as UTF-16.
        return name if name and name != "utf-8" and b"<".decode(name) == "<" else None
    except (LookupError, UnicodeError):
        return None


def _is_damaged_utf8(data: bytes) -> bool:
    """Return whether most non-ASCII characters are valid UTF-8, which is rare in other encodings."""
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    letters = sum(character > "\x7f" for character in text) - damaged
    return letters > damaged


def _guess(data: bytes) -> Encoding:
    """Guess the encoding from the lines that are not ASCII.

    Windows-1252, the most frequent encoding, is chosen if charset_normalizer finds nothing. It is also chosen if
    charset_normalizer finds it among others, or if there are fewer than `_RELIABLE_BYTES` bytes beyond ASCII, unless
    symbols beside letters show that it is wrong. The first result of charset_normalizer is often an encoding with other
    letters at the same codes.
    """
    from charset_normalizer import from_bytes  # loads slowly, and few files need it

    sample = b"".join(_NOT_ASCII_LINE.findall(data[: 16 * _SAMPLE]))[:_SAMPLE] or data[:_SAMPLE]
    found = [match.encoding for match in from_bytes(sample)]
    few = sum(byte > 127 for byte in sample) < _RELIABLE_BYTES
    if not found or ((few or _WESTERN in found) and _is_plausible(sample.decode(_WESTERN, "replace"))):
        return Encoding(_WESTERN, known=False)
    return Encoding(found[0], known=False)


def _is_plausible(text: str) -> bool:
    """Return whether text has no symbol within or beside a word, as a wrong encoding would produce."""
    for before, character, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        symbol = character > "\x7f" and unicodedata.category(character) in ("So", "Sm", "Sc", "Sk", "No", "Cn", "Cc")
        if symbol and (before.isalpha() or after.isalpha()):
            return False
    return True
