"""The result of a check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["fine", "worse", "broken"]
"""No problem; a run works, but is slower or less accurate; a run fails."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The name of the check, its state, a description, and unless it is fine the command that fixes the problem."""

    subject: str
    state: State
    text: str
    remedy: str = ""
