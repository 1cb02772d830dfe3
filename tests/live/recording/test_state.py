"""The states of a session."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.live.recording.state import ACTIONS, ACTIVE, STATES, Action, State, can, next_state


def walk(*actions: Action, state: State = "recording") -> State:
    for action in actions:
        state = next_state(state, action)
    return state


def test_a_session_is_recorded_stopped_and_refined() -> None:
    assert walk("pause", "resume", "stop", "flush") == "live-final"
    assert walk("pause", "stop", "flush", "refine", "finish") == "final"
    assert walk("stop", "flush", "refine", "cancel") == "live-final"


def test_an_interrupted_session_can_be_resumed_and_refined() -> None:
    """Nothing ends in a state from which the audio cannot be used."""
    for state in STATES:
        if state not in ACTIVE:
            assert walk("resume", state=state) == "recording"
            assert walk("refine", state=state) == "refining"


@given(actions=st.lists(st.sampled_from(ACTIONS), max_size=12))
def test_only_possible_actions_change_the_state(actions: list[Action]) -> None:
    """`can` and `next_state` agree, every state is a known one, and a finished session never fails."""
    state: State = "recording"
    for action in actions:
        if can(state, action):
            state = next_state(state, action)
            assert state in STATES
        else:
            with pytest.raises(ValueError, match=f"is {state} cannot {action}"):
                next_state(state, action)
    assert can(state, "fail") == can(state, "interrupt") == (state in ACTIVE)
