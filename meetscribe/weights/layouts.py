"""Conversion of a Whisper model from the layout of Transformers to the layout of each engine.

The names of the tensors follow openai-whisper (whisper/model.py) and mlx-whisper (whisper.py).
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import torch
from ctranslate2.converters import TransformersConverter
from safetensors.torch import save_file
from torch import Tensor
from transformers import AutoTokenizer, WhisperForConditionalGeneration

from meetscribe.runtime import silence

GENERATION = "generation_config.json"
"""The file with the alignment heads and the languages of a model."""

_PREPROCESSOR = "preprocessor_config.json"
_TOKENIZER = "tokenizer.json"

# Patterns of Transformers' names and their replacements in openai-whisper's names, applied in this order.
_RENAMED = (
    (r"^model\.", ""),
    (r"embed_tokens", "token_embedding"),
    (r"embed_positions\.weight", "positional_embedding"),
    (r"\.layers\.", ".blocks."),
    (r"self_attn_layer_norm", "attn_ln"),
    (r"encoder_attn_layer_norm", "cross_attn_ln"),
    (r"self_attn", "attn"),
    (r"encoder_attn", "cross_attn"),
    (r"q_proj", "query"),
    (r"k_proj", "key"),
    (r"v_proj", "value"),
    (r"out_proj", "out"),
    (r"fc1", "mlp.0"),
    (r"fc2", "mlp.2"),
    (r"final_layer_norm", "mlp_ln"),
    (r"^encoder\.layer_norm", "encoder.ln_post"),
    (r"^decoder\.layer_norm", "decoder.ln"),
)


def to_ctranslate2(directory: Path, output: Path) -> None:
    """Write a directory for CTranslate2 in half precision, with the tokenizer files of faster-whisper."""
    with silence.loading():
        TransformersConverter(str(directory), load_as_float16=True).convert(str(output), quantization="float16")
        for name in (_TOKENIZER, _PREPROCESSOR, GENERATION):
            if (directory / name).is_file():
                shutil.copyfile(directory / name, output / name)
        if not (output / _TOKENIZER).is_file():  # a fine-tuned model may have only Transformers' slow tokenizer
            tokenizer = AutoTokenizer.from_pretrained(str(directory))  # type: ignore[no-untyped-call]
            tokenizer.backend_tokenizer.save(str(output / _TOKENIZER))
    if not (output / _PREPROCESSOR).is_file():
        bands = json.loads((directory / "config.json").read_text(encoding="utf-8"))["num_mel_bins"]
        _write_json(output / _PREPROCESSOR, {"feature_size": bands})


def to_openai(directory: Path, output: Path) -> None:
    """Write `model.pt` in half precision, for `whisper.load_model`."""
    state, dimensions = _load(directory)
    output.mkdir()
    torch.save({"dims": dimensions, "model_state_dict": state}, output / "model.pt")
    _copy_generation(directory, output)


def to_mlx(directory: Path, output: Path) -> None:
    """Write a directory in half precision, for `mlx_whisper.load_models.load_model`.

    Compared with openai-whisper, the two feed-forward layers have other names, convolutions have their channels last,
    the positions of the encoder are not stored, and the alignment heads `(heads, 2)` are stored with the weights.
    """
    state, dimensions = _load(directory)
    del state["encoder.positional_embedding"]
    weights = {
        re.sub(r"mlp\.([02])", lambda match: f"mlp{1 + int(match[1]) // 2}", name): tensor
        for name, tensor in state.items()
    }
    for name in ("encoder.conv1.weight", "encoder.conv2.weight"):
        weights[name] = weights[name].transpose(1, 2).contiguous()
    heads = _heads(directory)
    if heads:
        weights["alignment_heads"] = torch.tensor(heads, dtype=torch.int32)
    output.mkdir()
    save_file(weights, output / "weights.safetensors", metadata={"format": "mlx"})
    _write_json(output / "config.json", {"model_type": "whisper", **dimensions})
    _copy_generation(directory, output)


def _load(directory: Path) -> tuple[dict[str, Tensor], dict[str, int]]:
    """Return the tensors of a model in half precision by openai-whisper's names, and its dimensions."""
    with silence.loading():
        model = WhisperForConditionalGeneration.from_pretrained(str(directory)).half()  # type: ignore[no-untyped-call]
    state = {
        _openai_name(name): tensor.detach().contiguous()
        for name, tensor in model.state_dict().items()
        if name != "proj_out.weight"  # shares the token embedding
    }
    return state, _dimensions(model.config)


def _openai_name(name: str) -> str:
    """Return openai-whisper's name for a tensor of Transformers' Whisper.

    >>> _openai_name("model.decoder.layers.0.encoder_attn.q_proj.weight")
    'decoder.blocks.0.cross_attn.query.weight'
    """
    for pattern, replacement in _RENAMED:
        name = re.sub(pattern, replacement, name)
    return name


def _dimensions(config: Any) -> dict[str, int]:
    """Return the dimensions of a model by the names of openai-whisper and mlx-whisper."""
    return {
        "n_mels": config.num_mel_bins,
        "n_vocab": config.vocab_size,
        "n_audio_ctx": config.max_source_positions,
        "n_audio_state": config.d_model,
        "n_audio_head": config.encoder_attention_heads,
        "n_audio_layer": config.encoder_layers,
        "n_text_ctx": config.max_target_positions,
        "n_text_state": config.d_model,
        "n_text_head": config.decoder_attention_heads,
        "n_text_layer": config.decoder_layers,
    }


def _heads(directory: Path) -> list[list[int]]:
    """Return the alignment heads of a model as pairs of layer and head, empty if it does not list them."""
    path = directory / GENERATION
    return json.loads(path.read_text(encoding="utf-8")).get("alignment_heads") or [] if path.is_file() else []


def _copy_generation(directory: Path, output: Path) -> None:
    """Copy the generation config, which lists the alignment heads."""
    if (directory / GENERATION).is_file():
        shutil.copyfile(directory / GENERATION, output / GENERATION)


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
