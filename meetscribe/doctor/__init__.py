"""Checks of this machine by trying each part that a run needs; each problem comes with the command that fixes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.doctor.checks import run_checks
    from meetscribe.doctor.results import CheckResult, State

__all__ = ["CheckResult", "State", "run_checks"]

__getattr__ = lazy_names(__name__, {"CheckResult": "results", "State": "results", "run_checks": "checks"})
