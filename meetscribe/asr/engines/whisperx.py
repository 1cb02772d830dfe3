"""The engine "whisperx": whisperX's batched pipeline, with given speech spans in place of its speech detector."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from meetscribe.asr.engines import ctranslate2_base
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.audio import SAMPLE_RATE
from meetscribe.runtime import silence, telemetry

if TYPE_CHECKING:
    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device


class WhisperX(ctranslate2_base.CTranslate2Whisper):
    """Uses whisperX's pipeline at temperature 0, which reports neither word times nor no-speech probabilities.

    The pipeline does not support other temperatures. For these, the model is called directly, as in the engine
    faster-whisper, but also without word times.
    """

    def __init__(self, settings: AsrSettings, device: Device, plan: DecodingPlan) -> None:
        """Load the model.

        Raises SettingsError for unsupported settings, WeightsError if the model cannot be loaded.
        """
        telemetry.switch_off()
        placement = ctranslate2_base.place_on_ctranslate2(settings, device)
        with silence.loading():
            from whisperx import asr  # imports huggingface_hub, so after telemetry is off

            model = ctranslate2_base.load_model(asr.WhisperModel, settings, placement, plan)
            self._pipeline: Any = asr.load_model(
                settings.model, placement.device, model=model, vad_model=_given_spans()
            )
        super().__init__(model, settings, placement)

    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        if options.temperature > 0:
            return super()._decode(clips, replace(options, word_times=False))
        ends = list(accumulate(len(clip) for clip in clips))
        # Add half a sample, because the pipeline rounds down when it converts seconds back to samples.
        edges = [0.0, *((end + 0.5) / SAMPLE_RATE for end in ends)]
        result = self._prepared(options, list(zip(edges, edges[1:], strict=False))).transcribe(
            np.concatenate(clips), batch_size=len(clips), language=options.language, task=options.task
        )
        return [_result(segment["text"].strip(), segment["avg_logprob"]) for segment in result["segments"]]

    def _prepared(self, options: DecodingOptions, spans: list[tuple[float, float]]) -> Any:
        """Return a pipeline for one call, with its language, options and spans; the model is shared."""
        pipeline = copy.copy(self._pipeline)
        tokenizer = self._tokenizer(options)
        pipeline.tokenizer = tokenizer
        pipeline.vad_model = _given_spans(spans)
        pipeline.options = replace(
            pipeline.options,
            beam_size=options.beam_size,
            initial_prompt=options.prompt or None,
            hotwords=", ".join(options.vocabulary) or None,
            suppress_tokens=self._suppressed(tokenizer, options),
        )
        return pipeline


def _result(text: str, log_probability: float) -> DecodingResult:
    """Return a result; the log probability of an empty text is unknown."""
    return DecodingResult(text, log_probability=float(log_probability) if text else None)


def _given_spans(spans: Sequence[tuple[float, float]] = ()) -> Any:
    """Return a voice activity detector for whisperX that returns these spans, in seconds."""
    from whisperx.vads.vad import Vad

    class GivenSpans(Vad):  # type: ignore[misc]  # whisperx has no types
        """Returns the given spans."""

        def __init__(self) -> None:
            super().__init__(vad_onset=0.5)

        @staticmethod
        def preprocess_audio(audio: Any) -> Any:
            """Return the samples unchanged."""
            return audio

        def __call__(self, audio: Mapping[str, Any]) -> Sequence[tuple[float, float]]:
            return spans

        @staticmethod
        def merge_chunks(segments: Sequence[tuple[float, float]], *args: Any, **options: Any) -> list[dict[str, Any]]:
            """Return the spans in whisperX's form, without merging them."""
            return [{"start": start, "end": end, "segments": [(start, end)]} for start, end in segments]

    return GivenSpans()
