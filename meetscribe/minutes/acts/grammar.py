"""The speech acts of a language: regular expressions from the data files in `languages/acts/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from meetscribe.minutes.lexicon import compile_cue, read_toml

_FOLDER = Path(__file__).parents[1] / "languages" / "acts"


@cache
def grammar(language: str) -> Mapping[str, re.Pattern[str]]:
    """Return the expression of each speech act of a language; none for a language without a data file."""
    file = _FOLDER / f"{language.partition('-')[0].lower()}.toml"
    if not re.fullmatch(r"[a-z]+\.toml", file.name) or not file.exists():
        return {}
    data = read_toml(file)
    verbs = {name: "|".join(word.replace("-", " ") for word in words.split()) for name, words in data["verbs"].items()}
    return {act: compile_cue(_filled("|".join(patterns), verbs)) for act, patterns in data["acts"].items()}


def acts_of(norm: str, language: str) -> frozenset[str]:
    """Return the speech acts in normalised text.

    >>> sorted(acts_of("i'll send it to you", "en") & {"i_will", "i_will_task", "unknown"})
    ['i_will', 'i_will_task']
    """
    return frozenset(act for act, pattern in grammar(language).items() if pattern.search(norm))


def _filled(pattern: str, verbs: Mapping[str, str]) -> str:
    for name, words in verbs.items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return pattern
