"""The test clip can be decoded, and both libraries compute on the CPU."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import pytest
import torch

from meetscribe.doctor import inference
from meetscribe.runtime.devices import Device

CPU = Device("cpu")


def test_the_clip_is_a_tone_of_a_second(tmp_path: Path) -> None:
    with wave.open(str(inference.write_test_clip(tmp_path))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (44100, 2, 44100)
        assert len(set(file.readframes(1000))) > 100


def test_torch_computes_on_the_processor() -> None:
    assert re.fullmatch(r"computed in \d+\.\d\d s", inference.run_torch(CPU))


def test_wrong_results_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that computes something else is not used."""
    softmax, calls = torch.softmax, []

    def wrong(values: torch.Tensor, dim: int) -> torch.Tensor:
        calls.append(dim)
        return softmax(values, dim) + 0.1 * (len(calls) - 1)

    monkeypatch.setattr(torch, "softmax", wrong)
    with pytest.raises(RuntimeError, match="the results of cpu differ from those of the CPU"):
        inference.run_torch(CPU)


def test_ctranslate2_computes_on_the_cpu() -> None:
    """The compute type is the one that a run would use."""
    assert re.fullmatch(r"computed in \d+\.\d\d s, in (int8|float32)", inference.run_ctranslate2(CPU))
