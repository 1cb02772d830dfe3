"""The trained recogniser written as a Transformers Whisper directory, in half precision, with all tokens."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tiny_whisper import FULL_VOCABULARY, MAX_FRAMES, MAX_TOKENS, MEL_BINS, Size, TinyWhisper, expand
from tokenizer import write_tokenizer
from tokens import END, LANGUAGE_TOKENS, NO_TIMESTAMPS, PREVIOUS, START, TRANSCRIBE, TRANSLATE

SPACE = 220


def load_compact(checkpoint: Path) -> tuple[TinyWhisper, list[int]]:
    """(the trained model, the full id of each of its tokens)."""
    kept = torch.load(checkpoint, map_location="cpu", weights_only=True)
    phones = kept["model"]["phone_head.bias"].shape[0]
    model = TinyWhisper(Size(**kept["size"]), len(kept["kept"]) + 1, phones)
    model.load_state_dict(kept["model"])
    return model.eval(), kept["kept"]


def configuration(size: Size) -> dict[str, object]:
    """Transformers' `config.json`."""
    return {
        "architectures": ["WhisperForConditionalGeneration"], "model_type": "whisper", "torch_dtype": "float16",
        "d_model": size.width, "vocab_size": FULL_VOCABULARY, "num_mel_bins": MEL_BINS, "is_encoder_decoder": True,
        "encoder_layers": size.encoder_layers, "decoder_layers": size.decoder_layers,
        "num_hidden_layers": size.encoder_layers,
        "encoder_attention_heads": size.heads, "decoder_attention_heads": size.heads,
        "encoder_ffn_dim": 4 * size.width, "decoder_ffn_dim": 4 * size.width,
        "max_source_positions": MAX_FRAMES, "max_target_positions": MAX_TOKENS, "scale_embedding": False,
        "activation_function": "gelu", "dropout": 0.0, "attention_dropout": 0.0, "activation_dropout": 0.0,
        "bos_token_id": END, "eos_token_id": END, "pad_token_id": END, "decoder_start_token_id": START,
    }  # fmt: skip


def generation(size: Size) -> dict[str, object]:
    """Transformers' `generation_config.json`; the end of text may come first, so silence is answered with nothing."""
    last = size.decoder_layers - 1
    return {
        "alignment_heads": [[last, head] for head in range(size.heads)],
        "begin_suppress_tokens": [SPACE], "suppress_tokens": [], "max_length": MAX_TOKENS,
        "bos_token_id": END, "eos_token_id": END, "pad_token_id": END, "decoder_start_token_id": START,
        "is_multilingual": True, "return_timestamps": False, "max_initial_timestamp_index": 50,
        "lang_to_id": {f"<|{code}|>": token for code, token in LANGUAGE_TOKENS.items()},
        "task_to_id": {"transcribe": TRANSCRIBE, "translate": TRANSLATE},
        "no_timestamps_token_id": NO_TIMESTAMPS, "prev_sot_token_id": PREVIOUS,
    }  # fmt: skip


def export(checkpoint: Path, output: Path) -> None:
    """Write the directory."""
    model, kept = load_compact(checkpoint)
    output.mkdir(parents=True, exist_ok=True)
    state = {name: value.half().contiguous() for name, value in expand(model, kept).items()}
    save_file(state, output / "model.safetensors", metadata={"format": "pt"})
    (output / "config.json").write_text(json.dumps(configuration(model.size), indent=1) + "\n")
    (output / "generation_config.json").write_text(json.dumps(generation(model.size), indent=1) + "\n")
    write_tokenizer(output)
