"""The result of a check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["fine", "worse", "broken"]
"""The state of a check: no problem; a run works, but is slower, less accurate or fetches a model first; a run fails."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The name of the check, its state, a description, and for a problem the remedy, mostly a command."""

    subject: str
    state: State
    text: str
    remedy: str = ""
