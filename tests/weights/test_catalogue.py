"""The catalogue agrees with the packages that load the models."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from typing import Any

import pytest

from meetscribe.weights import aligner_spec, embedder_spec, pipeline_specs, whisper_spec
from meetscribe.weights.catalogue import COMMUNITY_1, EMBEDDER, TORCHAUDIO_BUNDLES, WHISPER


def source(module: str) -> ast.Module:
    """Return the syntax tree of an installed module without importing it."""
    package, _, rest = module.partition(".")
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.origin is not None
    path = Path(spec.origin).parent.joinpath(*rest.split(".")).with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"))


def test_whisper_names_are_faster_whispers() -> None:
    """Each name of faster-whisper stands for the same model here."""
    names: dict[str, str] = next(
        ast.literal_eval(node.value)
        for node in source("faster_whisper.utils").body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_MODELS"
    )
    assert {name: model for name, (model, _) in WHISPER.items()} == names


def test_files_of_bundles_are_torchaudios() -> None:
    """Each bundle that recognises characters has the file name of torchaudio."""
    files: dict[str, Any] = {}
    for node in source("torchaudio.pipelines._wav2vec2.impl").body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            paths = [*node.value.args, *(key.value for key in node.value.keywords if key.arg == "_path")]
            if ast.unparse(node.value.func) == "Wav2Vec2ASRBundle":
                files[ast.unparse(node.targets[0])] = ast.literal_eval(paths[0])
    assert files == TORCHAUDIO_BUNDLES


def test_a_name_and_its_id_are_one_model() -> None:
    """A Whisper model may be named by its short name or its id."""
    assert whisper_spec("turbo") == whisper_spec("mobiuslabsgmbh/faster-whisper-large-v3-turbo")
    assert whisper_spec("me/mine").size_mb is None


def test_a_bundle_is_known_by_its_name() -> None:
    """Without a kind, a model with the name of a bundle is one."""
    assert aligner_spec("WAV2VEC2_ASR_BASE_960H").kind == "torchaudio"
    assert aligner_spec("jonatasgrosman/wav2vec2-large-xlsr-53-german").kind == "huggingface"


@pytest.mark.parametrize(
    ("pipeline", "models"),
    [
        ("bundled", []),
        ("community-1", [COMMUNITY_1]),
        (COMMUNITY_1, [COMMUNITY_1]),
        ("me/pipeline", ["me/pipeline"]),
        (
            "pyannote/speaker-diarization-3.1",
            ["pyannote/speaker-diarization-3.1", "pyannote/segmentation-3.0", COMMUNITY_1, EMBEDDER],
        ),
    ],
)
def test_pipelines_include_all_their_models(pipeline: str, models: list[str]) -> None:
    """The specifications of a pipeline include all models that loading it fetches."""
    assert [spec.model for spec in pipeline_specs(pipeline)] == models


def test_only_pyannotes_pipelines_are_gated() -> None:
    """The community pipeline needs an account, the embedder of the bundled one does not."""
    assert [spec.gated for spec in pipeline_specs("community-1")] == [True]
    assert not embedder_spec().gated
