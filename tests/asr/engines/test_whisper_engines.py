"""What only Whisper engines promise, with trained weights and with random weights; each engine and a fake."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from meetscribe.asr import AsrSettings
from meetscribe.asr.engine_table import BUILT_IN
from meetscribe.asr.loading import load_engine
from meetscribe.asr.protocol import DecodingOptions, DecodingResult, Engine
from meetscribe.asr.whisper.models import CTRANSLATE2
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import SettingsError, WeightsError
from meetscribe.evaluation import normalize
from meetscribe.runtime.devices import Device
from tests.asr.conftest import LoadedEngines
from tests.asr.sample_engines import (
    CPU,
    ENGLISH,
    PLAN,
    SENTENCE,
    WHISPER_ENGINES,
    Samples,
    loaded,
    whisper_models,
)

MLX = pytest.param("mlx-whisper", marks=pytest.mark.long)
"""MLX is slow on a processor: by default it is tested with the trained weights only."""
NAMES = [MLX if name == "mlx-whisper" else name for name in WHISPER_ENGINES]


@pytest.fixture(scope="session", params=WHISPER_ENGINES)
def name(request: pytest.FixtureRequest, cache: None) -> str:
    """Return the name of each engine."""
    return str(request.param)


@pytest.fixture(scope="session")
def engine(name: str, trained_engine: LoadedEngines) -> Engine:
    """Return each engine with the sample weights."""
    return trained_engine(name)


@pytest.fixture(scope="session")
def results(engine: Engine, clips: dict[str, Samples]) -> dict[str, DecodingResult]:
    """Return the results for a sentence and for silence, decoded in one batch."""
    names = ("sentence", "silence")
    return dict(zip(names, engine.decode([clips[name] for name in names], ENGLISH), strict=True))


class TestTrainedWeights:
    """Results with the sample weights, which know the words of the samples."""

    def test_the_sentence_is_recognised(self, results: dict[str, DecodingResult]) -> None:
        """At most three words in ten of the sentence are missing or wrong."""
        words, found = normalize(SENTENCE), normalize(results["sentence"].text)
        assert len(set(found) & set(words)) >= 0.7 * len(set(words))
        assert len(found) <= 1.3 * len(words)

    def test_word_times_match_the_speech(self, name: str, results: dict[str, DecodingResult]) -> None:
        """Every engine but whisperX measures times; the sentence starts after 0.2 s and lasts 3.2 s."""
        words = results["sentence"].words
        assert bool(words) == (name != "whisperx")
        if words:
            assert words[0].start < 0.6 and 2.0 < words[-1].end <= 3.61

    def test_speech_is_more_probable_than_silence(self, name: str, results: dict[str, DecodingResult]) -> None:
        speech, silence = results["sentence"], results["silence"]
        assert speech.log_probability is not None and -1 < speech.log_probability < 0
        if name != "whisperx":
            assert speech.no_speech_probability is not None and silence.no_speech_probability is not None
            assert 0 <= speech.no_speech_probability < 0.1 < 0.5 < silence.no_speech_probability <= 1

    def test_sampling_depends_only_on_the_seed(
        self, name: str, engine: Engine, tiny_engine: LoadedEngines, sentence: Samples
    ) -> None:
        """The same seed gives the same text, also while another thread samples; another seed gives another text."""
        engine = tiny_engine(name) if name == "mlx-whisper" else engine  # MLX is slow on a processor
        sampling = replace(ENGLISH, temperature=1.0, seed=3, word_times=False)
        (first,) = engine.decode([sentence], sampling)
        with ThreadPoolExecutor(2) as pool:
            again, other = pool.map(lambda seed: engine.decode([sentence], replace(sampling, seed=seed))[0], (3, 4))
        assert again.text == first.text != other.text
        assert again.log_probability == pytest.approx(first.log_probability)

    def test_the_language_is_detected(self, engine: Engine, sentence: Samples) -> None:
        """The languages are those that the model was trained on."""
        assert set(engine.languages) == {"de", "en"}
        (found,) = engine.detect([sentence])
        assert found["en"] > 0.9

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"language": "fr"}, "French"),
            ({"prompt": "word " * 300}, "too long"),
            ({"vocabulary": ("w",) * 300}, "too"),
        ],
    )
    def test_errors_name_the_option(
        self, engine: Engine, sentence: Samples, wrong: dict[str, Any], reason: str
    ) -> None:
        with pytest.raises(SettingsError, match=reason):
            engine.decode([sentence], replace(ENGLISH, **wrong))

    def test_the_record_names_engine_and_compute_type(self, name: str, engine: Engine) -> None:
        assert name == "fake-whisper" or (engine.record.engine, engine.record.compute_type) == (name, "float32")


@pytest.fixture(scope="session", params=NAMES)
def random_texts(request: pytest.FixtureRequest, tiny_engine: LoadedEngines) -> tuple[dict[str, str], str]:
    """Return the text of each engine with random weights by the option that is set, and the text without numerals."""
    noise = (0.1 * np.random.default_rng(0).standard_normal(SAMPLE_RATE)).astype(np.float32)
    variants: dict[str, DecodingOptions] = {
        "": ENGLISH,
        "language": replace(ENGLISH, language="de"),
        "task": replace(ENGLISH, task="translate"),
        "prompt": replace(ENGLISH, prompt="Ein Gespräch."),
        "vocabulary": replace(ENGLISH, vocabulary=("Quarzuhr", "Köln")),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", lambda self, address: pytest.fail(f"connects to {address}"))
        engine = tiny_engine(request.param)
        found = {key: engine.decode([noise], replace(each, word_times=False))[0] for key, each in variants.items()}
        plain = engine.decode([noise], replace(ENGLISH, numerals=False, word_times=False))[0]
    assert not any(each.words for each in (*found.values(), plain))
    return {key: each.text for key, each in found.items()}, plain.text


class TestRandomWeights:
    """Results with weights for which every token of the prompt changes the text."""

    def test_language_task_and_hints_reach_the_model(self, random_texts: tuple[dict[str, str], str]) -> None:
        texts, _ = random_texts
        assert len(set(texts.values())) == len(texts)

    def test_numerals_can_be_suppressed(self, random_texts: tuple[dict[str, str], str]) -> None:
        """The text has neither digits nor currency signs."""
        assert not set("0123456789%$£") & set(random_texts[1])


@pytest.fixture(params=list(BUILT_IN))
def built_in(request: pytest.FixtureRequest, cache: None) -> str:
    """Return the name of each built-in engine."""
    return str(request.param)


def test_a_directory_without_a_model_is_refused(built_in: str, tmp_path: Path) -> None:
    """The error does not ask the network for it."""
    with pytest.raises(WeightsError, match="model"):
        load_engine(AsrSettings(engine=built_in, model=str(tmp_path)), CPU, PLAN)


def test_a_damaged_model_is_refused(built_in: str, tiny_whisper: Path, tmp_path: Path) -> None:
    made = whisper_models(built_in).prepare(tiny_whisper)
    for file in (made,) if made.is_file() else made.iterdir():
        large = file.suffix in (".bin", ".safetensors", ".pt")
        (tmp_path / file.name).write_bytes(file.read_bytes()[:1000] if large else file.read_bytes())
    model = tmp_path / made.name if made.is_file() else tmp_path
    with pytest.raises(WeightsError, match="cannot be loaded"):
        load_engine(AsrSettings(engine=built_in, model=str(model)), CPU, PLAN)


@pytest.mark.parametrize("wrong", [{"language": "yue"}, {"vocabulary": ("Wort",) * 300}, {"compute_type": "int16"}])
def test_settings_that_cannot_be_honoured_are_refused(built_in: str, tiny_whisper: Path, wrong: dict[str, Any]) -> None:
    """Cantonese needs large-v3, the prompt has a maximal length, and compute types depend on the device."""
    if "compute_type" in wrong and whisper_models(built_in) is CTRANSLATE2:
        wrong = {"compute_type": "float16"}
    with pytest.raises(SettingsError):
        loaded(built_in, tiny_whisper, **wrong)


def test_a_beam_size_is_refused_by_mlx(cache: None, tiny_whisper: Path) -> None:
    """The default is accepted, and decoded without beam search."""
    with pytest.raises(SettingsError, match="beam"):
        loaded("mlx-whisper", tiny_whisper, beam_size=3)
    engine = loaded("mlx-whisper", tiny_whisper)
    with pytest.raises(SettingsError, match="beam"):
        engine.decode([np.zeros(100, np.float32)], replace(ENGLISH, beam_size=5))


def test_an_unsupported_device_is_replaced_with_a_notice(built_in: str, tiny_whisper: Path) -> None:
    """The CPU is used, and a notice says so."""
    if built_in == "transformers":
        pytest.skip("supports every device")
    model = whisper_models(built_in).prepare(tiny_whisper)
    settings = AsrSettings(engine=built_in, model=str(model), compute_type="float32")
    engine = load_engine(settings, Device("mps"), PLAN)
    assert "CPU" in engine.notices[0].text


def test_loading_keeps_the_number_of_torch_threads(built_in: str, tiny_whisper: Path) -> None:
    """The stages after recognition rely on it; engines use their own number."""
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        loaded(built_in, tiny_whisper)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("name", ["faster-whisper", "openai-whisper", "transformers"])
def test_a_larger_beam_finds_a_text_at_least_as_likely(
    name: str, trained_engine: LoadedEngines, sentence: Samples
) -> None:
    narrow, wide = (
        trained_engine(name).decode([sentence], replace(ENGLISH, beam_size=size, word_times=False))[0].log_probability
        for size in (1, 4)
    )
    assert narrow is not None and wide is not None and wide >= narrow - 1e-3
