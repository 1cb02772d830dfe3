"""Batches are padded by length, and what is random depends on seed, epoch and example only."""

from __future__ import annotations

from dataclasses import replace

import torch
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.training.loop.batches import epoch_order, masks, pad
from meetscribe.training.loop.labels import IGNORED, Labels
from tests.training.loop.test_labels import EXAMPLE

END = 50257


def test_padding_is_not_learnt_but_the_end_is() -> None:
    """Padding is the end of text, which is masked by length: the real end of a short text stays a target."""
    inputs, targets = pad([Labels((1, 2, 3), (5, 6, END)), Labels((1,), (END,))], END)
    assert inputs.tolist() == [[1, 2, 3], [1, END, END]]
    assert targets.tolist() == [[5, 6, END], [END, IGNORED, IGNORED]]


@given(st.integers(1, 50), st.integers(0, 5), st.integers(0, 5))
def test_order_is_a_permutation(count: int, seed: int, epoch: int) -> None:
    """Each epoch has every example once, in an order that can be repeated."""
    order = epoch_order(count, seed, epoch)
    assert sorted(order) == list(range(count))
    assert order == epoch_order(count, seed, epoch)


def test_epochs_have_other_orders() -> None:
    """The order changes with the epoch and with the seed."""
    assert len({tuple(epoch_order(30, seed, epoch)) for seed in (0, 1) for epoch in (0, 1)}) == 4


def test_masks_depend_on_the_example_and_the_epoch() -> None:
    """SpecAugment masks bands and frames of the sound, the same ones whenever an example is computed in an epoch."""
    features = torch.rand(80, 3000) + 1
    masked = masks(0, 0)(features, EXAMPLE)
    assert torch.equal(masked, masks(0, 0)(features, EXAMPLE))
    assert not torch.equal(masked, masks(0, 1)(features, EXAMPLE))
    assert not torch.equal(masked, masks(0, 0)(features, replace(EXAMPLE, id="b")))
    changed = (masked != features).float()
    assert 0 < changed.mean() < 0.5
    assert torch.equal(features, features.clone()), "the original is not changed"


def test_masks_of_time_stay_within_the_sound() -> None:
    """Frames after the end of a clip, which are silence, are not masked in time."""
    features = torch.rand(80, 3000) + 1
    for epoch in range(20):
        masked = masks(0, epoch)(features, EXAMPLE)
        silent = (masked[:, 400:] != features[:, 400:]).all(dim=0)
        assert not silent.any()
