"""Replace the names of people in requests with pseudonyms, and put the names back in replies."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping

from meetscribe.minutes.dialogue import Dialogue, name_parts

_LABEL = re.compile(r"speaker[ _]?\d+", re.IGNORECASE)  # speakers without a name
_INNER = re.compile(r"['’._@/()-]+")  # characters between the parts of "Anna-Lena" or "anna.smith"
_PSEUDONYM = re.compile(r"\bPerson\d+")
_REPEATED = re.compile(r"\b(Person\d+)(?: \1\b)+")
_START, _END = r"(?<![^\W_])", r"(?![^\W_])"  # no letter or digit before, none after


def redactions(dialogue: Dialogue) -> dict[str, str]:
    """Return a pseudonym, such as "Person1", for each lower-case part of the names of participants and absent people.

    The parts of a name, and those of the name that it replaced, have the same pseudonym; a part that several people
    share has another one. Titles, labels such as "Speaker 1", and single letters that have an upper case are not
    parts of names.
    """
    transcript = dialogue.transcript
    people = dict.fromkeys([*transcript.speakers, *transcript.meta.participants, *dialogue.absent.values()])
    replaced = [(label, dialogue.unedited.name_of(label)) for label in dialogue.unedited.speakers]
    bearers: dict[str, list[str]] = defaultdict(list)
    for name, bearer in [*((name, name) for name in people), *replaced]:
        for part in _parts(name):
            bearers[part] += [] if bearer in bearers[part] else [bearer]
    pseudonyms: dict[tuple[bool, str], str] = {}
    for part, names in bearers.items():
        pseudonyms.setdefault(_meaning(part, names), f"Person{len(pseudonyms) + 1}")
    return {part: pseudonyms[_meaning(part, names)] for part, names in bearers.items()}


def _meaning(part: str, names: list[str]) -> tuple[bool, str]:
    """Return the group of a part of a name: the only name that has it, else the part itself."""
    return (True, names[0]) if len(names) == 1 else (False, part)


def _parts(name: str) -> Iterator[str]:
    """Yield the parts of a name, those within "Anna-Lena" too, in lower case."""
    if _LABEL.fullmatch(name):
        return
    for part in name_parts(unicodedata.normalize("NFC", name)):
        for one in (part, *_INNER.split(part)):
            if any(character.isalpha() for character in one) and (len(one) > 1 or not _has_case(one)):
                yield one


def redact(text: str, names: Mapping[str, str]) -> str:
    """Return a text with the names in it replaced, also in "Anna's", "Anna'll", "Annas" and "@anna".

    `names` are the pseudonyms by part of a name, see `redactions`.
    """
    if not names:
        return text

    def pseudonym(match: re.Match[str]) -> str:
        return names.get(match[0].replace(" ", "").lower().replace("’", "'"), "Person")

    replaced = _expression(names).sub(pseudonym, unicodedata.normalize("NFC", text))
    return _REPEATED.sub(r"\1", replaced)


def _expression(names: Mapping[str, str]) -> re.Pattern[str]:
    """Return an expression for the parts of names, the longest first; a genitive ending may follow.

    In scripts without upper case, such as Chinese and Arabic, a part of two letters or more also counts within a longer
    run of letters.
    """
    alternatives = []
    for part in sorted(names, key=len, reverse=True):
        if _has_case(part) or len(part) == 1:
            letters = re.escape(part).replace("i̇", "(?:i̇|İ)").replace("'", "['’]")
            alternatives.append(f"{_START}{letters}(?=s?{_END})")
        else:
            alternatives.append(" ?".join(map(re.escape, part)))  # words may be single characters
    return re.compile("|".join(alternatives), re.IGNORECASE)


def _has_case(text: str) -> bool:
    return text.upper() != text.lower()


def restored(text: str, names: Mapping[str, str]) -> str:
    """Return a text with each pseudonym replaced by the first part of the name that has it."""
    originals: dict[str, str] = {}
    for part, pseudonym in names.items():
        originals.setdefault(pseudonym, part.title())
    return _PSEUDONYM.sub(lambda match: originals.get(match[0], match[0]), text)
