"""One notice sums up the findings."""

from __future__ import annotations

from typing import get_args

from meetscribe.asr.quality.summary import summary
from meetscribe.transcript import Finding, FindingKind


def test_no_findings_give_no_notice() -> None:
    assert summary([]) == ()


def test_every_kind_of_finding_is_counted() -> None:
    """The text and the data count each kind."""
    kinds = [kind for number, kind in enumerate(get_args(FindingKind), start=1) for _ in range(number)]
    (notice,) = summary([Finding(kind, 0, 1, "reason") for kind in kinds])
    assert notice.data == {kind: kinds.count(kind) for kind in get_args(FindingKind)}
    assert all(str(kinds.count(kind)) in notice.text for kind in kinds)
