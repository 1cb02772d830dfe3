"""The memory that models need: the size of the recogniser counts, and on a processor the libraries."""

from __future__ import annotations

from pathlib import Path

from meetscribe.models.memory import needed_memory
from meetscribe.weights import LocatedModel, ModelSpec


def test_known_and_measured_sizes(tmp_path: Path) -> None:
    known = LocatedModel(ModelSpec("asr", "small", size_mb=500), None)
    assert needed_memory({"asr": known}, "cuda") == 750_000_000
    assert needed_memory({"asr": known}, "cpu") == needed_memory({}, "cpu") + 750_000_000
    (tmp_path / "model.bin").write_bytes(bytes(2000))
    assert needed_memory({"asr": LocatedModel(ModelSpec("asr", "mine"), tmp_path)}, "cuda") == 3000
