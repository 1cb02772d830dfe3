"""Names of speakers before the text of a line, as in subtitles, plain text and labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise

from meetscribe.text.whitespace import one_line

UNKNOWN = "?"
"""The name of an unknown speaker among named ones."""

_BRACKETED = re.compile(r"\s*\[([^\[\]]{1,80})\](?:(:)\s*|\s+(?=\S))")
_NAMED = re.compile(r"(?:-\s*)?([^\s:：][^:：]{0,60}?)(?::(?:\s+|$)|：\s*)")
_CHANGE_MARK = re.compile(r"\s*>>+\s*")
_NUMBERED = re.compile(r"speaker[\s_-]?\w{1,3}", re.IGNORECASE)
_MAX_NAME_WORDS = 4
_PARTICLES = frozenset("al bin da de del den der di du la le ten ter van von zu".split())
_SOUNDS = frozenset("music applause laughter laughs noise silence cheering crosstalk inaudible foreign".split())
_APOSTROPHES = str.maketrans("", "", "'’")
_MOST_TEXTS = 2 / 3
"""The share of the texts that counts as most of them in `naming_of`."""


def split_name(text: str, known: Container[str] = ()) -> tuple[str | None, str]:
    """Split text into the speaker's name and the rest; the name is None if there is none.

    A name stands in brackets or before a colon. In brackets that no colon follows, it looks like a name and not like a
    sound; before a colon, only a single word such as `[Music]` is a sound. A name without brackets is `known`, or is
    short and has no word that starts in lower case. Exceptions are particles such as "van", words with digits or signs
    such as "s1", and words such as "d'Artagnan". `>>` marks a change of speaker: "?" if no name follows.

    >>> split_name("[SPEAKER_00]: Yes."), split_name("Anna Berg: Yes."), split_name("three points: the budget")
    (('SPEAKER_00', 'Yes.'), ('Anna Berg', 'Yes.'), (None, 'three points: the budget'))
    >>> split_name("[Music] Yes."), split_name(">> Yes.")
    ((None, '[Music] Yes.'), ('?', 'Yes.'))
    """
    if turn := _CHANGE_MARK.match(text):
        name, rest = split_name(text[turn.end() :], known)
        return name or UNKNOWN, rest
    if (bracketed := _BRACKETED.match(text)) and _is_label(bracketed[1], colon=bracketed[2] is not None):
        return one_line(bracketed[1]) or None, text[bracketed.end() :]
    named = _before_colon(text)
    if named is None:
        return None, text
    return (named[1], text[named.end() :]) if named[1] in known or is_name(named[1]) else (None, text)


def _is_label(text: str, *, colon: bool) -> bool:
    """Return whether text in brackets names a speaker rather than a sound; `colon` tells whether a colon follows."""
    if colon:
        return not _is_sound(text)
    return bool(_NUMBERED.fullmatch(text)) or (is_name(text) and text.split()[0].lower() not in _SOUNDS)


def _is_sound(text: str) -> bool:
    """Return whether text in brackets before a colon is a sound, such as "Music"."""
    # `colon_label` writes names in lower case in brackets, and so may write a speaker named "music".
    return text.strip().lower() in _SOUNDS and not text.islower()


def _before_colon(text: str) -> re.Match[str] | None:
    """Match the text before the first colon if it is short; None if it is a sound in brackets."""
    bracketed = _BRACKETED.match(text)
    return None if bracketed and bracketed[2] and _is_sound(bracketed[1]) else _NAMED.match(text)


def is_name(text: str) -> bool:
    """Return whether text before a colon looks like a name, or is the mark "?" of an unknown speaker."""
    words = text.split()
    named = any(map(str.isalnum, text)) and len(words) <= _MAX_NAME_WORDS
    return text == UNKNOWN or (named and words[-1] not in _PARTICLES and not any(map(_is_common_word, words)))


def _is_common_word(word: str) -> bool:
    """Return whether a word in lower case is not part of a name, such as "three" or "o'clock"."""
    if not word[0].islower() or word in _PARTICLES:
        return False
    return word.isalpha() or (word.islower() and word.translate(_APOSTROPHES).isalpha())


@dataclass(frozen=True, slots=True)
class Naming:
    """How a file names its speakers.

    `known` are names before colons that `is_name` does not accept. If `each` is true, each text names its speaker, and
    the speaker of a text without a name is unknown; otherwise a name holds until the next one.
    """

    known: frozenset[str]
    each: bool


def naming_of(texts: Sequence[str], expect_each: bool = False, dialogues: bool = False) -> Naming:
    """Return how a file names its speakers, from its texts in order.

    Subtitles name a speaker where it changes, in a spelling that `is_name` accepts. Conference systems name the speaker
    of each text, in any spelling. A file is of the second kind if one of these is true:

    - The same name precedes two texts in a row. This is ignored if the second text `needs_label`, since subtitles
      repeat the name there too, and with `dialogues`, where a cue has two speakers.
    - Most texts have a name, and some of the names are repeated, but not spelled as in subtitles.
    - Most texts have a name, and `expect_each` is true: the second kind is likely, as in WebVTT without voice spans.

    If most texts have a name, a repeated text before a colon is a name in any spelling; with `expect_each`, it need not
    be repeated if every text has something before a colon.
    """
    pairs = [(split_name(text)[0], prefix_of(text)) for text in texts]
    counts = Counter(prefix for _, prefix in pairs if prefix is not None)
    known = frozenset(prefix for prefix, count in counts.items() if count > 1)
    most = sum(name is not None or prefix in known for name, prefix in pairs) >= _MOST_TEXTS * len(texts) > 0
    if not most:
        known = frozenset()
    elif expect_each and all(name or prefix for name, prefix in pairs):
        known = frozenset(counts)
    names = [prefix if prefix in known else name for name, prefix in pairs]
    in_a_row = any(
        before == after not in (None, UNKNOWN) and not needs_label(split_name(text, known)[1])
        for (before, after), text in zip(pairwise(names), texts[1:], strict=False)
    )
    return Naming(known, (in_a_row and not dialogues) or (most and (expect_each or bool(known))))


def prefix_of(text: str) -> str | None:
    """Return the text before the first colon if it may be a name, but not one that `split_name` accepts.

    None for other texts, including those that `split_name` divides.
    """
    named = _before_colon(text)
    return named[1] if named and split_name(text)[0] is None else None


def needs_label(text: str) -> bool:
    """Return whether text starts like a name or a dialogue, and so must follow its speaker's name to be read back."""
    # In SubRip, "→" replaces "-->" and similar arrows, which start with a dash.
    return split_name(text)[0] is not None or text.startswith(("-", "–", "→"))


def colon_label(name: str, text: str) -> str:
    """Return text after its speaker's name, in a form that `split_name` splits again; `name` is empty if unknown.

    A name that does not look like one, or has a colon, is put in brackets; "?" precedes text that would be split.

    >>> colon_label("Anna", "Yes."), colon_label("Anna: Berg", "Yes."), colon_label("", "Note: this")
    ('Anna: Yes.', '[Anna: Berg]: Yes.', '?: Note: this')
    """
    if not name:
        return text if split_name(text)[0] is None else f"{UNKNOWN}: {text}"
    return f"{name}: {text}" if split_name(f"{name}: x") == (name, "x") else f"[{without_brackets(name)}]: {text}"


def without_brackets(name: str) -> str:
    """Return the name with parentheses in place of brackets."""
    return name.replace("[", "(").replace("]", ")")
