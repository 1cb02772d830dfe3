"""A Whisper model is converted once for an engine, on first use."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.errors import OutputError, WeightsError
from meetscribe.weights import converted, is_transformers_whisper
from meetscribe.weights.whisper import fingerprint

Array = npt.NDArray[np.float32]
PROMPT = [50258, 50259, 50359, 50363, 2425, 13]


@pytest.mark.usefixtures("cache")
def test_transformers_needs_no_conversion(random_whisper: Path) -> None:
    """For Transformers the model is used in place."""
    assert is_transformers_whisper(random_whisper)
    assert converted(random_whisper, "transformers") == random_whisper


def test_a_model_is_converted_once(random_whisper: Path, cache: Path) -> None:
    """Later calls, and calls at the same time, return the same path, and no temporary files are left."""
    with ThreadPoolExecutor(3) as pool:
        places = set(pool.map(lambda _: converted(random_whisper, "mlx"), range(3)))
    assert len(places) == 1
    (place,) = places
    made = (place / "weights.safetensors").stat().st_mtime_ns
    assert converted(random_whisper, "mlx") == place
    assert (place / "weights.safetensors").stat().st_mtime_ns == made
    assert [path.name for path in place.parent.iterdir()] == ["mlx"]
    assert place.is_relative_to(cache)


def test_another_process_may_be_faster(random_whisper: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The result that another process has written in the meantime is used."""

    def make(directory: Path, made: Path) -> None:
        for folder, content in ((made, "ours"), (made.parent.parent / "mlx", "theirs")):
            folder.mkdir()
            (folder / "config.json").write_text(content)

    monkeypatch.setattr("meetscribe.weights.layouts.to_mlx", make)
    place = converted(random_whisper, "mlx")
    assert (place / "config.json").read_text() == "theirs"
    assert [path.name for path in place.parent.iterdir()] == ["mlx"]


def test_other_weights_are_another_model(tmp_path: Path) -> None:
    """The fingerprint depends on the content of the files, not on their folder and times."""
    for name in ("one", "same", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(b"\0" * 50_000_000)
        (tmp_path / name / "config.json").write_text("{}")
    with (tmp_path / "other" / "model.safetensors").open("r+b") as file:
        file.seek(25_000_000)
        file.write(b"x" * 4_000_000)
    (tmp_path / "same" / "README.md").write_text("words")
    assert fingerprint(tmp_path / "one") == fingerprint(tmp_path / "same") != fingerprint(tmp_path / "other")


def test_other_models_are_rejected(random_whisper: Path, tmp_path: Path, cache: Path) -> None:
    """Another directory and a damaged model are errors, and leave no files."""
    with pytest.raises(WeightsError, match="not a Whisper model"):
        converted(tmp_path, "ctranslate2")
    broken = tmp_path / "broken"
    shutil.copytree(random_whisper, broken)
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100_000])
    for target in ("ctranslate2", "openai-whisper", "mlx"):
        with pytest.raises(WeightsError, match="cannot be converted"):
            converted(broken, target)
    assert not any(path.is_file() for path in cache.rglob("*"))


def test_a_read_only_cache_is_reported(random_whisper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the variable that sets another folder."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "file"))
    with pytest.raises(OutputError, match="MEETSCRIBE_CACHE"):
        converted(random_whisper, "mlx")
