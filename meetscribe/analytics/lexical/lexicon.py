"""Stop words, fillers and backchannels by language, as lists in `languages/`.

To add a language, add `languages/CODE.json` with these three lists, in lower case; in a script without spaces, the
stop words are characters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice

from meetscribe.text.languages import UNKNOWN

_SAMPLE, _MIN_SHARE = 2000, 0.2  # words for the detection of a language, and their minimum share of stop words


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The function words of a language; all sets are empty for a language without lists."""

    language: str
    stop_words: frozenset[str] = frozenset()
    fillers: frozenset[str] = frozenset()
    backchannels: frozenset[str] = frozenset()

    def is_backchannel(self, texts: Sequence[str]) -> bool:
        """Return whether all words are backchannels or fillers; True without words, or without a list."""
        if not self.backchannels:
            return True
        return all(word in self.backchannels or word in self.fillers for word in map(plain, texts) if word)

    def is_function_word(self, word: str) -> bool:
        """Return whether a plain word is a stop word, a filler or a backchannel."""
        return word in self.stop_words or word in self.fillers or word in self.backchannels


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """Return a word in lower case, without the punctuation around it.

    >>> plain("“Uh-huh,"), plain("don’t")
    ('uh-huh', "don't")
    """
    word = text.lower().replace("’", "'")
    if word.isalnum():
        return word
    first = next((index for index, character in enumerate(word) if character.isalnum()), len(word))
    last = next((index for index in range(len(word), 0, -1) if word[index - 1].isalnum()), 0)
    return word[first:last]


def lexicon_of(language: str, texts: Iterable[str] = ()) -> Lexicon:
    """Return the lexicon of a language by its code.

    The unknown language "und" is detected by the most stop words in `texts`, if at least a fifth are stop words.
    """
    code = language.split("-")[0].lower()
    if code != UNKNOWN:
        return _read(code) if code in languages() else Lexicon(code)
    words = [word for word in map(plain, islice(texts, _SAMPLE)) if word]
    counts = {code: sum(word in _read(code).stop_words for word in words) for code in languages()}
    best = max(counts, key=lambda code: counts[code])
    return _read(best) if words and counts[best] >= _MIN_SHARE * len(words) else Lexicon(UNKNOWN)


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages with lists."""
    names = (entry.name for entry in files(__package__).joinpath("languages").iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


@cache
def _read(code: str) -> Lexicon:
    """Return the lexicon in a file of the package."""
    lists = json.loads(files(__package__).joinpath("languages", f"{code}.json").read_text(encoding="utf-8"))
    return Lexicon(code, **{name: frozenset(words) for name, words in lists.items()})
