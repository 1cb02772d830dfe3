"""Commit policies: which words of successive hypotheses are final."""

from __future__ import annotations

from meetscribe.live.commit.local_agreement import LocalAgreement

__all__ = ["LocalAgreement"]
