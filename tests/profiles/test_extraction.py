"""A voiceprint is the mean of the pieces of a speaker's speech, and refused where they disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.profiles.dense_speech import MIN_SPEECH
from meetscribe.profiles.extraction import PIECE, Extraction, Extractor, mean_vector, min_agreement, pieces
from meetscribe.timeline import Span, total
from tests.support.voiceprints import SPACE, vector

AUDIO = Audio(np.zeros(100 * SAMPLE_RATE, np.float32), "meeting.wav", "sha256:aa")


def extract(
    speech: Mapping[str, list[Span]], voices: Mapping[float, Any], agreement: float = 0.5
) -> dict[str, Extraction]:
    """Return extractions by an embedder that hears the voice that begins last before a piece."""

    def embed(groups: Sequence[Sequence[Span]]) -> np.ndarray:
        heard = [max(start for start in voices if start <= group[0].start) for group in groups]
        return np.array([voices[start] for start in heard], np.float32)

    return Extractor(AUDIO, embed, SPACE, agreement, "meeting.json").extract(speech)


def test_a_voiceprint_with_its_origin() -> None:
    """Space, seconds and source are recorded, and each speaker gets his own voice."""
    voices = {0.0: vector(1.0), 50.0: vector(0.0, 1.0)}
    found = extract({"A": [Span(0, 12)], "B": [Span(50, 54), Span(60, 64)]}, voices)
    a, b = (found[label].voiceprint for label in "AB")
    assert a is not None and b is not None
    assert a.vector.tolist() == pytest.approx([1, 0, 0, 0]) and b.vector.tolist() == pytest.approx([0, 1, 0, 0])
    assert (a.seconds, b.seconds, a.space, a.channel) == (12.0, 8.0, SPACE, "wideband")
    assert (a.source.file, a.source.speaker, a.source.recording) == ("meeting.json", "A", "sha256:aa")


def test_too_little_speech_is_refused() -> None:
    """Less than MIN_SPEECH seconds are not embedded at all."""
    found = extract({"A": [Span(0, MIN_SPEECH - 0.1)], "B": []}, {})
    assert [each.refusal for each in found.values()] == ["too-little-speech"] * 2


def test_pieces_of_different_voices_are_refused() -> None:
    """If a piece is unlike the rest, there is no voiceprint, but the agreement is stated."""
    found = extract({"A": [Span(0, 20)]}, {0.0: vector(1.0), 15.0: vector(0.1, 0.9)})["A"]
    assert found.voiceprint is None and found.refusal == "disagreement"
    assert found.agreement is not None and found.agreement < 0.5


@pytest.mark.parametrize("value", [np.nan, 0.0])
def test_pieces_without_a_vector_are_skipped(value: float) -> None:
    """NaN and zero vectors are ignored; without any other there is no voiceprint."""
    voices = {0.0: [value] * 4, 5.0: vector(1.0)}
    made = extract({"A": [Span(0, 20)]}, voices)["A"].voiceprint
    assert made is not None and made.vector[0] == pytest.approx(1.0)
    assert extract({"A": [Span(0, 4.5)]}, voices)["A"].refusal == "no-voiceprint"


spans = st.lists(st.tuples(st.floats(0.5, 30), st.floats(0, 3)), min_size=1, max_size=8).map(
    lambda rows: [
        Span(start, start + length)
        for start, length in zip(np.cumsum([0.0, *(a + b for a, b in rows)]), [a for a, _ in rows], strict=False)
    ]
)


@given(spans)
def test_pieces_hold_all_speech_once(speech: list[Span]) -> None:
    """Pieces are in order, cover the spans exactly, and are about PIECE seconds long."""
    groups = pieces(speech)
    flat = [span for group in groups for span in group]
    assert flat == sorted(flat) and sum(s.duration for s in flat) == pytest.approx(total(speech))
    assert all(total(group) <= 2.01 * PIECE for group in groups)
    assert all(total(group) >= 0.49 * PIECE for group in groups) or len(groups) == 1


@given(st.integers(2, 6), st.integers(0, 1000))
def test_agreement_is_that_of_each_piece_with_the_others(count: int, seed: int) -> None:
    """The fast computation agrees with the mean of all other vectors, one by one."""
    units = np.random.default_rng(seed).standard_normal((count, 5)).astype(np.float32)
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    slow = min(float(mean_vector(np.delete(units, row, axis=0)) @ units[row]) for row in range(count))
    assert min_agreement(units) == pytest.approx(slow, abs=1e-4)
    assert min_agreement(units[:1]) is None
