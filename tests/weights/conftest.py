"""A local hub in place of the real one, and a Whisper model with random weights."""

from __future__ import annotations

import importlib
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hub import Hub, serving, use_endpoint, use_hub

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """A hub without models in place of the real one, with an empty cache, as torch's."""
    with serving(Hub()) as hub:
        use_hub(hub.url, tmp_path, monkeypatch)
        monkeypatch.setattr("meetscribe.weights.sources.hub.time.sleep", lambda seconds: hub.waits.append(seconds))
        yield hub


@pytest.fixture
def no_hub(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Use the address of a hub that does not answer."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        use_endpoint(f"http://127.0.0.1:{taken.getsockname()[1]}", monkeypatch)
        yield


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any connection fail the test."""

    def refuse(self: socket.socket, address: object) -> None:
        pytest.fail(f"connects to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Use an empty cache for converted models."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def random_whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Whisper model in the layout of Transformers, with random weights and the real tokenizer."""
    import torch
    from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration

    directory = tmp_path_factory.mktemp("random") / "whisper"
    torch.manual_seed(0)
    config = WhisperConfig(  # type: ignore[no-untyped-call]
        vocab_size=51865,
        d_model=64,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=1,
        decoder_attention_heads=2,
        encoder_ffn_dim=256,
        decoder_ffn_dim=256,
        bos_token_id=50257,
        eos_token_id=50257,
        pad_token_id=50257,
        decoder_start_token_id=50258,
        init_std=0.2,
        suppress_tokens=None,
        begin_suppress_tokens=None,
    )
    model = WhisperForConditionalGeneration(config).half()  # type: ignore[no-untyped-call]
    model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        suppress_tokens=[],
        begin_suppress_tokens=[220],
        alignment_heads=[[1, 0]],
        lang_to_id={"<|en|>": 50259, "<|zh|>": 50260, "<|de|>": 50261},
    )
    model.save_pretrained(directory)
    _write_tokenizer(directory)
    return directory


def _write_tokenizer(directory: Path) -> None:
    """Write Whisper's tokenizer: that of the samples, or one built from openai-whisper's files."""
    sample = ROOT / "samples" / "weights" / "asr"
    if (sample / "tokenizer.json").is_file():
        for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
                     "preprocessor_config.json"):  # fmt: skip
            shutil.copyfile(sample / name, directory / name)
        return
    pytest.importorskip("whisper")
    sys.path.insert(0, str(ROOT / "samples" / "recipe"))
    try:
        importlib.import_module("tokenizer").write_tokenizer(directory)
    finally:
        sys.path.pop(0)
