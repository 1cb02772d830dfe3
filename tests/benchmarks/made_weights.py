"""Weights that cannot be fetched, made: a Whisper of real size with random values, a pipeline's directory.

A random Whisper writes as many words as it is told for each clip, whatever it hears: along one dimension of its
states all its tokens lie on one side, and the end on the other, to which the positions push it in time; along a
second one the tokens that are no English word are out of reach. What it costs is what a trained one would cost.
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
    """The size of a published Whisper."""

    width: int
    layers: int

    @property
    def heads(self) -> int:
        """Attention heads, 64 wide."""
        return self.width // 64


ARCHITECTURES = {"base": Architecture(512, 6), "small": Architecture(768, 12)}


def random_whisper(folder: Path, size: str, tokens: int = 60, seed: int = 0) -> Path:
    """A Whisper in Transformers' layout in `folder` with random values, that writes `tokens` words for each clip."""
    import torch
    from transformers import WhisperConfig, WhisperForConditionalGeneration

    if (folder / "model.safetensors").exists():
        return folder
    architecture, trained = ARCHITECTURES[size], SAMPLES / "weights" / "asr"
    shutil.copytree(trained, folder, ignore=shutil.ignore_patterns("model.safetensors"))
    shape = {
        "d_model": architecture.width,
        "encoder_layers": architecture.layers,
        "decoder_layers": architecture.layers,
        "num_hidden_layers": architecture.layers,
        "encoder_attention_heads": architecture.heads,
        "decoder_attention_heads": architecture.heads,
        "encoder_ffn_dim": 4 * architecture.width,
        "decoder_ffn_dim": 4 * architecture.width,
    }
    torch.manual_seed(seed)
    described = {**json.loads((trained / "config.json").read_text()), **shape}
    model: Any = WhisperForConditionalGeneration(WhisperConfig(**described))  # type: ignore[no-untyped-call]
    with torch.no_grad():
        _write_words(model.model.decoder, tokens)
    model.half().save_pretrained(folder)
    generation = json.loads((trained / "generation_config.json").read_text())
    generation["alignment_heads"] = [[architecture.layers - 1, head] for head in range(3)]
    (folder / "generation_config.json").write_text(json.dumps(generation), encoding="utf-8")
    return folder


def _write_words(decoder: Any, tokens: int) -> None:
    """Let the decoder write words, and end after so many."""
    import torch
    from transformers import AutoTokenizer

    vocabulary = AutoTokenizer.from_pretrained(SAMPLES / "weights" / "asr").get_vocab()  # type: ignore[no-untyped-call]
    words = [
        token for text, token in vocabulary.items() if text[:1] == "Ġ" and text[1:].isascii() and text[1:].isalpha()
    ]
    embedding, positions = decoder.embed_tokens.weight, decoder.embed_positions.weight
    positions.normal_(0.0, 0.5)  # so that the next word is another one
    embedding.normal_(0.0, 0.05)
    embedding[:, :2] = 0.0
    out_of_reach = torch.ones(len(embedding), dtype=torch.bool)
    out_of_reach[[*words, _END]] = False
    embedding[out_of_reach, 1] = -1.0
    embedding[_END] = 0.0
    embedding[_END, 0] = 1.0
    positions[:, 1] = _FAR / 4
    positions[:, 0] = -_FAR / 4
    positions[_PROMPT + tokens - 1 :, 0] = _FAR


def pipeline_directory(folder: Path, embedder: Path | None = None, dimension: int = 8) -> Path:
    """A pipeline's directory of pyannote.audio, with the bundled segmentation and one of its embedders.

    Without `embedder` it is the bundled diarization of ours with the samples' own, which whisperX can load; with one
    it is laid out as community-1 is: VBx, and a PLDA of `dimension`, which agglomerative clustering does not look at.
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
    """The parameters of community-1, or of the bundled pipeline with the samples' embedder, as pyannote.audio's."""
    from meetscribe.diarization.bundled import SEGMENTATION_THRESHOLD, cluster_size

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
