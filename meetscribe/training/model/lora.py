"""Select the trainable weights: all, those of the decoder, or LoRA matrices (Hu et al., 2021)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from meetscribe.errors import SettingsError
from meetscribe.training.settings import TrainingSettings

_FIXED_POSITIONS = "model.encoder.embed_positions."  # sinusoids
_TOKENS = "model.decoder.embed_tokens."  # also the output's weights
_PROJECTIONS = "q_proj|k_proj|v_proj|out_proj|fc1|fc2"


def prepare(model: Any, settings: TrainingSettings) -> Any:
    """Make the weights selected by the settings trainable; return peft's wrapper of the model, None without LoRA.

    LoRA adds its matrices to `model` in place. Raises SettingsError if peft is not installed.
    """
    if settings.method == "lora":
        return _add_lora(model, settings)
    frozen = [_FIXED_POSITIONS]
    frozen += ["model.encoder."] if settings.freeze_encoder else []
    frozen += [_TOKENS] if settings.freeze_embeddings else []
    for name, parameter in model.named_parameters():
        parameter.requires_grad = not name.startswith(tuple(frozen))
    return None


def merge(model: Any, wrapper: Any, adapter: Path) -> Any:
    """Save the LoRA matrices in the folder `adapter`, and return the model with them merged into the weights."""
    if wrapper is None:
        return model
    wrapper.save_pretrained(str(adapter), safe_serialization=True)
    return wrapper.merge_and_unload()


def trainable(model: Any) -> dict[str, Any]:
    """Return the trainable weights by name."""
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def _add_lora(model: Any, settings: TrainingSettings) -> Any:
    try:
        from peft import LoraConfig, get_peft_model
    except ImportError as error:
        raise SettingsError(
            "LoRA needs the package peft", "Install it (pip install peft), or train all weights with --full."
        ) from error
    part = "decoder" if settings.freeze_encoder else "(encoder|decoder)"
    # task_type is not given: with it, peft would pass input_ids, which Whisper does not accept.
    config = LoraConfig(
        r=settings.rank,
        lora_alpha=2 * settings.rank,
        lora_dropout=settings.dropout,
        target_modules=rf"model\.{part}\.layers\.\d+\..*({_PROJECTIONS})",
    )
    with torch.random.fork_rng(devices=[]):  # the A matrices are initialised randomly
        torch.manual_seed(settings.seed)
        return get_peft_model(model, config)
