"""A notice that summarises the findings of a transcript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from meetscribe.errors import Notice
from meetscribe.transcript import Finding, FindingKind

_LABELS: dict[FindingKind, str] = {
    "suspect": "doubtful",
    "removed": "removed",
    "recovered": "recovered",
    "uncovered": "speech without words",
    "speaker": "with a doubtful speaker",
}


SUMMARY = "asr.quality"
"""The code of the notice that `summary` returns."""


def summary(findings: Iterable[Finding]) -> tuple[Notice, ...]:
    """Return a notice with the number of findings of each kind; none if there are no findings.

    >>> found = Finding("suspect", 1, 2, "repetition"), Finding("removed", 3, 4, "no speech", "Thank you.")
    >>> (notice,) = summary(found)
    >>> notice.text
    'passages to check: 1 doubtful, 1 removed (meetscribe report lists them)'
    >>> notice.data
    {'suspect': 1, 'removed': 1}
    """
    counts = Counter(finding.kind for finding in findings)
    listed = ", ".join(f"{counts[kind]} {label}" for kind, label in _LABELS.items() if counts[kind])
    if not listed:
        return ()
    text = f"passages to check: {listed} (meetscribe report lists them)"
    return (Notice(SUMMARY, text, {kind: counts[kind] for kind in _LABELS if counts[kind]}),)
