"""The best evaluation, early stopping, and states on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from meetscribe.errors import InputError
from meetscribe.training.loop.states import STATE, Position, load_state, save_state


def after(*scores: tuple[float | None, float]) -> Position:
    """Return the position after evaluations at the updates 0, 1, …"""
    position = Position()
    for step, (rate, loss) in enumerate(scores):
        position = replace(position, step=step).after(rate, loss)
    return position


def test_fewer_errors_count_before_a_lower_loss() -> None:
    """The best evaluation has the fewest errors; among equal ones, the lowest loss."""
    assert after((0.5, 2.0), (0.4, 3.0)).best_step == 1
    assert after((0.5, 2.0), (0.5, 1.9)).best_step == 1
    assert after((0.4, 2.0), (0.5, 1.0)).best_step == 0


def test_misses_count_evaluations_without_any_improvement() -> None:
    """A lower loss alone keeps training alive, though it does not change the best weights."""
    assert after((0.5, 2.0), (0.6, 2.1), (0.5, 2.0)).misses == 2
    assert after((0.5, 2.0), (0.6, 2.1), (0.6, 1.0)).misses == 0
    assert after((0.5, 2.0), (0.6, 1.0), (0.4, 3.0)).misses == 0


def test_without_words_the_loss_decides() -> None:
    """An unknown error rate, of a dev without words, leaves the choice to the loss."""
    assert after((None, 2.0), (None, 1.0), (None, 3.0)).best_step == 1


def test_most_of_the_gain_must_be_kept() -> None:
    """From 50 to 10 % of errors, 12 % keeps 95 % of the gain and 13 % does not; an unknown rate keeps nothing."""
    position = after((0.5, 2.0), (0.1, 1.0), (0.2, 1.0))
    assert (position.first_rate, position.best_rate) == (0.5, 0.1)
    assert position.keeps_gain(0.1) and position.keeps_gain(0.12)
    assert not position.keeps_gain(0.13) and not position.keeps_gain(None)


def test_state_of_another_run_is_refused(tmp_path: Path) -> None:
    """A state with another identity is not taken for one's own."""
    weight = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.AdamW([weight])
    save_state(tmp_path, "a", Position(step=3), {"w": weight}, optimizer)
    with pytest.raises(InputError, match="other settings"):
        load_state(tmp_path, "b", {"w": weight}, optimizer)


def test_damaged_state_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    """A state that is cut off, or holds something else, is refused and not half restored."""
    weight = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.AdamW([weight])
    save_state(tmp_path, "a", Position(step=3), {"w": weight}, optimizer)
    path = tmp_path / STATE
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_state(tmp_path, "a", {"w": weight}, optimizer) == Position(step=3)
    data = path.read_bytes()
    for damaged in (data[: len(data) // 2], b"", b"not a state"):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"damaged[\s\S]*--overwrite"):
            load_state(tmp_path, "a", {"w": weight}, optimizer)
