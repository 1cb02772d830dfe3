"""A tiny Whisper with random weights, in which every token of a prompt matters; what it writes means nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

_SPECIAL_AFTER_LANGUAGES = [
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]
_TEXT_TOKENS = 50257  # of OpenAI's multilingual vocabulary, by whose size older CTranslate2 knows a multilingual model
_TIMESTAMPS = 1501


def _vocabulary() -> tuple[dict[str, int], list[str]]:
    """Text tokens (single bytes first, then made-up words) and the special tokens after them."""
    from tokenizers.pre_tokenizers import ByteLevel

    from meetscribe.asr.whisper.languages import LANGUAGES

    tokens = sorted(ByteLevel.alphabet())
    tokens += [f"Ġword{number}" for number in range(_TEXT_TOKENS - len(tokens) - 1)]
    tokens.append("")  # OpenAI's multilingual vocabulary ends with it; newer CTranslate2 knows it by that
    languages = [f"<|{code}|>" for code in LANGUAGES if code != "yue"]
    special = ["<|endoftext|>", "<|startoftranscript|>", *languages, *_SPECIAL_AFTER_LANGUAGES]
    return {token: number for number, token in enumerate(tokens)}, special


def _save_tokenizer(directory: Path) -> list[str]:
    """Write tokenizer.json; returns the special tokens."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    vocabulary, special = _vocabulary()
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    tokenizer.save(str(directory / "tokenizer.json"))
    return special


@pytest.fixture(scope="session")
def tiny_whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a multilingual Whisper of Transformers with random weights."""
    import torch
    from transformers import (
        GenerationConfig,
        PreTrainedTokenizerFast,
        WhisperConfig,
        WhisperForConditionalGeneration,
    )

    source = tmp_path_factory.mktemp("whisper")
    special = _save_tokenizer(source)
    torch.manual_seed(0)
    ids = {token: _TEXT_TOKENS + number for number, token in enumerate(special)}
    config = WhisperConfig(  # type: ignore[no-untyped-call]
        vocab_size=_TEXT_TOKENS + len(special) + _TIMESTAMPS,
        d_model=16,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        init_std=0.5,  # so that every token of a prompt matters
        decoder_start_token_id=ids["<|startoftranscript|>"],
        eos_token_id=ids["<|endoftext|>"],
        bos_token_id=ids["<|endoftext|>"],
        pad_token_id=ids["<|endoftext|>"],
    )
    model = WhisperForConditionalGeneration(config)
    model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        suppress_tokens=[],
        begin_suppress_tokens=[],
        alignment_heads=[[1, 0], [1, 1]],
        lang_to_id={token: ids[token] for token in special if token[2:-2].isalpha() and len(token) <= 7},
    )
    model.save_pretrained(source)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(source / "tokenizer.json"),
        eos_token="<|endoftext|>",
        additional_special_tokens=special[1:],
    ).save_pretrained(source)
    (source / "preprocessor_config.json").write_text(json.dumps({"feature_size": 80, "sampling_rate": 16000}))
    return source
