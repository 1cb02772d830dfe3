"""Run meetscribe with changed settings in one process, in which all variants share what they have in common.

A clip is decoded once for all variants with the same options, and the speech of a recording is found once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from meetscribe.asr import EngineRecognizer, load_recognizer
from meetscribe.asr.loading import supported_settings
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.audio import Audio, load_audio
from meetscribe.audio import Recording as File
from meetscribe.pipeline import Loaders, Session
from meetscribe.transcript import Transcript
from tests.benchmarks.real.ours import settings_of
from tests.benchmarks.real.outputs import Cost, Output
from tests.benchmarks.real.recordings import Recording

if TYPE_CHECKING:
    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device
    from tests.benchmarks.real.systems import Choices

T = TypeVar("T")
Clip = npt.NDArray[np.float32]
Variant: TypeAlias = tuple[Mapping[str, str], bool]
"""The changed settings, and whether the text before a clip is its prompt."""

_PROMPT = 200  # characters of the text before a clip


class RememberingEngine:
    """An engine that decodes a clip once for the same options."""

    def __init__(self, engine: Any, results: dict[object, DecodingResult]) -> None:
        self._engine, self._results = engine, results

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def decode(self, clips: Sequence[Clip], options: DecodingOptions) -> list[DecodingResult]:
        """Return the result of each clip; those that are not known are decoded together."""
        seedless = replace(options, seed=0) if options.temperature == 0 else options
        keys = [(blake2b(clip.tobytes()).digest(), seedless) for clip in clips]
        new = {key: clip for key, clip in zip(keys, clips, strict=True) if key not in self._results}
        if new:
            self._results |= zip(new, self._engine.decode(list(new.values()), options), strict=True)
        return [self._results[key] for key in keys]


class PromptingEngine:
    """An engine that gives each clip of the first pass the end of the text before it, as Whisper does."""

    def __init__(self, engine: Any) -> None:
        self._engine, self._text = engine, ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def decode(self, clips: Sequence[Clip], options: DecodingOptions) -> list[DecodingResult]:
        """Decode clips one after the other; further attempts, at higher temperatures, have no prompt."""
        if options.temperature > 0:
            return list(self._engine.decode(clips, options))
        return [self._after(clip, options) for clip in clips]

    def _after(self, clip: Clip, options: DecodingOptions) -> DecodingResult:
        prompt = self._text[-_PROMPT:] or None
        result: DecodingResult = self._engine.decode([clip], replace(options, prompt=prompt))[0]
        self._text = result.text
        return result


@dataclass(slots=True)
class VariantRuns:
    """Meetscribe with a model that is loaded once for all variants."""

    choices: Choices
    _recognizer: EngineRecognizer | None = None
    _results: dict[object, DecodingResult] = field(default_factory=dict)
    _speech: dict[object, Any] = field(default_factory=dict)

    def outputs(self, recording: Recording, variants: Mapping[str, Variant]) -> Iterator[tuple[str, Output]]:
        """Yield the name of each variant with its output for a recording."""
        self._results.clear()
        self._speech.clear()
        if not variants:
            return
        audio = load_audio(recording.path)
        for name, (changes, prompted) in variants.items():
            yield name, self._run(recording, audio, changes, prompted)

    def _run(self, recording: Recording, audio: Audio, changes: Mapping[str, str], prompted: bool) -> Output:
        settings = settings_of(self.choices.model, self.choices.compute_type, {**self.choices.changes, **changes})
        loaders = Loaders()
        session = Session(
            settings,
            loaders=Loaders(
                recognizer=lambda asr, device, plan: self._loaded(asr, device, plan, prompted=prompted),
                speech=lambda audio, vad, progress: self._once(vad, lambda: loaders.speech(audio, vad, progress)),
                speech_activity=lambda audio, progress: self._once(
                    "activity", lambda: loaders.speech_activity(audio, progress)
                ),
            ),
        )
        return output_of(session.run(File(recording.path, lambda file, progress: audio)), audio)

    def _loaded(self, settings: AsrSettings, device: Device, plan: DecodingPlan, *, prompted: bool) -> EngineRecognizer:
        """Return the recognizer with other settings."""
        if self._recognizer is None:
            loaded = load_recognizer(settings, device, plan)
            assert isinstance(loaded, EngineRecognizer)
            self._recognizer = loaded
        engine: Any = RememberingEngine(self._recognizer.engine, self._results)
        engine, plan = (PromptingEngine(engine), replace(plan, workers=1)) if prompted else (engine, plan)
        return replace(self._recognizer, engine=engine, settings=supported_settings(settings), plan=plan)

    def _once(self, key: object, compute: Callable[[], T]) -> T:
        if key not in self._speech:
            self._speech[key] = compute()
        found: T = self._speech[key]
        return found


def output_of(transcript: Transcript, audio: Audio) -> Output:
    """Return a transcript as an output, without its cost, since variants share their work."""
    asr = transcript.meta.provenance.asr
    return Output(
        transcript.language,
        audio.duration,
        tuple((word.text, word.start, word.end) for word in transcript.words),
        tuple((segment.start, segment.end, segment.text) for segment in transcript.segments),
        True,
        Cost(0.0, 0.0, 0.0),
        findings=tuple((each.kind, each.start, each.end, each.text) for each in transcript.meta.findings),
        chunks=(asr and asr.chunks) or 0,
        decoded_again=(asr and asr.decoded_again) or 0,
    )
