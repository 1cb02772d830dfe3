"""The embedder by CAM++: safe loading, and voices of real speakers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from meetscribe.audio import load_audio
from meetscribe.diarization.campplus.embedder import CamPlusPlusEmbedder, load_campplus
from meetscribe.diarization.campplus.network import DIMENSION, CamPlusPlus
from meetscribe.diarization.embedders import Embedder
from meetscribe.errors import WeightsError
from tests.support.real_weights import real_weights

READERS = Path(__file__).parents[4] / "shared" / "data" / "librispeech-speakers"


def test_clips_of_any_length_have_voiceprints(tmp_path: Path) -> None:
    """The embedder is identified by its weights, wherever the file lies."""
    torch.manual_seed(0)
    torch.save(CamPlusPlus().state_dict(), tmp_path / "campplus_cn_en_common.pt")
    embedder = load_campplus(tmp_path / "campplus_cn_en_common.pt")
    assert isinstance(embedder, CamPlusPlusEmbedder) and isinstance(embedder, Embedder)
    rng = np.random.default_rng(0)
    clips = [rng.normal(0, 0.1, length).astype(np.float32) for length in (4000, 16000, 70000)]
    found = embedder.embed(clips)
    assert found.shape == (3, DIMENSION) and np.isfinite(found).all()
    np.testing.assert_allclose(embedder.embed(clips[1:2]), found[1:2], atol=1e-5)
    (tmp_path / "campplus_cn_en_common.pt").rename(tmp_path / "copy.pt")
    assert load_campplus(tmp_path / "copy.pt").name == embedder.name


class Malicious:
    """An object whose pickle creates a file when it is loaded."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.target,)


@pytest.mark.parametrize("content", ["code", "layers", "damaged", "missing"])
def test_other_files_are_refused(tmp_path: Path, content: str) -> None:
    """A file with code, with other layers, or damaged is not loaded, and no code from it runs."""
    path = tmp_path / "campplus_cn_en_common.pt"
    if content == "code":
        torch.save({"weight": Malicious(tmp_path / "ran")}, path)
    elif content == "layers":
        torch.save({"weight": torch.zeros(3)}, path)
    elif content == "damaged":
        path.write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(WeightsError) as caught:
        load_campplus(path)
    assert str(path) in caught.value.message and not (tmp_path / "ran").exists()


def test_voices_of_one_speaker_are_similar() -> None:
    """Two utterances of each of five readers: every pair of one reader is nearer than any pair of two."""
    if not READERS.is_dir():
        pytest.skip(f"no folder {READERS}")
    embedder = load_campplus(real_weights("campplus") / "campplus_cn_en_common.pt")
    readers = [sorted(folder.glob("*.flac"))[:2] for folder in sorted(READERS.iterdir()) if folder.is_dir()]
    clips = [load_audio(file).samples[: 4 * 16000] for files in readers for file in files]
    vectors = embedder.embed(clips)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    similarity = vectors @ vectors.T
    same = np.kron(np.eye(len(readers), dtype=bool), np.ones((2, 2), dtype=bool))
    assert similarity[same].min() > similarity[~same].max() + 0.1
