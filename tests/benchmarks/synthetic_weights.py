"""Create weights without a download: a Whisper model of real size with random values, and a pyannote pipeline.

The random Whisper model writes a given number of words for each clip, whatever the audio. One dimension of its states
separates words from the end token, and the position embeddings move the state to the end token at the given position.
A second dimension excludes all tokens that are not English words. Its cost equals that of a trained model.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meetscribe.segmentation import bundled_checkpoint

SAMPLES = Path(__file__).parents[2] / "samples"
_PROMPT = 4  # tokens before the first word
_FAR = 60.0
_END = 50_257


@dataclass(frozen=True, slots=True)
class Architecture:
    """The size of a Whisper model: width, layers of encoder and decoder, and bands of the spectrogram."""

    width: int
    layers: int
    decoder_layers: int
    bands: int = 80

    @property
    def heads(self) -> int:
        """Return the number of attention heads, each of width 64."""
        return self.width // 64


ARCHITECTURES = {
    "base": Architecture(512, 6, 6),
    "small": Architecture(768, 12, 12),
    "large-v3-turbo": Architecture(1280, 32, 4, 128),
}
"""The sizes of published models."""


def random_whisper(folder: Path, architecture: Architecture, tokens: int = 60, seed: int = 0) -> Path:
    """Create a random Whisper model in Transformers' layout, which writes `tokens` words for each clip."""
    import torch
    from transformers import WhisperConfig, WhisperForConditionalGeneration

    if (folder / "model.safetensors").exists():
        return folder
    trained = SAMPLES / "weights" / "asr"
    shutil.copytree(trained, folder, ignore=shutil.ignore_patterns("model.safetensors"), dirs_exist_ok=True)
    torch.manual_seed(seed)
    described = {**json.loads((trained / "config.json").read_text()), **_shape(architecture)}
    model: Any = WhisperForConditionalGeneration(WhisperConfig(**described))  # type: ignore[no-untyped-call]
    with torch.no_grad():
        _write_words(model.model.decoder, tokens)
    model.half().save_pretrained(folder)
    _change(folder / "preprocessor_config.json", feature_size=architecture.bands)
    heads = [[architecture.decoder_layers - 1, head] for head in range(min(architecture.heads, 3))]
    shutil.copyfile(trained / "generation_config.json", folder / "generation_config.json")
    _change(folder / "generation_config.json", alignment_heads=heads)
    return folder


def _shape(architecture: Architecture) -> dict[str, int]:
    """Return the values of Transformers' configuration."""
    return {
        "d_model": architecture.width,
        "encoder_layers": architecture.layers,
        "decoder_layers": architecture.decoder_layers,
        "num_mel_bins": architecture.bands,
        "num_hidden_layers": architecture.layers,
        "encoder_attention_heads": architecture.heads,
        "decoder_attention_heads": architecture.heads,
        "encoder_ffn_dim": 4 * architecture.width,
        "decoder_ffn_dim": 4 * architecture.width,
    }


def _change(path: Path, **values: object) -> None:
    """Replace values in a file of JSON."""
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **values}), encoding="utf-8")


def _write_words(decoder: Any, tokens: int) -> None:
    """Set the decoder's embeddings such that it writes `tokens` words and then ends."""
    import torch
    from transformers import AutoTokenizer

    vocabulary = AutoTokenizer.from_pretrained(SAMPLES / "weights" / "asr").get_vocab()  # type: ignore[no-untyped-call]
    words = [
        token for text, token in vocabulary.items() if text[:1] == "Ġ" and text[1:].isascii() and text[1:].isalpha()
    ]
    embedding, positions = decoder.embed_tokens.weight, decoder.embed_positions.weight
    positions.normal_(0.0, 0.5)  # so that consecutive words differ
    embedding.normal_(0.0, 0.05)
    embedding[:, :2] = 0.0
    excluded = torch.ones(len(embedding), dtype=torch.bool)
    excluded[[*words, _END]] = False
    embedding[excluded, 1] = -1.0
    embedding[_END] = 0.0
    embedding[_END, 0] = 1.0
    positions[:, 1] = _FAR / 4
    positions[:, 0] = -_FAR / 4
    positions[_PROMPT + tokens - 1 :, 0] = _FAR


def pipeline_directory(folder: Path, embedder: Path | None = None, dimension: int = 8) -> Path:
    """Create a pipeline directory of pyannote.audio with the bundled segmentation and an embedder.

    Without `embedder` it equals our bundled diarization with the embedder of the samples, in a form that whisperX can
    load. With an embedder it has the layout of community-1: VBx clustering, and a PLDA of `dimension`, which
    agglomerative clustering ignores.
    """
    import numpy as np

    own = SAMPLES / "weights" / "embedder"
    for part, checkpoint in (("segmentation", bundled_checkpoint()), ("embedding", embedder or own)):
        source = checkpoint if checkpoint.is_file() else checkpoint / "pytorch_model.bin"
        (folder / part).mkdir(exist_ok=True, parents=True)
        shutil.copyfile(source, folder / part / "pytorch_model.bin")
    (folder / "plda").mkdir(exist_ok=True)
    zeros, eye = np.zeros(dimension), np.eye(dimension)
    np.savez(folder / "plda" / "xvec_transform.npz", mean1=zeros, mean2=zeros, lda=eye)
    np.savez(folder / "plda" / "plda.npz", mu=zeros, tr=eye, psi=np.linspace(9, 1, dimension))
    (folder / "config.yaml").write_text(_configuration(vbx=embedder is not None), encoding="utf-8")
    return folder


def _configuration(*, vbx: bool) -> str:
    """Return the configuration of community-1, or of the bundled pipeline with the embedder of the samples."""
    from meetscribe.diarization.clustering.agglomerative import cluster_size
    from meetscribe.diarization.loading.bundled import SEGMENTATION_THRESHOLD

    tuned = json.loads((SAMPLES / "weights" / "embedder" / "meetscribe.json").read_text())["clustering_threshold"]
    agglomerative = f"{{method: centroid, threshold: {tuned}, min_cluster_size: {cluster_size(300.0)}}}"
    return f"""
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    segmentation: $model/segmentation
    embedding: $model/embedding
    plda: $model/plda
    clustering: {"VBxClustering" if vbx else "AgglomerativeClustering"}
    embedding_exclude_overlap: true
    segmentation_batch_size: 32
    embedding_batch_size: 32
params:
  segmentation: {{threshold: {SEGMENTATION_THRESHOLD}, min_duration_off: 0.0}}
  clustering: {"{threshold: 0.6, Fa: 0.07, Fb: 0.8}" if vbx else agglomerative}
"""
