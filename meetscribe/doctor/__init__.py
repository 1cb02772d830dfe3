"""Checks of this machine that try each part of a run; each problem is reported with the command that fixes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.doctor.checks import run_checks
    from meetscribe.doctor.results import CheckResult, State

__all__ = ["CheckResult", "State", "run_checks"]

__getattr__ = lazy_names(__name__, {"CheckResult": "results", "State": "results", "run_checks": "checks"})
