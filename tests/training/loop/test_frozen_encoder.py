"""A frozen encoder computes each clip once, within a limit of memory, and gives what the model itself gives."""

from __future__ import annotations

from pathlib import Path

import torch

from meetscribe.training.data import load_examples, read_clip
from meetscribe.training.loop.frozen_encoder import FrozenEncoder
from meetscribe.training.model.base import WhisperBase


def test_clips_are_encoded_once(short_base: WhisperBase, data_set: Path) -> None:
    """The second pass reads no clip, and its result equals that of the encoder, in the order asked for."""
    examples = load_examples(data_set, "train")[:2]
    frozen = FrozenEncoder(short_base)
    first = frozen.encode(data_set, examples).last_hidden_state
    again = frozen.encode(Path("/nowhere"), examples[::-1]).last_hidden_state
    with torch.no_grad():
        features = short_base.features([read_clip(data_set, each) for each in examples])
        expected = short_base.model.get_encoder()(features).last_hidden_state
    assert torch.allclose(first, expected, atol=1e-5)
    assert torch.equal(again, first.flip(0))


def test_memory_is_limited(short_base: WhisperBase, data_set: Path) -> None:
    """Beyond the limit nothing is stored, and the clip is encoded again."""
    (example,) = load_examples(data_set, "dev")
    frozen = FrozenEncoder(short_base, most_bytes=100)
    assert torch.equal(
        frozen.encode(data_set, [example]).last_hidden_state, frozen.encode(data_set, [example]).last_hidden_state
    )
    assert not frozen._stored
