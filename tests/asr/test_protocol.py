"""The contract of an engine: first the digit engine and a fake Whisper, then each built-in engine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from meetscribe.asr.clips import MAX_SAMPLES
from meetscribe.asr.protocol import DecodingOptions, DecodingResult, Engine
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import SettingsError
from meetscribe.text.splitting import split_words
from tests.asr.conftest import LoadedEngines
from tests.asr.sample_engines import ENGINES, Samples


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, trained_engine: LoadedEngines, tiny_engine: LoadedEngines) -> Engine:
    """Return each engine with the sample weights; MLX with a tiny model, because it is slow on a processor."""
    return tiny_engine(request.param) if request.param == "mlx-whisper" else trained_engine(request.param)


@pytest.fixture(scope="session")
def options(engine: Engine) -> DecodingOptions:
    """Return options that every engine can honour, in one of its languages."""
    return DecodingOptions(engine.languages[-1], beam_size=1)


@pytest.fixture(scope="session")
def results(engine: Engine, options: DecodingOptions, clips: dict[str, Samples]) -> dict[str, DecodingResult]:
    """Return the results for all clips, decoded in one batch."""
    return dict(zip(clips, engine.decode(list(clips.values()), options), strict=True))


def test_speech_gives_text(results: dict[str, DecodingResult]) -> None:
    assert len(split_words(results["sentence"].text)) >= 5


def test_words_are_in_order_inside_the_clip(results: dict[str, DecodingResult], clips: dict[str, Samples]) -> None:
    """Timed words are those of the text, with times inside the clip and without overlap."""
    assert len(clips["30 s"]) == MAX_SAMPLES
    for name, result in results.items():
        if result.words:
            assert [word.text for word in result.words] == split_words(result.text)
            assert all(before.end <= after.start for before, after in pairwise(result.words))
            assert result.words[0].start >= 0 and result.words[-1].end <= len(clips[name]) / SAMPLE_RATE
            assert {word.timing for word in result.words} == {"engine"}
            assert all(word.score is None and word.probability is not None for word in result.words)


def test_an_empty_clip_has_an_empty_result(results: dict[str, DecodingResult]) -> None:
    assert results["empty"] == DecodingResult("")


def test_batches_and_threads_do_not_change_results(
    engine: Engine, options: DecodingOptions, results: dict[str, DecodingResult], clips: dict[str, Samples]
) -> None:
    """A clip has the same result alone as in a batch, also when two threads decode at once."""
    names = ["sentence", "silence"]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda name: engine.decode([clips[name]], options)[0], names))
    for name, alone in zip(names, found, strict=True):
        together = results[name]
        assert alone.text == together.text
        assert [word.start for word in alone.words] == pytest.approx([word.start for word in together.words])
        assert alone.log_probability == pytest.approx(together.log_probability, abs=1e-3)
        assert alone.no_speech_probability == pytest.approx(together.no_speech_probability, abs=1e-3)


def test_language_probabilities_add_up_to_one(engine: Engine, clips: dict[str, Samples]) -> None:
    assert len(engine.languages) > 1
    for found in engine.detect([clips["sentence"], clips["silence"]]):
        assert set(found) == set(engine.languages)
        assert sum(found.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("shape", [(MAX_SAMPLES + 1,), (2, SAMPLE_RATE), (SAMPLE_RATE, 1)])
def test_arrays_that_are_not_clips_are_refused(
    engine: Engine, options: DecodingOptions, shape: tuple[int, ...]
) -> None:
    """Nothing is cut off silently, and channels are not concatenated."""
    for call in (lambda clips: engine.decode(clips, options), engine.detect):
        with pytest.raises(ValueError, match="clip must"):
            call([np.zeros(shape, np.float32)])


@pytest.mark.parametrize("wrong", [{"language": "yue"}, {"prompt": "word " * 300}, {"vocabulary": ("w",) * 300}])
def test_options_that_cannot_be_honoured_are_refused(
    engine: Engine, options: DecodingOptions, sentence: Samples, wrong: dict[str, Any]
) -> None:
    """The engine raises instead of ignoring an option."""
    with pytest.raises(SettingsError):
        engine.decode([sentence], replace(options, **wrong))


def test_no_clips_give_no_results(engine: Engine, options: DecodingOptions) -> None:
    assert engine.decode([], options) == [] == engine.detect([])


def test_the_record_names_engine_and_model_without_a_path(engine: Engine) -> None:
    record = engine.record.to_json()
    assert {"engine", "version", "model", "device", "compute_type"} <= set(record)
    assert not any("/" in str(value) for value in record.values())
