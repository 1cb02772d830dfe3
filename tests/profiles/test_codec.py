"""Voiceprints are stored exactly, and what is no voiceprint is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from meetscribe.errors import InputError
from meetscribe.profiles import codec
from meetscribe.profiles.values import EmbeddingSpace, Source, Voiceprint
from tests.support.voiceprints import profile

vectors = arrays(np.float32, st.integers(1, 300), elements=st.floats(-1, 1, width=32)).filter(
    lambda vector: float(np.linalg.norm(vector)) > 1e-3
)


@given(vectors, st.text(), st.none() | st.text())
def test_a_voiceprint_reads_back(vector: Any, file: str, speaker: str | None) -> None:
    """Vectors survive to the last bit but one, and texts of any characters as they are."""
    made = Voiceprint(vector, EmbeddingSpace("e", None), "wideband", 4.5, "2026-11-02", Source(file, speaker))
    read = codec.voiceprint_from_json(json.loads(json.dumps(codec.voiceprint_to_json(made))))
    assert np.allclose(read.vector, made.vector, atol=1e-6)
    assert (read.space, read.channel, read.seconds, read.source) == (
        made.space,
        made.channel,
        made.seconds,
        made.source,
    )


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("vector", "!"),
        ("vector", "AAAA"),
        ("vector", ""),
        ("channel", "fm"),
        ("seconds", "x"),
        ("made", "soon"),
        ("source", None),
    ],
)
def test_a_damaged_voiceprint_is_an_input_error(member: str, value: object) -> None:
    """Each member is checked."""
    members: Any = codec.profile_to_json(profile("Anna", (1.0,)))
    members["voiceprints"][0][member] = value
    with pytest.raises(InputError, match="damaged"):
        codec.loads(codec.dumps(members), "a.json", codec.profile_from_json)
