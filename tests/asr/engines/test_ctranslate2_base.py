"""What the engines on CTranslate2 share: placement, loading, languages and spectrograms."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ctranslate2
import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.asr import AsrSettings
from meetscribe.asr.engines.ctranslate2_base import CTranslate2Whisper, load_model, place_on_ctranslate2
from meetscribe.asr.engines.placement import Placement
from meetscribe.errors import SettingsError, WeightsError
from meetscribe.runtime.devices import Device
from tests.asr.sample_engines import CPU, ENGLISH, PLAN, SAMPLES, Samples, loaded

ON_CPU = Placement("cpu", "int8")
TOKENS = {"<|en|>": 1, "<|de|>": 2, "<|fr|>": 3}


def fake_model(multilingual: bool = True, bands: int = 80) -> Any:
    """Return a model of faster-whisper whose spectrograms have the number of the frame in each band."""

    def features(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return np.tile(np.arange(len(samples) // 160, dtype=np.float32), (bands, 1))

    extractor: Any = features
    extractor.mel_filters = np.zeros((80, 201))
    return SimpleNamespace(
        model=SimpleNamespace(is_multilingual=multilingual, n_mels=bands),
        feature_extractor=extractor,
        hf_tokenizer=SimpleNamespace(
            token_to_id=TOKENS.get, encode=lambda text, **_: SimpleNamespace(ids=list(text.encode()))
        ),
    )


def model_class(model: Any = None, error: Exception | None = None) -> Callable[..., Any]:
    """Return a class that loads this model, or fails."""

    def load(name: str, **options: Any) -> Any:
        if error is not None:
            raise error
        return SimpleNamespace(**vars(model), options=options)

    return load


def test_clips_whose_language_was_detected_are_not_encoded_again() -> None:
    """The encoder output is kept once, for the last eight clips, and is the same as that of a new clip."""
    model, encoded = fake_model(), []

    def encode(features: npt.NDArray[np.float32]) -> Any:
        encoded.append(len(features))
        return ctranslate2.StorageView.from_array(features[:, :2, :3].copy())

    model.encode = encode
    model.model.detect_language = lambda given: [[("<|en|>", 1.0)] for _ in np.asarray(given)]
    engine = CTranslate2Whisper(model, AsrSettings(), ON_CPU)
    clips = [np.full(1600 * count, 0.1, np.float32) for count in range(1, 11)]
    assert len(engine.detect(clips)) == 10
    first, last = (np.asarray(engine._encode(part)) for part in (clips[:2], clips[2:]))
    assert encoded == [1] * 10 + [1] * 2
    assert np.array_equal(np.concatenate([first, last]), np.asarray(engine._encode(clips)))
    assert len(encoded) == 10 + 2 + 10


@pytest.mark.parametrize(("wanted", "compute_type"), [("auto", "int8"), ("float32", "float32")])
def test_the_compute_type_on_a_processor(wanted: str, compute_type: str) -> None:
    assert place_on_ctranslate2(AsrSettings(compute_type=wanted), CPU) == Placement("cpu", compute_type)


def test_an_unsupported_compute_type_is_refused() -> None:
    with pytest.raises(SettingsError, match="cpu does not support the compute type float16"):
        place_on_ctranslate2(AsrSettings(compute_type="float16"), CPU)


def test_a_device_that_ctranslate2_cannot_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card of Apple is replaced by the processor with a notice; a missing card is an error."""
    placement = place_on_ctranslate2(AsrSettings(), Device("mps"))
    assert placement.device == "cpu"
    assert [notice.data["engine"] for notice in placement.notices] == ["CTranslate2"]
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)
    with pytest.raises(SettingsError, match="CTranslate2 cannot use cuda:1"):
        place_on_ctranslate2(AsrSettings(), Device("cuda", 1))


def test_the_plan_and_the_placement_reach_the_library() -> None:
    model = load_model(model_class(fake_model()), AsrSettings(model="small"), ON_CPU, PLAN)
    assert model.options == {
        "device": "cpu",
        "device_index": 0,
        "compute_type": "int8",
        "cpu_threads": PLAN.threads,
        "num_workers": PLAN.workers,
    }


@pytest.mark.parametrize("error", [OSError("no\nfile"), RuntimeError("no\nmodel"), ValueError("no\nsize")])
def test_errors_of_the_library_have_a_remedy(error: Exception) -> None:
    """Only their first line is shown."""
    with pytest.raises(WeightsError, match="cannot be loaded") as caught:
        load_model(model_class(error=error), AsrSettings(model="small"), ON_CPU, PLAN)
    assert caught.value.message == "the Whisper model small cannot be loaded: no"
    assert caught.value.remedy


def test_other_errors_are_not_errors_of_the_model() -> None:
    with pytest.raises(KeyError):
        load_model(model_class(error=KeyError("bug")), AsrSettings(model="small"), ON_CPU, PLAN)


def test_a_directory_of_another_kind_names_the_missing_files(tmp_path: Path) -> None:
    """The library is not asked, which would look for the name on the hub."""
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(WeightsError, match=r"it has no model\.bin and no tokenizer\.json") as caught:
        load_model(model_class(error=KeyError("asked")), AsrSettings(model=str(tmp_path)), ON_CPU, PLAN)
    assert "meetscribe weights convert" in caught.value.remedy


def test_a_configuration_of_another_size_is_refused() -> None:
    """large-v3 has 128 bands; without its preprocessor_config.json the library assumes 80."""
    with pytest.raises(WeightsError, match="needs 128 mel bands"):
        load_model(model_class(fake_model(bands=128)), AsrSettings(model="large"), ON_CPU, PLAN)


@pytest.mark.parametrize(
    ("config", "multilingual", "languages"),
    [
        (None, False, ("en",)),
        (None, True, ("en", "de", "fr")),
        ({}, True, ("en", "de", "fr")),
        ({"lang_ids": [3, 1]}, True, ("en", "fr")),
    ],
)
def test_languages_are_those_of_the_configuration(
    tmp_path: Path, config: object, multilingual: bool, languages: tuple[str, ...]
) -> None:
    """Without a list, these are the languages with a token."""
    if config is not None:
        (tmp_path / "config.json").write_text(json.dumps(config))
    engine = CTranslate2Whisper(fake_model(multilingual), AsrSettings(model=str(tmp_path)), ON_CPU)
    assert set(engine.languages) == set(languages)


def test_spectrograms_are_continued_by_silence_to_30_s() -> None:
    """The last frames, of the silence that was added, are repeated; a longer spectrogram is cut."""
    engine = CTranslate2Whisper(fake_model(), AsrSettings(model="x"), ON_CPU)
    short, long = engine._features([np.zeros(1600, np.float32), np.zeros(30 * 16000, np.float32)])
    assert short.shape == long.shape == (80, 3000)
    assert short[0, :12].tolist() == list(range(12)) and set(short[0, 12:]) == {11.0}
    assert long[0].tolist() == list(range(3000))


def test_clips_are_encoded_one_by_one_on_a_processor(cache: None, sentence: Samples) -> None:
    """Attention over a batch takes more memory, and longer."""
    engine = loaded("faster-whisper", SAMPLES / "weights" / "asr")
    assert isinstance(engine, CTranslate2Whisper)
    encode, sizes = engine._model.encode, []

    def counting(features: npt.NDArray[np.float32]) -> Any:
        sizes.append(len(features))
        return encode(features)

    engine._model.encode = counting
    clips = [sentence, sentence[: len(sentence) // 2], sentence]
    first, half, last = engine.decode(clips, ENGLISH)
    assert sizes == [1, 1, 1]
    assert first == last and first.text.startswith(half.text.split()[0])


def test_a_greedy_pass_over_a_clip_takes_a_bounded_number_of_steps(cache: None) -> None:
    """At most 224, as in the second pass, also if the text never ends."""
    engine = loaded("faster-whisper", SAMPLES / "weights" / "asr")
    assert isinstance(engine, CTranslate2Whisper)
    model = engine._model.model
    steps: list[int] = []

    def endless(encoded: Any, prompts: list[list[int]], suppress_tokens: list[int], **options: Any) -> Any:
        results = model.generate(encoded, prompts, suppress_tokens=[*suppress_tokens, end], **options)
        steps.extend(len(result.sequences_ids[0]) for result in results)
        return results

    end = engine._tokenizer(ENGLISH).eot
    engine._model.model = SimpleNamespace(generate=endless, encode=model.encode, device="cpu", is_multilingual=False)
    noise = np.random.default_rng(0).normal(0, 0.1, 30 * 16000).astype(np.float32)
    engine.decode([noise], replace(ENGLISH, beam_size=1, word_times=False))
    assert steps == [224]
