"""The summary names what was left out and why, and identifies the manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.training.data import prepare, preview, read_digest
from meetscribe.training.data.manifest import MANIFEST
from meetscribe.training.data.omissions import EXPLANATIONS, Omission, total
from meetscribe.training.data.settings import DataSettings

SAMPLES = Path(__file__).parents[3] / "samples"
SETTINGS = DataSettings(language="en", dev=0, test=0)


def test_the_digest_is_that_of_the_manifest(tmp_path: Path) -> None:
    summary = prepare(tmp_path, [SAMPLES / "standup.words.jsonl"], SETTINGS)
    assert read_digest(tmp_path) == summary.digest == hashlib.sha256((tmp_path / MANIFEST).read_bytes()).hexdigest()


def test_the_summary_is_json_with_explanations() -> None:
    summary = preview([SAMPLES / "planning.words.jsonl"], SETTINGS)
    values = json.loads(summary.to_text())
    assert values["left_out"][0]["explanation"] == EXPLANATIONS["overlap"]
    assert values["settings"]["language"] == "en"
    assert list(values["recordings"].values()) == ["planning.flac"]


def test_omissions_add_up() -> None:
    """In the order of the table, whatever their order was."""
    parts = [Omission("too short", 2, 1.0), Omission("overlap", 1, 0.5), Omission("too short", 1, 0.25)]
    assert total(parts) == (Omission("overlap", 1, 0.5), Omission("too short", 3, 1.25))


def test_a_folder_without_a_data_set_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Make a data set first"):
        read_digest(tmp_path)
    (tmp_path / "dataset.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="digest: missing"):
        read_digest(tmp_path)
