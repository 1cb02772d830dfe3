"""One error names all models that are not available, with each reason and every remedy once."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from meetscribe.weights.remedies import unavailable_error
from meetscribe.weights.specification import ModelSpec, Obstacle

WHISPER = ModelSpec("asr", "me/whisper", size_mb=486, licence="MIT")
PIPELINE = ModelSpec("diarization", "me/pipeline", setting="pipeline", gated=True, alternative="Use another pipeline.")


def test_all_models_have_a_line() -> None:
    error = unavailable_error([(WHISPER, "offline"), (PIPELINE, "offline")])
    assert error.message.splitlines() == [
        "2 models are missing",
        "  asr.model = me/whisper (about 486 MB, MIT): it is not on this machine, and the network is disabled",
        "  diarization.pipeline = me/pipeline: it is not on this machine, and the network is disabled",
    ]
    remedies = error.remedy.splitlines()
    assert remedies[0].startswith("Accept the conditions at https://huggingface.co/me/pipeline, ")
    assert remedies[1].startswith("Run once without --offline")
    assert "  meetscribe weights pull me/whisper me/pipeline --to weights" in remedies
    assert "Use another pipeline." in remedies
    assert len(set(remedies)) == len(remedies)


@pytest.mark.parametrize("obstacle", get_args(Obstacle))
def test_every_obstacle_has_a_reason_and_a_remedy(obstacle: Obstacle) -> None:
    error = unavailable_error([(WHISPER, obstacle)])
    assert error.message.startswith("a model is missing\n  asr.model = me/whisper")
    assert error.remedy
    transferable = obstacle not in ("absent", "unknown")
    assert ("copy the folder to this one" in error.remedy) == transferable


def test_an_incomplete_directory_names_its_missing_files(tmp_path: Path) -> None:
    """Only what is missing is named, and no transfer is suggested."""
    (tmp_path / "config.json").touch()
    spec = ModelSpec("asr", str(tmp_path), files=("config.json", "a.bin|b.bin", "vocabulary.txt"))
    error = unavailable_error([(spec, "incomplete")])
    assert error.message.endswith(": it has no a.bin or b.bin and no vocabulary.txt")
    assert error.remedy == "Add the missing files, or name another model."


@pytest.mark.parametrize(
    ("spec", "nearest"),
    [
        (ModelSpec("asr", "smal"), "did you mean 'small'"),
        (ModelSpec("alignment", "HUBERT_ASR_LARG", "torchaudio"), "did you mean 'HUBERT_ASR_LARGE'"),
        (ModelSpec("asr", "me/smal"), ""),
    ],
)
def test_a_misspelt_name_has_the_nearest_one(spec: ModelSpec, nearest: str) -> None:
    remedy = unavailable_error([(spec, "unknown")]).remedy
    assert f"Check the name {spec.model}" in remedy and nearest in remedy
    assert ("did you mean" in remedy) == bool(nearest)
