"""What the result of diarization depends on: code that makes voiceprints, and what lies beside models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.pipeline import cache_keys
from meetscribe.pipeline.provenance import installed
from meetscribe.results import json_digest
from meetscribe.runtime.devices import Device
from meetscribe.settings import Settings

FACTORY = "my_voices.inner.embedder:make"


def depends(**diarization: Any) -> str:
    """A digest of all that diarization depends on, as another process would find it."""
    cache_keys.identified.cache_clear()
    cache_keys._made_by.cache_clear()
    settings = Settings(diarization=replace(DiarizationSettings(), **diarization))
    return json_digest(cache_keys.diarization(settings, Device("cpu")))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a package that can be imported, but must not be."""
    folder = tmp_path / "my_voices" / "inner"
    folder.mkdir(parents=True)
    for place in (folder.parent, folder):
        (place / "__init__.py").write_text("raise ZeroDivisionError")
    (folder / "embedder.py").write_text("def make(device): ...")
    (folder / "layers.py").write_text("SIZE = 1")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder


def test_code_that_makes_voiceprints_counts(package: Path) -> None:
    """Another function is another embedder, and so is one whose module, or what lies beside it, has changed."""
    first = depends(embedder=FACTORY)
    assert depends(embedder=FACTORY) == first
    assert depends(embedder=FACTORY.replace("make", "make_other")) != first
    (package / "layers.py").write_text("SIZE = 2")
    second = depends(embedder=FACTORY)
    (package / "embedder.py").write_text("def make(device): return 1")
    assert len({first, second, depends(embedder=FACTORY)}) == 3


def test_a_package_counts_by_its_version(package: Path) -> None:
    """A new release of the package is another embedder."""
    record = package.parents[1] / "my_voices-1.0.dist-info"
    record.mkdir()
    (record / "top_level.txt").write_text("my_voices")
    found = set()
    for version in ("1.0", "2.0"):
        (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: my-voices\nVersion: {version}\n")
        installed.cache_clear()  # which is that of one process
        found.add(depends(embedder=FACTORY))
    assert len(found) == 2


@pytest.mark.parametrize("name", ["nowhere.to_be:found", "__main__:make", "json:loads", "sys:exit"])
def test_code_that_is_not_there_is_no_error_yet(name: str) -> None:
    """Whoever loads it says that it is missing."""
    assert depends(embedder=name)


def test_what_lies_beside_a_checkpoint_counts(tmp_path: Path) -> None:
    """The distance at which voices are one is a part of the embedder, also of one named by its file."""
    checkpoint = tmp_path / "pytorch_model.bin"
    checkpoint.write_bytes(b"weights")
    found = {depends(embedder=str(checkpoint))}
    for threshold in ("0.6", "0.7"):
        (tmp_path / "meetscribe.json").write_text(f'{{"clustering_threshold": {threshold}}}')
        found.add(depends(embedder=str(checkpoint)))
    assert len(found) == 3


def test_a_pipeline_counts_with_all_its_parts(tmp_path: Path) -> None:
    """Of a pipeline in a directory each file counts, and the models elsewhere that it names."""
    pipeline, model = tmp_path / "pipeline", tmp_path / "elsewhere.bin"
    pipeline.mkdir()
    model.write_bytes(b"1")
    (pipeline / "config.yaml").write_text(f"pipeline:\n  params:\n    embedding: {model}\n    step: 1\n")
    found = [depends(pipeline=str(pipeline))]
    assert depends(pipeline=str(pipeline)) == found[0]
    model.write_bytes(b"2")
    found.append(depends(pipeline=str(pipeline)))
    (pipeline / "plda.npz").write_bytes(b"1")
    found.append(depends(pipeline=str(pipeline)))
    (pipeline / "config.yaml").write_text("[" * 10)
    found.append(depends(pipeline=str(pipeline)))
    assert len(set(found)) == 4
