"""Load the engine for live recognition."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from meetscribe.asr.loading import load_engine, supported_settings
from meetscribe.asr.planning import inspect_machine, make_plan, model_size
from meetscribe.live.recognition.recogniser import LiveRecogniser
from meetscribe.models.resolution import prepare_models
from meetscribe.runtime.devices import resolve_device
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.settings import Settings


def load_recogniser(settings: Settings | None = None, progress: Progress = ignore_progress) -> LiveRecogniser:
    """Fetch the model of the settings if necessary, and load its engine.

    One window is decoded at a time, with all threads that the settings allow. Raises SettingsError and WeightsError as
    `pipeline.run` does.
    """
    settings = settings or Settings()
    device = resolve_device(settings.run.device)
    resolved = prepare_models(settings, device, progress).settings
    asr = replace(resolved.asr, workers=1, batch_size=1)
    plan = make_plan(asr, inspect_machine(device), settings.run.threads, model_size(Path(asr.model).expanduser()))
    return LiveRecogniser(load_engine(asr, device, plan), supported_settings(asr))
