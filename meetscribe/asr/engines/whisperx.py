"""Recognition with whisperX's pipeline, told where to listen; its aligner's weights are alignment's matter."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from meetscribe.asr.engines import ctranslate2_base
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.audio import SAMPLE_RATE
from meetscribe.runtime import silence, telemetry

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device


class WhisperX(ctranslate2_base.CTranslate2Whisper):
    """The engine "whisperx": at temperature 0 its pipeline, which measures neither word times nor silence.

    At others, which the pipeline does not know, its model is asked as faster-whisper's is.
    """

    def __init__(self, settings: AsrSettings, device: Device, plan: DecodingPlan) -> None:
        """Load the model; raises SettingsError for what it cannot do, WeightsError if it cannot be loaded."""
        telemetry.switch_off()
        placement = ctranslate2_base.place(settings, device)
        with silence.loading():
            import whisperx.asr

            model = ctranslate2_base.load(whisperx.asr.WhisperModel, settings, placement, plan)
            self._pipeline: Any = whisperx.asr.load_model(
                settings.model, placement.device, model=model, vad_model=_given_spans()
            )
        super().__init__(model, settings, placement)

    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], decoding: DecodingOptions) -> list[DecodingResult]:
        if decoding.temperature > 0:
            return super()._decode(clips, replace(decoding, word_times=False))
        import numpy as np

        ends = list(accumulate(len(clip) for clip in clips))
        # Half a sample more: the pipeline cuts off what is behind the point when it counts samples again.
        edges = [0.0, *((end + 0.5) / SAMPLE_RATE for end in ends)]
        result = self._prepared(decoding, list(zip(edges, edges[1:], strict=False))).transcribe(
            np.concatenate(clips), batch_size=len(clips), language=decoding.language, task=decoding.task
        )
        return [_heard(found["text"].strip(), found["avg_logprob"]) for found in result["segments"]]

    def _prepared(self, decoding: DecodingOptions, spans: list[tuple[float, float]]) -> Any:
        """A pipeline for one call, as it keeps language, options and spans in itself; the model is shared."""
        pipeline = copy.copy(self._pipeline)
        tokenizer = self._tokenizer(decoding)
        pipeline.tokenizer = tokenizer
        pipeline.vad_model = _given_spans(spans)
        pipeline.options = replace(
            pipeline.options,
            beam_size=decoding.beam_size,
            initial_prompt=decoding.prompt or None,
            hotwords=", ".join(decoding.vocabulary) or None,
            suppress_tokens=self._suppressed(tokenizer, decoding),
        )
        return pipeline


def _heard(text: str, log_probability: float) -> DecodingResult:
    """What was heard; of how likely it is to hear nothing, the pipeline makes no number."""
    return DecodingResult(text, log_probability=float(log_probability) if text else None)


def _given_spans(spans: Sequence[tuple[float, float]] = ()) -> Any:
    """A speech detector for whisperX that finds these spans, in seconds."""
    from whisperx.vads.vad import Vad

    class GivenSpans(Vad):  # type: ignore[misc]  # whisperx has no types
        """Where to listen, decided before."""

        def __init__(self) -> None:
            super().__init__(vad_onset=0.5)

        @staticmethod
        def preprocess_audio(audio: Any) -> Any:
            """The samples as they are."""
            return audio

        def __call__(self, audio: Mapping[str, Any]) -> Sequence[tuple[float, float]]:
            return spans

        @staticmethod
        def merge_chunks(segments: Sequence[tuple[float, float]], *args: Any, **options: Any) -> list[dict[str, Any]]:
            """The spans as whisperX writes them; they are not merged again."""
            return [{"start": start, "end": end, "segments": [(start, end)]} for start, end in segments]

    return GivenSpans()
