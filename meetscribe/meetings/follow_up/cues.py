"""The cues of a language for the status of an item, from the data files in `languages/`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_FOLDER = Path(__file__).with_name("languages")


@dataclass(frozen=True)
class Cues:
    """The cues of a language, for normalised text: lower-case words between single spaces, without punctuation.

    `completion` states that something is done, `incomplete` that it is not, or not yet. `first_person` states that the
    speaker did it, as do the words of `speaker` shortly before a verb. `pronouns` refer to the sentence before.
    `reversal` introduces a decision that replaces another, `cancellation` a decision that ends something. `generic`
    words do not identify a subject; words after `adjuncts` count half. `irregular` maps verb forms to their base; the
    patterns of `past` match regular past forms, with the stem as first group. `endings` matches the ending of a word.
    `alike` are groups of verb bases: a report with one of them may be about an action with another.
    """

    completion: re.Pattern[str]
    incomplete: re.Pattern[str]
    first_person: re.Pattern[str]
    reversal: re.Pattern[str]
    cancellation: re.Pattern[str]
    speaker: frozenset[str]
    pronouns: frozenset[str]
    generic: frozenset[str]
    adjuncts: frozenset[str]
    irregular: Mapping[str, str]
    past: tuple[re.Pattern[str], ...]
    endings: re.Pattern[str]
    alike: tuple[frozenset[str], ...]

    def past_base(self, token: str) -> str | None:
        """Return the base of a verb in the past tense, None for any other word.

        >>> cues("en").past_base("sent"), cues("en").past_base("booked"), cues("de").past_base("verschickt")
        ('send', 'book', 'schick')
        """
        if token in self.irregular:
            return self.irregular[token]
        found = next((match for pattern in self.past if (match := pattern.fullmatch(token))), None)
        return self.base(found[1]) if found else None

    def base(self, token: str) -> str:
        """Return a word without its ending; words of at most three characters are unchanged."""
        return self.endings.sub("", token) if len(token) > 3 else token

    def verbs_for(self, tokens: Iterable[str]) -> frozenset[str]:
        """Return the bases of words, and the bases of the verbs with which a report may refer to them (`alike`)."""
        bases = {self.base(token) for token in tokens}
        return frozenset(bases.union(*(group for group in self.alike if group & bases)))


@cache
def cues(language: str) -> Cues | None:
    """Return the cues of a language, None if there is no data file for it."""
    code = language.partition("-")[0].lower()
    file = _FOLDER / f"{code}.toml"
    if not re.fullmatch("[a-z]+", code) or not file.exists():
        return None
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    endings = re.compile(f"(?:{'|'.join(data['endings'])})$")
    irregular = {form: base for base, forms in data["irregular"].items() for form in forms.split()}
    cue_fields: dict[str, Any] = {
        name: re.compile(rf"(?<![\w'])(?:{'|'.join(data[name])})(?![\w'])")
        for name in ("completion", "incomplete", "first_person", "reversal", "cancellation")
    }
    lists = ("speaker", "pronouns", "generic", "adjuncts")
    cue_fields |= {name: frozenset(data[name].split()) for name in lists}
    return Cues(
        **cue_fields,
        irregular=irregular,
        past=tuple(map(re.compile, data["past"])),
        endings=endings,
        alike=tuple(frozenset(group.split()) for group in data["alike"]),
    )
