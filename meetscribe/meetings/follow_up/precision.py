"""The measured precision of each status, which determines whether the status is only suggested."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from meetscribe.meetings.follow_up.values import ItemStatus

CERTAIN = 0.9
"""The minimum precision of a status; below it, the status is a suggestion."""

FILE = Path(__file__).with_name("precision.json")
"""The precision on the held-out series, written by `python -m tests.benchmarks.meeting_items --write`."""


def is_certain(status: ItemStatus) -> bool:
    """Return whether a status is certain: "open", or a status that was correct in at least 90 % of the measured cases.

    >>> is_certain("open")
    True
    """
    return status == "open" or _measured().get(status, 0.0) >= CERTAIN


@cache
def _measured() -> dict[str, float]:
    """Return the measured precision (0 to 1) of each status."""
    precision: dict[str, float] = json.loads(FILE.read_text(encoding="utf-8"))["precision"]
    return precision
