"""Greedy decoding of clips during training, to score the model on dev."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor

from meetscribe.training.model.base import WhisperBase


def decode_greedily(base: WhisperBase, encoded: Any, languages: Sequence[str]) -> list[str]:
    """Return the text of each clip, decoded without timestamps from the encoder's output and the languages."""
    tokenizers = [base.tokenizer(language) for language in languages]
    starts = [[*each.sot_sequence, each.no_timestamps] for each in tokenizers]
    given = torch.tensor(starts, device=base.device)
    rows = _generate(base.model, encoded, given, _limit(base))[:, given.shape[1] :].tolist()
    return [each.decode(_until(row, each.eot)).strip() for each, row in zip(tokenizers, rows, strict=True)]


def _limit(base: WhisperBase) -> int:
    """Return the most tokens to generate: half the context, as Whisper does."""
    return base.context // 2


def _until(row: list[int], end: int) -> list[int]:
    """Return the tokens before the first end token."""
    return row[: row.index(end)] if end in row else row


def _generate(model: Any, encoded: Any, given: Tensor, limit: int) -> Tensor:
    """Return prefixes with their continuations `(clips, tokens)`; Whisper's `generate` would add its fallback."""
    from transformers import GenerationConfig, GenerationMixin

    configured = model.generation_config
    end = model.config.eos_token_id
    config: Any = GenerationConfig
    found: Any = GenerationMixin.generate(
        model,
        encoder_outputs=encoded,
        attention_mask=torch.ones(encoded.last_hidden_state.shape[:2], device=given.device),
        decoder_input_ids=given,
        generation_config=config(
            suppress_tokens=configured.suppress_tokens or None,
            begin_suppress_tokens=configured.begin_suppress_tokens or None,
            decoder_start_token_id=model.config.decoder_start_token_id,
            eos_token_id=end,
            pad_token_id=end,
            max_new_tokens=limit,
            use_cache=True,
            do_sample=False,
            num_beams=1,
        ),
        use_model_defaults=False,
    )
    return cast(Tensor, found)
