"""Heads are chosen by the words that they look at, and replaced only if others are better on dev."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from meetscribe.training.data import load_examples
from meetscribe.training.model.alignment_heads import choose_heads, estimate_heads, word_error
from meetscribe.training.model.base import load_base
from tests.training.loop.test_labels import EXAMPLE


def test_the_guided_heads_are_found(short_weights: Path, data_set: Path) -> None:
    """The samples' last layer was trained to look at the next word: its heads are chosen, and are more accurate."""
    base = load_base(short_weights, attention="eager")
    train, dev = load_examples(data_set, "train"), load_examples(data_set, "dev")
    assert estimate_heads(base, data_set, train[:2], 3) == ((1, 0), (1, 1), (1, 2))
    assert word_error(base, data_set, dev, ((1, 0), (1, 1), (1, 2))) < 0.15
    base.model.generation_config.alignment_heads = [[0, 0]]
    choice = choose_heads(base, data_set, train[:2], dev)
    assert choice.is_new and choice.heads[0][0] == 1
    assert choice.base_error is not None and choice.new_error is not None
    assert choice.new_error < choice.base_error
    kept = choose_heads(base, data_set, [replace(EXAMPLE, words=())], dev)
    assert kept.heads == ((0, 0),) and not kept.is_new, "without word times, those of the base are kept"
