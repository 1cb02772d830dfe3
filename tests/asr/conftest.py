"""Engines with sample weights, clips, and a tiny Whisper with random weights that depends on every prompt token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from meetscribe.asr.protocol import Engine
from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.text.languages import NAMES
from meetscribe.timeline import Span
from tests.asr.sample_engines import SAMPLES, SENTENCE, Samples, loaded

_SPECIAL_AFTER_LANGUAGES = [
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]
_TEXT_TOKENS = 50257  # as in OpenAI's vocabulary; older CTranslate2 recognises a multilingual model by its size
_TIMESTAMPS = 1501


def _vocabulary() -> tuple[dict[str, int], list[str]]:
    """Return the text tokens, single bytes before made-up words, and the special tokens after them."""
    from tokenizers.pre_tokenizers import ByteLevel

    tokens = sorted(ByteLevel.alphabet())
    tokens += [f"Ġword{number}" for number in range(_TEXT_TOKENS - len(tokens) - 1)]
    tokens.append("")  # the last of OpenAI's vocabulary, by which newer CTranslate2 recognises a multilingual model
    languages = [f"<|{code}|>" for code in NAMES if code != "yue"]
    special = ["<|endoftext|>", "<|startoftranscript|>", *languages, *_SPECIAL_AFTER_LANGUAGES]
    return {token: number for number, token in enumerate(tokens)}, special


def _save_tokenizer(directory: Path) -> list[str]:
    """Write tokenizer.json, and return the special tokens."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    vocabulary, special = _vocabulary()
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    tokenizer.save(str(directory / "tokenizer.json"))
    return special


def clip(start: float, end: float) -> Samples:
    """Return a part of the stand-up meeting."""
    return load_audio(SAMPLES / "standup.flac").slice(Span(start, end))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Set the cache of converted models."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEETSCRIBE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def sentence() -> Samples:
    """Return SENTENCE as spoken, without overlapping speech."""
    lines = (SAMPLES / "standup.stm").read_text().splitlines()
    _, _, _, start, end, _ = next(line for line in lines if SENTENCE in line).split(maxsplit=5)
    return clip(float(start) - 0.2, float(end) + 0.2)


@pytest.fixture(scope="session")
def clips(sentence: Samples) -> dict[str, Samples]:
    """Return clips of all kinds."""
    return {
        "sentence": sentence,
        "empty": np.zeros(0, np.float32),
        "tenth of a second": sentence[16000:17600],
        "silence": np.zeros(2 * SAMPLE_RATE, np.float32),
        "30 s": clip(60.0, 90.0),
    }


class LoadedEngines:
    """Engines with the same weights by name, each loaded once per session."""

    def __init__(self, weights: Path) -> None:
        self._weights = weights
        self._engines: dict[str, Engine] = {}

    def __call__(self, name: str) -> Engine:
        if name not in self._engines:
            self._engines[name] = loaded(name, self._weights)
        return self._engines[name]


@pytest.fixture(scope="session")
def trained_engine(cache: None) -> LoadedEngines:
    """Return a function that returns an engine with the sample weights."""
    return LoadedEngines(SAMPLES / "weights" / "asr")


@pytest.fixture(scope="session")
def tiny_engine(cache: None, tiny_whisper: Path) -> LoadedEngines:
    """Return a function that returns an engine with tiny random weights."""
    return LoadedEngines(tiny_whisper)


@pytest.fixture(scope="session")
def tiny_whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a multilingual Transformers Whisper with random weights."""
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
        init_std=0.5,  # so that the output depends on every token of the prompt
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
