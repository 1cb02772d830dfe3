"""The samples' recogniser is a Whisper that every engine loads with its own code, offline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe import weights
from meetscribe.audio import load_audio
from meetscribe.evaluation import normalize
from meetscribe.timeline import Span

SAMPLES = Path(__file__).parents[2] / "samples"
ASR = SAMPLES / "weights" / "asr"
Samples = npt.NDArray[np.float32]


def faster_whisper(audio: Samples) -> str:
    from faster_whisper import WhisperModel

    model = WhisperModel(str(weights.converted(ASR, "ctranslate2")), device="cpu", compute_type="int8")
    segments, info = model.transcribe(audio, word_timestamps=True)
    words = [word for segment in segments for word in segment.words or ()]
    assert info.language == "en"
    assert all(0 <= word.start <= word.end <= 4.5 for word in words)
    return "".join(word.word for word in words)


def transformers(audio: Samples) -> str:
    from transformers import WhisperForConditionalGeneration, WhisperProcessor

    processor: Any = WhisperProcessor.from_pretrained(str(ASR))
    model = WhisperForConditionalGeneration.from_pretrained(str(ASR)).float()
    features = processor(audio, sampling_rate=16_000, return_tensors="pt").input_features
    return str(processor.decode(model.generate(features, language="en")[0], skip_special_tokens=True))


def openai_whisper(audio: Samples) -> str:
    whisper = pytest.importorskip("whisper", reason="openai-whisper is not installed")
    model = whisper.load_model(str(weights.converted(ASR, "openai-whisper")), device="cpu")
    options = {"fp16": False, "without_timestamps": True, "temperature": 0.0}
    return str(model.transcribe(audio, **options)["text"])


@pytest.fixture(scope="module")
def clip() -> tuple[Samples, list[str]]:
    """A sentence of the stand-up that nobody talks over, and its words."""
    line = next(line for line in (SAMPLES / "standup.stm").read_text().splitlines() if "keyboard stopped" in line)
    _, _, _, start, end, text = line.split(maxsplit=5)
    audio = load_audio(SAMPLES / "standup.flac").slice(Span(float(start) - 0.2, float(end) + 0.2))
    return audio, normalize(text)


@pytest.mark.parametrize("engine", [faster_whisper, transformers, openai_whisper])
def test_an_engine_hears_the_sentence(engine: Callable[[Samples], str], clip: tuple[Samples, list[str]]) -> None:
    """Loaded by an engine's own code, the weights write down most words of a sentence they never saw."""
    audio, spoken = clip
    heard = normalize(engine(audio))

    assert len(set(heard) & set(spoken)) >= 0.7 * len(set(spoken))
