from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.weights.specification import LocatedModel, ModelSpec, files_to_fetch, missing_files

SPEC = ModelSpec("asr", "me/model@v2", files=("config.json", "a.bin|b.bin|part-*.bin"), optional=("*.txt", "x/*.npz"))


@pytest.mark.parametrize(
    ("model", "repository", "revision"),
    [("me/model", "me/model", "main"), ("me/model@v2", "me/model", "v2"), ("me/model@", "me/model", "main")],
)
def test_an_id_may_have_a_revision(model: str, repository: str, revision: str) -> None:
    spec = ModelSpec("asr", model)
    assert (spec.repository, spec.revision) == (repository, revision)
    assert spec.page == f"https://huggingface.co/{repository}"


def test_a_bundle_has_the_page_of_torchaudio() -> None:
    assert "docs.pytorch.org" in ModelSpec("alignment", "BUNDLE", "torchaudio").page


@pytest.mark.parametrize(("licence", "allowed"), [(None, True), ("MIT", True), ("CC-BY-NC-4.0", False)])
def test_non_commercial_licences_are_recognised(licence: str | None, allowed: bool) -> None:
    assert ModelSpec("asr", "x", licence=licence).commercial == allowed


def test_the_text_names_the_setting() -> None:
    assert str(SPEC) == "asr.model = me/model@v2"
    assert str(ModelSpec("diarization", "me/plda", setting="")) == "diarization: me/plda"


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        ([], ("config.json", "a.bin|b.bin|part-*.bin")),
        (["config.json", "b.bin"], ()),
        (["config.json", "part-7.bin"], ()),
        (["config.json.bak", "aa.bin"], ("config.json", "a.bin|b.bin|part-*.bin")),
    ],
)
def test_one_of_the_alternatives_is_required(names: list[str], missing: tuple[str, ...]) -> None:
    assert missing_files(SPEC, names) == missing


def test_the_preferred_alternative_is_fetched_with_the_optional_files() -> None:
    """All files of an alternative are fetched, each once, and no other file."""
    names = ["part-1.bin", "part-2.bin", "config.json", "README.md", "notes.txt", "x/plda.npz"]
    assert files_to_fetch(SPEC, names) == ["config.json", "notes.txt", "part-1.bin", "part-2.bin", "x/plda.npz"]
    assert files_to_fetch(SPEC, [*names, "b.bin"])[:2] == ["b.bin", "config.json"]
    assert files_to_fetch(SPEC, ["other"]) == []


def test_the_value_of_the_setting_is_the_path_or_the_name() -> None:
    assert LocatedModel(SPEC, Path("m")).value == "m"
    assert LocatedModel(SPEC, None).value == "me/model@v2"
    assert LocatedModel(ModelSpec("asr", "turbo", by_name=True), Path("m")).value == "turbo"
