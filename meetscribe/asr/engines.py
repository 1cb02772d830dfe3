"""What an engine promises, and the table of those there are; each lives in a module of its own."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, cast

from meetscribe.errors import SettingsError, nearest

if TYPE_CHECKING:
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.audio import Audio
    from meetscribe.devices import Device
    from meetscribe.progress import Progress
    from meetscribe.timeline import Span
    from meetscribe.transcript import Transcript

ENGINES: dict[str, str] = {
    "whisperx": "meetscribe.asr.whisperx:WhisperX",
    "faster-whisper": "meetscribe.asr.faster_whisper:FasterWhisper",
}
"""Engines by name, as "module:class"; a class is called with settings, device and threads."""


class Recognizer(Protocol):
    """A loaded engine."""

    def transcribe(self, audio: Audio, chunks: Sequence[Span], progress: Progress) -> Transcript:
        """What is said in `chunks`, a segment for each in which something is, in their order.

        Words are split at spaces, and lie within their chunk one after the other; their timing is
        "interpolated", or "engine" if the engine measures it. The transcript's language is that of its text,
        one for the whole recording; with no chunks it is the set one, else "und". `meta.made_by["asr"]`
        says how it was made. `progress` rises to 1.

        Raises SettingsError for a setting that the engine or its model cannot honour.
        """
        ...


def load_recognizer(settings: AsrSettings, device: Device, threads: int = 0) -> Recognizer:
    """The engine of `settings` with its model loaded; 0 `threads` are one per processor, up to 8.

    `settings.model` must be a directory or an id of the Hugging Face hub. Raises SettingsError for a setting
    that the engine cannot honour or an engine that is not installed, WeightsError if the model cannot be
    loaded.
    """
    if settings.model == "auto":
        raise SettingsError("asr.model must name a model here", "Give a directory, or an id of the Hugging Face hub.")
    if settings.engine not in ENGINES:
        raise SettingsError(f"unknown engine {settings.engine!r}: {nearest(settings.engine, ENGINES)}")
    module, name = ENGINES[settings.engine].split(":")
    try:
        return cast(Recognizer, getattr(importlib.import_module(module), name)(settings, device, threads))
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"the engine {settings.engine} needs the package {error.name}, which is not installed",
            f"Install it (pip install {error.name}), or choose another engine: {', '.join(ENGINES)}.",
        ) from error
