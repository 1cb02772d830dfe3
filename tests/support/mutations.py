"""Random changes of bytes and texts by a seed, as by damaged disks, broken downloads, editors and attackers."""

from __future__ import annotations

import random
import re

_EXTREMES = (
    b"\x00" * 4,
    b"\xff" * 4,
    b"\x7f\xff\xff\xff",
    b"\x80\x00\x00\x00",
    b"\xff\xff\xff\x7f",
    b"\x00\x00\x00\x80",
)
_HEAD = 256  # bytes that contain most of the structure


def mutated(data: bytes, seed: int) -> bytes:
    """Return the bytes after one to four random changes."""
    choice = random.Random(seed)
    changed = bytearray(data)
    for _ in range(choice.choice((1, 1, 2, 4))):
        if not changed:
            break
        choice.choice(_CHANGES)(changed, choice)
    return bytes(changed)


def _offset(data: bytearray, choice: random.Random) -> int:
    """Return a random offset, in half of the cases near the start."""
    return choice.randrange(min(len(data), choice.choice((_HEAD, len(data)))))


def _flip(data: bytearray, choice: random.Random) -> None:
    data[_offset(data, choice)] ^= 1 << choice.randrange(8)


def _overwrite(data: bytearray, choice: random.Random) -> None:
    place = _offset(data, choice)
    size = min(choice.choice((1, 2, 4, 16, 64)), len(data) - place)
    data[place : place + size] = choice.randbytes(size)


def _put_extreme(data: bytearray, choice: random.Random) -> None:
    place = _offset(data, choice)
    extreme = choice.choice(_EXTREMES)[: len(data) - place]
    data[place : place + len(extreme)] = extreme


def _remove(data: bytearray, choice: random.Random) -> None:
    place = _offset(data, choice)
    del data[place : place + choice.choice((1, 4, 100, 1000))]


def _repeat(data: bytearray, choice: random.Random) -> None:
    place = _offset(data, choice)
    data[place:place] = data[place : place + choice.choice((1, 8, 100, 1000))] * choice.choice((1, 1, 50))


def _insert(data: bytearray, choice: random.Random) -> None:
    place = _offset(data, choice)
    data[place:place] = choice.randbytes(choice.choice((1, 4, 64)))


def _cut(data: bytearray, choice: random.Random) -> None:
    del data[_offset(data, choice) :]


def _swap(data: bytearray, choice: random.Random) -> None:
    one, other, size = _offset(data, choice), _offset(data, choice), choice.choice((4, 32, 256))
    first, second = data[one : one + size], data[other : other + size]
    data[one : one + size] = second
    data[other : other + size] = first


_CHANGES = (_flip, _flip, _overwrite, _put_extreme, _remove, _repeat, _insert, _cut, _swap)


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:[.,:]\d+)*|\w+|\s+|.')
_NUMBERS = "0 -1 -0.0 1e308 1e400 -1e400 NaN nan Infinity -inf 1e-320 0x10 1_000 ١٢ ² 1e15 99:99:99,999 true".split()
_NUMBERS += ["9" * 20, "9" * 400, "9" * 5000, "0." + "0" * 400 + "1"]
_TEXTS: tuple[str, ...] = (
    "",
    "\ud7ff",
    "\x00",
    "\x1b[2J",
    "\u202e",
    "\u2028",
    "\ufeff",
    "a" * 5000,
    "-->",
    "<v ",
    "&#0;",
    "&amp;",
    "\\ud800",
    "\\u0000",
)
_TEXTS += (
    "]]>",
    "<!--",
    "{\\",
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    "\\",
    "\t",
    "\n\n",
    "\r",
    ";;",
    "%",
    "=1+1",
    "*",
    "<",
    ">",
    "  ",
    "null",
    "[[]]",
    "{}",
)


def mutated_text(text: str, seed: int) -> str:
    """Return the text after one to four random changes of words, numbers and lines."""
    choice = random.Random(seed)
    for _ in range(choice.choice((1, 1, 2, 4))):
        text = choice.choice((_change_tokens, _change_tokens, _change_tokens, _change_lines, _nest))(text, choice)
    return text


def _change_tokens(text: str, choice: random.Random) -> str:
    """Return the text with a token removed, repeated, or replaced by a number, a text or another token."""
    tokens = _TOKEN.findall(text) or [""]
    place = choice.randrange(len(tokens))
    numbers = [index for index, token in enumerate(tokens) if token[:1].isdigit()]
    if numbers and choice.random() < 0.5:
        place = choice.choice(numbers)
    new = choice.choice((choice.choice(_NUMBERS), choice.choice(_TEXTS), choice.choice(tokens), "", tokens[place] * 2))
    if choice.random() < 0.3 and tokens[place].startswith('"'):
        new = f'"{new}"'
    tokens[place] = new
    return "".join(tokens)


def _change_lines(text: str, choice: random.Random) -> str:
    """Return the text with a line removed, repeated or moved."""
    lines = text.splitlines(keepends=True) or [""]
    place = choice.randrange(len(lines))
    line = lines.pop(place)
    if choice.random() < 0.7:
        other = choice.randrange(len(lines) + 1)
        lines[other:other] = [line] * choice.choice((1, 2, 100))
    return "".join(lines)


def _nest(text: str, choice: random.Random) -> str:
    """Return the text with many nested brackets or tags around a part of it."""
    opening, closing = choice.choice((("[", "]"), ('{"a":', "}"), ("<a>", "</a>"), ("(", ")"), ('"', '"')))
    start, times = choice.randrange(len(text) + 1), choice.choice((1, 2, 100, 100_000))
    end = choice.randint(start, len(text))
    return text[:start] + opening * times + text[start:end] + closing * times + text[end:]
