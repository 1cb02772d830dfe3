"""The states of a session, and the actions that lead from one to another.

    recording ⇄ paused ─▶ stopping ─▶ live-final ─▶ refining ─▶ final

The action `fail` is possible in every active state, but only a failed refinement uses it: after a failure of the
recogniser, the session becomes `live-final`. If the process of an active session ends, the session is `interrupted`.
Interrupted, failed and finished sessions can be resumed or refined: the folder has all audio.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

State: TypeAlias = Literal[
    "recording", "paused", "stopping", "live-final", "refining", "final", "failed", "interrupted"
]
Action: TypeAlias = Literal["pause", "resume", "stop", "flush", "refine", "cancel", "finish", "fail", "interrupt"]
"""`flush` ends the live transcript; `refine` starts the pipeline, `finish` ends it, `cancel` abandons it."""

STATES: tuple[State, ...] = get_args(State)
ACTIONS: tuple[Action, ...] = get_args(Action)

ACTIVE: frozenset[State] = frozenset({"recording", "paused", "stopping", "refining"})
"""The states in which a process works on the session."""

_TRANSITIONS: dict[tuple[State, Action], State] = {
    ("recording", "pause"): "paused",
    ("paused", "resume"): "recording",
    ("recording", "stop"): "stopping",
    ("paused", "stop"): "stopping",
    ("stopping", "flush"): "live-final",
    ("refining", "cancel"): "live-final",
    ("refining", "finish"): "final",
    **{(state, "resume"): "recording" for state in ("interrupted", "failed", "live-final", "final")},
    **{(state, "refine"): "refining" for state in ("interrupted", "failed", "live-final", "final")},
    **{(state, "fail"): "failed" for state in ACTIVE},
    **{(state, "interrupt"): "interrupted" for state in ACTIVE},
}


def can(state: State, action: Action) -> bool:
    """Return whether an action is possible in a state.

    >>> can("recording", "pause"), can("final", "stop")
    (True, False)
    """
    return (state, action) in _TRANSITIONS


def next_state(state: State, action: Action) -> State:
    """Return the state after an action; raises ValueError if it is not possible in this state.

    >>> next_state("recording", "stop")
    'stopping'
    """
    try:
        return _TRANSITIONS[state, action]
    except KeyError:
        raise ValueError(f"a session that is {state} cannot {action}") from None
