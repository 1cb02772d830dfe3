"""Lines of fields separated by white space, as in the formats of speech research (RTTM, CTM, STM, UEM)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from meetscribe.errors import InputError


def field_rows(text: str, fields: int = -1) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and at most `fields` fields of each line that is neither empty nor a comment (`;;`)."""
    for number, line in enumerate(text.split("\n"), start=1):
        row = line.split(maxsplit=fields - 1 if fields > 0 else -1)
        if row and not row[0].startswith(";;"):
            yield number, row


def number_of(row: Sequence[str], index: int, place: str, remedy: str) -> float:
    """Return the non-negative number in a field; raises InputError, which begins with `place`, if there is none."""
    try:
        value = float(row[index])
    except (IndexError, ValueError) as error:
        raise InputError(f"{place}: field {index + 1} must be a number", remedy) from error
    if not math.isfinite(value) or value < 0 or value > 1e9:
        raise InputError(f"{place}: field {index + 1} must be a number from 0 to 1e9, not {row[index]}", remedy)
    return value


def is_number(field: str) -> bool:
    """Return whether a field is a non-negative number."""
    try:
        return math.isfinite(float(field)) and float(field) >= 0
    except ValueError:
        return False
