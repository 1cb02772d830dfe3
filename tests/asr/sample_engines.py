"""The engines under test: a fake Whisper and the digit engine first, then each built-in engine on sample weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from meetscribe.asr import AsrSettings
from meetscribe.asr.engine_table import BUILT_IN, EngineModels
from meetscribe.asr.loading import load_engine
from meetscribe.asr.planning import DecodingPlan
from meetscribe.asr.protocol import DecodingOptions, DecodingResult, Engine
from meetscribe.asr.whisper.base import WhisperEngine
from meetscribe.asr.whisper.tokens import TimedText, words_from_pieces
from meetscribe.audio import SAMPLE_RATE
from meetscribe.runtime.devices import Device
from meetscribe.testing.digit_engine import DigitEngine
from meetscribe.text.splitting import split_words
from meetscribe.transcript import AsrRecord

Samples = npt.NDArray[np.float32]

SAMPLES = Path(__file__).parents[2] / "samples"
SENTENCE = "There was a delay in the station and the keyboard stopped."
WHISPER_ENGINES = ["fake-whisper", *BUILT_IN]
ENGINES = ["digits", *WHISPER_ENGINES]
CPU, PLAN = Device("cpu"), DecodingPlan(workers=2, threads=1, batch_size=4)
ENGLISH = DecodingOptions("en", beam_size=1)
"""Without beam search, which not every engine has."""


class FakeWhisper(WhisperEngine):
    """A WhisperEngine that returns SENTENCE for every clip with sound, followed by what the options ask for."""

    def __init__(self, settings: AsrSettings) -> None:
        record = AsrRecord(version="0", device="cpu", compute_type="none")
        super().__init__(settings, ("de", "en"), record)

    def _encode_text(self, text: str) -> Sequence[int]:
        return list(text.encode())

    def _detect(self, clips: Sequence[Samples]) -> list[dict[str, float]]:
        return [{"en": 3.0, "de": 0.1} for _ in clips]

    def _decode(self, clips: Sequence[Samples], options: DecodingOptions) -> list[DecodingResult]:
        return [self._result(clip, options) for clip in clips]

    def _result(self, clip: Samples, options: DecodingOptions) -> DecodingResult:
        if not clip.any():
            return DecodingResult("", log_probability=-1.0, no_speech_probability=0.9)
        given = [options.task, options.prompt, *options.vocabulary] if options != ENGLISH else []
        sampled = [f"seed {options.seed}"] if options.temperature else []
        text = " ".join(filter(None, [SENTENCE, *(given if options.temperature == 0 else sampled)]))
        if options.language != "en":
            text = f"{options.language} {text}"
        pieces = [TimedText(f" {part}", 0.2 * at, 0.2 * at + 0.1, 0.9) for at, part in enumerate(split_words(text))]
        words = words_from_pieces(pieces, len(clip) / SAMPLE_RATE) if options.word_times else ()
        return DecodingResult(text, words, -0.1, 0.01)


def whisper_models(name: str) -> EngineModels:
    """Return the models of a built-in engine."""
    models = BUILT_IN[name].load_models()
    assert models is not None
    return models


def loaded(name: str, directory: Path, **settings: Any) -> Engine:
    """Return an engine with a Transformers model, converted for it; the digit engine needs no model."""
    if name == "digits":
        return DigitEngine(AsrSettings(), CPU, PLAN)
    if name == "fake-whisper":
        return FakeWhisper(AsrSettings(model=str(directory), **settings))
    model = whisper_models(name).prepare(directory)
    settings = {"compute_type": "float32", **settings}
    return load_engine(AsrSettings(engine=name, model=str(model), **settings), CPU, PLAN)
