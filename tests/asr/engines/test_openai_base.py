"""What openai-whisper and its port to MLX share, with a library that records how it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.asr import AsrSettings
from meetscribe.asr.clips import MAX_SAMPLES
from meetscribe.asr.engines.openai_base import OpenaiWhisperBase, _EncodedModel
from meetscribe.asr.protocol import DecodingOptions
from meetscribe.errors import WeightsError
from meetscribe.transcript import AsrRecord

EOT = 100
CLIP = np.zeros(8000, np.float32)
ENGLISH = DecodingOptions("en", beam_size=1, word_times=False)


class Engine(OpenaiWhisperBase):
    """An engine on the library "recording_library", whose spectrograms are the clips."""

    def _spectrogram(self, clip: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return clip

    def _stacked(self, spectrograms: Sequence[Any]) -> npt.NDArray[np.float32]:
        return np.stack(spectrograms)

    def _numpy(self, logits: Any) -> npt.NDArray[np.float32]:
        return np.asarray(logits, np.float32)

    def _extended(self, tokens: Any, sampled: Any, total: Any) -> tuple[Any, ...]:
        return ([*tokens, sampled.token], sampled.token == EOT, total)


class Task:
    """Writes the number of clips that are decoded at once, unless its decoder was replaced."""

    batches: list[tuple[int, Any]] = []

    def __init__(self, model: Any, options: Any) -> None:
        self.options = options
        self.decoder: Any = None

    def run(self, encoded: npt.NDArray[np.float32]) -> list[Any]:
        self.batches.append((len(encoded), self.options))
        tokens = [len(encoded)]
        if self.decoder is not None:
            tokens, _, _ = self.decoder.update([], [[0.0] * 3], 0.0)
        result = SimpleNamespace(tokens=[*tokens, EOT], avg_logprob=-0.5, no_speech_prob=0.25, audio_features=None)
        return [result for _ in encoded]


class GreedyDecoder:
    def __init__(self, temperature: float, eot: int) -> None:
        assert (temperature, eot) == (0.0, EOT)


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Any]]:
    """The sizes and options of the batches that the library decodes."""
    tokenizer = SimpleNamespace(
        all_language_codes=("en", "xx", "de"),
        eot=EOT,
        encode=lambda text: list(text.encode()),
        decode=lambda tokens: " ".join(f"t{token}" for token in tokens) + " ",
    )
    modules: dict[str, dict[str, Any]] = {
        "tokenizer": {"get_tokenizer": lambda multilingual, **options: tokenizer},
        "decoding": {"DecodingOptions": lambda **given: given, "DecodingTask": Task, "GreedyDecoder": GreedyDecoder},
    }
    monkeypatch.setitem(sys.modules, "recording_library", ModuleType("recording_library"))
    for name, members in modules.items():
        module = ModuleType(f"recording_library.{name}")
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(Task, "batches", [])
    return Task.batches


def engine(n_vocab: int = 51865, beam_search: bool = True, **settings: Any) -> Engine:
    model = SimpleNamespace(
        dims=SimpleNamespace(n_vocab=n_vocab),
        is_multilingual=n_vocab != 51864,
        num_languages=99,
        encoder=lambda spectrograms: spectrograms,
    )
    record = AsrRecord(version="0", device="cpu", compute_type="float16")
    settings = {"model": "nowhere/model.pt", "beam_size": 1, **settings}
    return Engine("recording_library", model, AsrSettings(**settings), record, beam_search=beam_search)


def test_an_extended_vocabulary_is_refused() -> None:
    """The error names the engines that support it; the library is not asked."""
    with pytest.raises(WeightsError, match="vocabulary of 60000 tokens") as caught:
        engine(n_vocab=60000)
    assert "faster-whisper" in caught.value.remedy


@pytest.mark.parametrize(("n_vocab", "languages"), [(51864, ("en",)), (51865, ("en", "de")), (51866, ("en", "de"))])
def test_languages_are_those_of_the_tokenizer_with_a_name(
    batches: object, n_vocab: int, languages: tuple[str, ...]
) -> None:
    assert engine(n_vocab=n_vocab).languages == languages


def test_clips_are_decoded_in_one_batch(batches: list[tuple[int, Any]]) -> None:
    """Each is padded to 30 s; the options are those of the library."""
    found = engine().decode([CLIP, CLIP], ENGLISH)
    assert [(result.text, result.log_probability, result.no_speech_probability) for result in found] == [
        ("t2", -0.5, 0.25)
    ] * 2
    ((size, options),) = batches
    assert size == 2
    assert options == {
        "task": "transcribe",
        "language": "en",
        "beam_size": None,
        "prompt": None,
        "suppress_tokens": [-1],
        "without_timestamps": True,
        "fp16": True,
    }


@pytest.mark.parametrize("options", [{"beam_size": 3}, {"temperature": 0.5, "seed": 1}])
def test_beam_search_and_sampling_take_one_clip_at_a_time(
    batches: list[tuple[int, Any]], options: dict[str, Any]
) -> None:
    engine().decode([CLIP, CLIP], DecodingOptions("en", word_times=False, **{"beam_size": 1, **options}))
    assert [size for size, _ in batches] == [1, 1]
    assert {given["beam_size"] for _, given in batches} == {options.get("beam_size")}


def test_sampling_depends_on_the_seed_only(batches: object) -> None:
    """The library's decoder is replaced by one that samples with the seed."""
    options = [replace(ENGLISH, temperature=1.0, seed=seed) for seed in (*range(20), *range(20))]
    texts = [engine().decode([CLIP], each)[0].text for each in options]
    assert texts[:20] == texts[20:]
    assert set(texts) == {"t0", "t1", "t2"}


def test_prompt_and_numerals_become_tokens(batches: list[tuple[int, Any]]) -> None:
    options = DecodingOptions("en", beam_size=1, prompt="ab", numerals=False, word_times=False)
    engine().decode([CLIP], options)
    ((_, given),) = batches
    assert given["prompt"] == list(b" ab")
    assert given["suppress_tokens"] == [-1, *range(EOT)]  # each token is decoded as a number


def test_clips_are_padded_to_30_s(batches: object) -> None:
    assert engine()._spectrograms([CLIP, CLIP[:10]]).shape == (2, MAX_SAMPLES)


def test_an_encoded_model_does_not_encode_again() -> None:
    """The spectrogram is ignored; other attributes are those of the model."""
    model = SimpleNamespace(dims="dims", decoder=lambda tokens, encoded: (tokens, "cache", encoded))
    encoded = _EncodedModel(model, "encoded")
    assert encoded.dims == "dims"
    assert encoded("spectrogram", "tokens") == ("tokens", "cache", "encoded")
    assert encoded.forward_with_cross_qk("spectrogram", "tokens") == ("tokens", "encoded")
