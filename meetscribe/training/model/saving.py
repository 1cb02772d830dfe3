"""Save a trained model in the layouts of Transformers and CTranslate2, with the files that the engines need."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch

from meetscribe import weights
from meetscribe.errors import OutputError, os_reason
from meetscribe.runtime import silence
from meetscribe.training.model.alignment_heads import Heads
from meetscribe.training.model.base import WhisperBase

GENERATION = "generation_config.json"
CTRANSLATE2 = "ctranslate2"
"""The folder of the model in CTranslate2's layout, within that of the trained model."""

_COPIED = (
    "added_tokens.json",
    "merges.txt",
    "normalizer.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.json",
    GENERATION,
)
_LARGEST_HALF = 65504.0  # the largest float16


def save_model(base: WhisperBase, model: Any, output: Path) -> None:
    """Write the model with its tokenizer, its feature extractor and its generation config to a folder.

    The weights are stored as float16 if those of the base are and all of them fit, otherwise as float32. Without
    tokenizer.json and preprocessor_config.json, faster-whisper would look for them on the hub, or assume 80 mel bands.
    Raises OutputError if a file cannot be written.
    """
    try:
        with silence.loading():
            model.to(_stored_type(base, model)).save_pretrained(str(output), safe_serialization=True)
            base.extractor.save_pretrained(str(output))
        for name in _COPIED:
            if (base.directory / name).is_file():
                shutil.copyfile(base.directory / name, output / name)
        if not (output / "tokenizer.json").is_file():
            base.backend.save(str(output / "tokenizer.json"))
        make_private(output)
    except OSError as error:
        raise OutputError(
            f"the model cannot be written to {output}: {os_reason(error)}", "Free some space, or choose another -o."
        ) from error


def set_heads(output: Path, heads: Heads) -> None:
    """Write the alignment heads into the generation config."""
    path = output / GENERATION
    config = json.loads(path.read_text(encoding="utf-8"))
    config["alignment_heads"] = [list(pair) for pair in heads]
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def convert(output: Path) -> Path:
    """Write the model in CTranslate2's layout to a folder in `output`, and return the folder.

    The cache keeps the conversion for runs with `--model OUTPUT`.
    """
    target = output / CTRANSLATE2
    if target.exists():
        shutil.rmtree(target)
    weights.copy_converted(weights.converted(output, "ctranslate2"), target)
    make_private(target)
    return target


def make_private(folder: Path) -> None:
    """Make a folder and its files readable by the owner only: the weights can reveal voices and words."""
    folder.chmod(0o700)
    for path in folder.iterdir():
        if path.is_file():
            path.chmod(0o600)


def _stored_type(base: WhisperBase, model: Any) -> torch.dtype:
    """Return the type to store the weights in."""
    config = json.loads((base.directory / "config.json").read_text(encoding="utf-8"))
    name = config.get("dtype") or config.get("torch_dtype")
    largest = max(float(weight.abs().max()) for weight in model.parameters())
    return torch.float16 if name == "float16" and largest < _LARGEST_HALF else torch.float32
