"""Transcribe clips and recordings with a model on disk, with the settings of `meetscribe run`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from meetscribe.asr import AsrSettings
from meetscribe.asr.engine_table import engine_entry
from meetscribe.asr.loading import load_engine
from meetscribe.asr.planning import DecodingPlan
from meetscribe.asr.protocol import DecodingOptions
from meetscribe.pipeline import Session
from meetscribe.runtime.devices import Device
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.settings import Settings
from meetscribe.training.data import Example, read_clip

ENGINE = "faster-whisper"
"""The engine used for scoring: meetscribe's default."""

_BATCH = 4


@dataclass(frozen=True, slots=True)
class Machine:
    """The device, the number of CPU threads for decoding clips (0: one), and the settings of runs over recordings."""

    device: Device
    threads: int = 0
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class Clips:
    """Examples of the data set in `folder`."""

    folder: Path
    examples: Sequence[Example]


def transcribe_clips(
    model: Path,
    clips: Clips,
    machine: Machine,
    *,
    engine: str = ENGINE,
    beam_size: int = 5,
    progress: Progress = ignore_progress,
) -> list[str]:
    """Return the text of each clip by the model in the folder `model`, which has the layout of Transformers.

    Nothing is downloaded. Raises SettingsError if the engine is not installed, WeightsError if it cannot load the
    model.
    """
    models = engine_entry(engine).load_models()
    path = model if models is None else models.prepare(model)
    settings = AsrSettings(engine=engine, model=str(path))
    loaded = load_engine(settings, machine.device, DecodingPlan(threads=machine.threads or 1, batch_size=_BATCH))
    texts: dict[str, str] = {}
    for language in dict.fromkeys(example.language for example in clips.examples):
        options = DecodingOptions(language, beam_size=beam_size, word_times=False)
        own = [example for example in clips.examples if example.language == language]
        for start in range(0, len(own), _BATCH):
            part = own[start : start + _BATCH]
            results = loaded.decode([read_clip(clips.folder, example) for example in part], options)
            texts |= {example.id: result.text for example, result in zip(part, results, strict=True)}
            progress(len(texts) / len(clips.examples))
    return [texts[example.id] for example in clips.examples]


def transcribe_recordings(
    model: Path, recordings: Sequence[Path], machine: Machine, progress: Progress = ignore_progress
) -> list[str]:
    """Return the text of each recording by the model in the folder `model`, without speakers; results are cached.

    The language is that of `machine.settings`; by default it is detected. Raises the errors of `pipeline.run`.
    """
    settings = machine.settings
    asr = replace(settings.asr, engine=ENGINE, model=str(model))
    plain = replace(
        settings,
        asr=asr,
        alignment=replace(settings.alignment, enabled=False),
        diarization=replace(settings.diarization, enabled=False),
        run=replace(settings.run, allow_empty=True),
    )
    texts = []
    with Session(plain) as session:
        for number, recording in enumerate(recordings, start=1):
            texts.append(session.run(recording).text)
            progress(number / len(recordings))
    return texts
