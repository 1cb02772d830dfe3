"""Models are located in folders of models and in the caches, without the network."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.weights import store
from meetscribe.weights.specification import ModelSpec
from meetscribe.weights.store import Record, local_obstacle, locate, read_record, revision_of, write_record

pytestmark = pytest.mark.usefixtures("no_network")
SPEC = ModelSpec("asr", "me/model", files=("config.json",))
COMMITS = ("0123456789abcdef", "fedcba9876543210")
RECORD = Record("me/model", COMMITS[0], "MIT", SPEC.page, {"config.json": "ab"})


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use an empty cache, of the hub and of torch, and return the folder of me/model in it."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path / "hub" / "models--me--model"


def complete(folder: Path) -> Path:
    """Write the files of a model."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    return folder


def test_a_path_is_used_if_it_is_complete(tmp_path: Path) -> None:
    folder = complete(tmp_path / "model")
    assert locate(ModelSpec("asr", str(folder))) == folder
    assert locate(ModelSpec("asr", str(folder), files=("model.bin",))) is None
    assert locate(ModelSpec("asr", str(folder / "config.json"), files=("model.bin",))) == folder / "config.json"


def test_the_cache_is_searched_by_revision(cache: Path) -> None:
    """A revision is a branch or tag, or the beginning of a commit hash of at least seven digits."""
    first, second = (complete(cache / "snapshots" / commit) for commit in COMMITS)
    assert locate(SPEC) is None
    store.set_revision(SPEC, COMMITS[0])
    store.set_revision(ModelSpec("asr", "me/model@v2"), COMMITS[1])
    assert locate(SPEC) == first
    assert locate(ModelSpec("asr", "me/model@v2")) == second
    assert locate(ModelSpec("asr", "me/model@fedcba9")) == second
    assert locate(ModelSpec("asr", "me/model@fedcba")) is None
    assert locate(ModelSpec("asr", "me/model", files=("model.bin",))) is None


def test_a_folder_of_models_comes_first(cache: Path, tmp_path: Path) -> None:
    """A model in it must be complete, and have the revision if one is named."""
    complete(cache / "snapshots" / COMMITS[1])
    store.set_revision(SPEC, COMMITS[1])
    model = complete(tmp_path / "models" / "me" / "model")
    write_record(model, RECORD)
    assert locate(SPEC, tmp_path / "models") == model
    assert locate(ModelSpec("asr", "me/model@01234567"), tmp_path / "models") == model
    assert locate(ModelSpec("asr", "me/model@fedcba98"), tmp_path / "models") == cache / "snapshots" / COMMITS[1]
    (model / "config.json").unlink()
    assert locate(SPEC, tmp_path / "models") == cache / "snapshots" / COMMITS[1]


def test_a_bundle_is_a_file_in_the_folder_or_in_the_cache_of_torch(tmp_path: Path) -> None:
    spec = ModelSpec("alignment", "BUNDLE", "torchaudio", files=("bundle.pth",))
    assert locate(spec, tmp_path / "models") is None
    for folder in (store.torch_checkpoints(), tmp_path / "models" / "torchaudio"):
        folder.mkdir(parents=True)
        (folder / "bundle.pth").touch()
        assert locate(spec, tmp_path / "models") == folder / "bundle.pth"


@pytest.mark.parametrize(
    ("model", "obstacle"),
    [
        ("./nowhere", "absent"),
        ("a/b/c", "absent"),
        ("~/model", "absent"),
        ("C:\\model", "absent"),
        ("smal", "unknown"),
        ("me/model", None),
    ],
)
def test_what_cannot_be_fetched_is_known_without_the_network(model: str, obstacle: str | None) -> None:
    assert local_obstacle(ModelSpec("asr", model)) == obstacle


def test_other_obstacles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert local_obstacle(ModelSpec("asr", str(tmp_path))) == "incomplete"
    assert local_obstacle(ModelSpec("alignment", "NO_BUNDLE", "torchaudio")) == "unknown"
    assert local_obstacle(ModelSpec("alignment", "HUBERT_ASR_LARGE", "torchaudio")) is None
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert local_obstacle(SPEC) == "offline"


def test_a_record_reads_back(tmp_path: Path) -> None:
    write_record(tmp_path, RECORD)
    assert read_record(tmp_path) == RECORD
    assert [path.name for path in tmp_path.iterdir()] == ["weights.json"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"model": 1}', '{"files": 7}', "\ufffd"])
def test_a_damaged_record_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "weights.json").write_text(content, encoding="utf-8")
    assert read_record(tmp_path) is None
    assert read_record(tmp_path / "nowhere") is None


def test_the_commit_is_the_name_of_the_snapshot_or_in_the_record(tmp_path: Path) -> None:
    write_record(tmp_path, RECORD)
    assert revision_of(tmp_path) == COMMITS[0]
    assert revision_of(tmp_path / "snapshots" / COMMITS[1]) == COMMITS[1]
    assert revision_of(tmp_path / "elsewhere") is None


def test_files_of_direct_subfolders_are_listed(tmp_path: Path) -> None:
    for name in ("a", "x/b", "x/y/c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert sorted(store.files_in(tmp_path)) == ["a", "x/b"]


def test_the_free_space_of_a_folder_that_does_not_exist_yet(tmp_path: Path) -> None:
    assert store.free_space(tmp_path / "not" / "yet") > 0
