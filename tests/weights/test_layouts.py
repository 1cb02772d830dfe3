"""A Whisper model that is converted for an engine computes what it computed before."""

from __future__ import annotations

import json
import shutil
from functools import cache as memoized
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.weights import alignment_heads, converted, is_ctranslate2

Array = npt.NDArray[np.float32]
PROMPT = [50258, 50259, 50359, 50363, 2425, 13]


@memoized
def features() -> Array:
    """Return random log-mel bands `(1, 80, 3000)`."""
    return np.random.default_rng(0).normal(0, 0.5, (1, 80, 3000)).astype(np.float32)


@memoized
def reference(directory: Path) -> tuple[Array, Array]:
    """Return the encoder states `(1, 1500, 64)` and logits `(1, 6, 51865)` of Transformers."""
    import torch
    from transformers import WhisperForConditionalGeneration

    model = WhisperForConditionalGeneration.from_pretrained(directory, dtype=torch.float32)
    with torch.inference_mode():
        output = model(torch.from_numpy(features()), decoder_input_ids=torch.tensor([PROMPT]))
    return output.encoder_last_hidden_state.numpy(), output.logits.numpy()


@pytest.mark.usefixtures("cache", "no_network")
def test_ctranslate2(random_whisper: Path) -> None:
    """faster-whisper loads it without a network, computes the same and has the same languages."""
    import ctranslate2
    from faster_whisper import WhisperModel

    directory = converted(random_whisper, "ctranslate2")
    assert is_ctranslate2(directory) and not is_ctranslate2(random_whisper)
    assert converted(directory, "ctranslate2") == directory
    model = WhisperModel(str(directory), device="cpu", compute_type="float32", cpu_threads=1)
    states, logits = reference(random_whisper)
    heard = model.model.encode(ctranslate2.StorageView.from_array(features()))
    np.testing.assert_allclose(np.array(heard), states, atol=0.02)
    found = dict(model.model.detect_language(heard)[0])
    languages = ["<|en|>", "<|zh|>", "<|de|>"]
    chances = np.exp(logits[0, 0, 50259:50262])  # after the first token, one of the languages
    assert [found[name] for name in languages] == pytest.approx(list(chances / chances.sum()), abs=0.01)
    assert model.hf_tokenizer.token_to_id("<|0.00|>") == 50364
    config = json.loads((directory / "config.json").read_text())
    assert config["alignment_heads"] == [[1, 0]]
    text = model.hf_tokenizer.encode(" Hello, Jürgen.", add_special_tokens=False).ids
    assert model.hf_tokenizer.decode(text) == " Hello, Jürgen."
    segments, _ = model.transcribe(np.zeros(16000, np.float32), language="en", beam_size=1, temperature=0.0)
    list(segments)


@pytest.mark.usefixtures("cache", "no_network")
def test_openai_whisper(random_whisper: Path) -> None:
    """openai-whisper loads it and computes the same, and the heads for word times can be set."""
    whisper = pytest.importorskip("whisper")
    import torch

    path = converted(random_whisper, "openai-whisper")
    assert path.suffix == ".pt" and converted(path, "openai-whisper") == path
    model = whisper.load_model(str(path), device="cpu")
    with torch.inference_mode():
        states = model.encoder(torch.from_numpy(features()))
        logits = model.decoder(torch.tensor([PROMPT]), states)
    np.testing.assert_allclose(states.numpy(), reference(random_whisper)[0], atol=1e-3)
    np.testing.assert_allclose(logits.numpy(), reference(random_whisper)[1], atol=1e-3)
    assert model.is_multilingual and model.num_languages == 99
    heads = alignment_heads(path)
    assert heads == ((1, 0),) == alignment_heads(random_whisper)
    mask = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
    for layer, head in heads:
        mask[layer, head] = True
    model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)
    assert model.alignment_heads.indices().T.tolist() == [[1, 0]]


@pytest.mark.usefixtures("cache", "no_network")
def test_mlx_layout(random_whisper: Path) -> None:
    """The directory for mlx-whisper has the tensors of its model, by their names and shapes."""
    from safetensors.numpy import load_file

    directory = converted(random_whisper, "mlx")
    weights = load_file(directory / "weights.safetensors")
    assert weights["encoder.conv1.weight"].shape == (64, 3, 80)
    assert weights["decoder.blocks.1.mlp2.weight"].shape == (64, 256)
    assert weights["alignment_heads"].tolist() == [[1, 0]]
    assert not any("positional" in name for name in weights if name.startswith("encoder"))
    assert json.loads((directory / "config.json").read_text())["n_text_layer"] == 2
    assert converted(directory, "mlx") == directory


@pytest.mark.usefixtures("cache", "no_network")
def test_mlx_whisper(random_whisper: Path) -> None:
    """mlx-whisper loads it and computes the same."""
    mx: Any = pytest.importorskip("mlx.core")
    load_models: Any = pytest.importorskip("mlx_whisper.load_models")
    mx.set_default_device(mx.cpu)
    model = load_models.load_model(str(converted(random_whisper, "mlx")), dtype=mx.float32)
    states = model.encoder(mx.array(features().transpose(0, 2, 1)))
    logits = model.decoder(mx.array([PROMPT]), states)[0]
    np.testing.assert_allclose(np.array(states), reference(random_whisper)[0], atol=0.02)
    np.testing.assert_allclose(np.array(logits), reference(random_whisper)[1], atol=0.05)
    assert model.alignment_heads.tolist() == [[1, 0]]


@pytest.mark.usefixtures("cache", "no_network")
def test_a_slow_tokenizer_is_converted(random_whisper: Path, tmp_path: Path) -> None:
    """A fine-tuned model without tokenizer.json and preprocessor_config.json receives both."""
    from tokenizers import AddedToken, Tokenizer
    from transformers import WhisperTokenizer

    source = tmp_path / "tuned"
    shutil.copytree(random_whisper, source)
    content = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    (source / "vocab.json").write_text(json.dumps(content["model"]["vocab"]), encoding="utf-8")
    merges = [" ".join(pair) if isinstance(pair, list) else pair for pair in content["model"]["merges"]]
    (source / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges), encoding="utf-8")
    files = (str(source / "vocab.json"), str(source / "merges.txt"))
    slow = WhisperTokenizer(*files)  # type: ignore[no-untyped-call]
    slow.add_tokens([AddedToken(token["content"], special=token["special"]) for token in content["added_tokens"]])
    for name in (
        "tokenizer.json",
        "preprocessor_config.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
    ):
        (source / name).unlink()
    slow.save_pretrained(source)
    made = converted(source, "ctranslate2")
    tokenizer = Tokenizer.from_file(str(made / "tokenizer.json"))
    assert tokenizer.token_to_id("<|30.00|>") == 51864
    assert tokenizer.encode(" Hello there", add_special_tokens=False).ids == [2425, 456]
    assert json.loads((made / "preprocessor_config.json").read_text()) == {"feature_size": 80}
