"""What was noticed about passages, in one sentence; the findings themselves are values of the transcript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from meetscribe.transcript import Finding, FindingKind

_SAID: dict[FindingKind, str] = {
    "suspect": "doubtful",
    "removed": "removed",
    "recovered": "heard on a second try only",
    "uncovered": "a voice without words",
}


def summary(findings: Iterable[Finding]) -> str:
    """How many passages are doubtful, removed, recovered and uncovered; empty if there are none.

    >>> summary([Finding("suspect", 1, 2, "repetition"), Finding("removed", 3, 4, "no voice", "Thank you.")])
    'passages to look at: 1 doubtful, 1 removed (see findings)'
    """
    counts = Counter(finding.kind for finding in findings)
    said = ", ".join(f"{counts[kind]} {noun}" for kind, noun in _SAID.items() if counts[kind])
    return f"passages to look at: {said} (see findings)" if said else ""
