"""The models and the code outside meetscribe that a cache key covers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.pipeline.cache_keys import CacheDependencies
from meetscribe.pipeline.model_identity import code_identity, model_identity
from meetscribe.pipeline.provenance import installed
from meetscribe.results import json_digest
from meetscribe.runtime.devices import Device
from meetscribe.settings import Settings

FACTORY = "my_embedder.inner.embedder:make"


def key_digest(**diarization: Any) -> str:
    """Return a digest of what diarization depends on, as computed by a new process."""
    model_identity.cache_clear()
    code_identity.cache_clear()
    settings = Settings(diarization=replace(DiarizationSettings(), **diarization))
    return json_digest(CacheDependencies(settings, Device("cpu")).diarization())


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a package whose import fails."""
    folder = tmp_path / "my_embedder" / "inner"
    folder.mkdir(parents=True)
    for place in (folder.parent, folder):
        (place / "__init__.py").write_text("raise ZeroDivisionError")
    (folder / "embedder.py").write_text("def make(device): ...")
    (folder / "layers.py").write_text("SIZE = 1")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder


def test_the_code_of_an_embedder_counts(package: Path) -> None:
    """Another function is another embedder, and so is one whose module, or a module beside it, has changed."""
    first = key_digest(embedder=FACTORY)
    assert key_digest(embedder=FACTORY) == first
    assert key_digest(embedder=FACTORY.replace("make", "make_other")) != first
    (package / "layers.py").write_text("SIZE = 2")
    second = key_digest(embedder=FACTORY)
    (package / "embedder.py").write_text("def make(device): return 1")
    assert len({first, second, key_digest(embedder=FACTORY)}) == 3


def test_the_version_of_its_package_counts(package: Path) -> None:
    """A new release of the package is another embedder."""
    record = package.parents[1] / "my_embedder-1.0.dist-info"
    record.mkdir()
    (record / "top_level.txt").write_text("my_embedder")
    found = set()
    for version in ("1.0", "2.0"):
        (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: my-embedder\nVersion: {version}\n")
        installed.cache_clear()  # a process looks a version up once
        found.add(key_digest(embedder=FACTORY))
    assert len(found) == 2


@pytest.mark.parametrize("name", ["nowhere.to_be:found", "__main__:make", "json:loads", "sys:exit"])
def test_a_missing_embedder_is_no_error_of_the_key(name: str) -> None:
    """Loading the embedder reports it."""
    assert key_digest(embedder=name)


def test_the_clustering_threshold_beside_a_checkpoint_counts(tmp_path: Path) -> None:
    """The threshold file belongs to the embedder, also if the settings name the checkpoint itself."""
    checkpoint = tmp_path / "pytorch_model.bin"
    checkpoint.write_bytes(b"weights")
    found = {key_digest(embedder=str(checkpoint))}
    for threshold in ("0.6", "0.7"):
        (tmp_path / "meetscribe.json").write_text(f'{{"clustering_threshold": {threshold}}}')
        found.add(key_digest(embedder=str(checkpoint)))
    assert len(found) == 3


def test_all_parts_of_a_pipeline_count(tmp_path: Path) -> None:
    """Each file of a pipeline in a directory counts, and so do the models elsewhere that it names."""
    pipeline, model = tmp_path / "pipeline", tmp_path / "elsewhere.bin"
    pipeline.mkdir()
    model.write_bytes(b"1")
    (pipeline / "config.yaml").write_text(f"pipeline:\n  params:\n    embedding: {model}\n    step: 1\n")
    found = [key_digest(pipeline=str(pipeline))]
    assert key_digest(pipeline=str(pipeline)) == found[0]
    model.write_bytes(b"2")
    found.append(key_digest(pipeline=str(pipeline)))
    (pipeline / "plda.npz").write_bytes(b"1")
    found.append(key_digest(pipeline=str(pipeline)))
    (pipeline / "config.yaml").write_text("[" * 10)
    found.append(key_digest(pipeline=str(pipeline)))
    assert len(set(found)) == 4
