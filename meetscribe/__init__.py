"""Turn recordings of meetings and podcasts into transcripts that say who said what, and when.

>>> import meetscribe
>>> transcript = meetscribe.run("meeting.mp4")  # doctest: +SKIP
>>> print(transcript)  # doctest: +SKIP
[0:00:00.5] SPEAKER_00: Good morning.
>>> transcript.to_frame().groupby("speaker").size()  # doctest: +SKIP

`meetscribe.pipeline` describes how a recording becomes a transcript. Public names are imported on first use, so that
importing the package is fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meetscribe.analytics import stats
    from meetscribe.audio import Audio, load_audio
    from meetscribe.errors import MeetscribeError
    from meetscribe.evaluation import evaluate
    from meetscribe.minutes import minutes_by_rules as minutes
    from meetscribe.pipeline import run
    from meetscribe.report import make_report as report
    from meetscribe.settings import Settings, load_settings
    from meetscribe.timeline import Diarization, Span, Turn
    from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word

    __version__: str

__all__ = [
    "Audio",
    "Diarization",
    "MeetscribeError",
    "Meta",
    "RecordingFile",
    "Segment",
    "Settings",
    "Span",
    "Transcript",
    "Turn",
    "Word",
    "__version__",
    "evaluate",
    "load_audio",
    "load_settings",
    "minutes",
    "report",
    "run",
    "stats",
]

_CALLABLE_ROOMS = ("minutes", "report")
"""Rooms that are also functions of the same name."""

_MODULES = {
    "Audio": "audio",
    "Diarization": "timeline",
    "MeetscribeError": "errors",
    "Meta": "transcript",
    "Segment": "transcript",
    "Settings": "settings",
    "RecordingFile": "transcript",
    "Span": "timeline",
    "Transcript": "transcript",
    "Turn": "timeline",
    "Word": "transcript",
    "evaluate": "evaluation",
    "load_audio": "audio",
    "load_settings": "settings",
    "run": "pipeline",
    "stats": "analytics",
}


_RUN = "meetscribe.run(path, settings), which does it all"
_ALIGN = "meetscribe.pipeline.align_to(transcript, path, settings)"
_DIARIZE = "meetscribe.pipeline.diarize_recording(path, settings)"
_ATTRIBUTE = "meetscribe.attribution.attribute_transcript(transcript, turns, settings.attribution)"

_WHISPERX_FUNCTIONS = {
    "load_model": _RUN,
    "transcribe": _RUN,
    "load_align_model": f"{_RUN}, or {_ALIGN}",
    "align": f"{_RUN}, or {_ALIGN}",
    "diarize": f"{_RUN}, or {_DIARIZE}",
    "DiarizationPipeline": f"{_RUN}, or {_DIARIZE}",
    "assign_word_speakers": f"{_RUN}, or {_ATTRIBUTE}",
}
"""The equivalents of the functions of whisperX."""


def __getattr__(name: str) -> Any:
    """Return a public name from its module; the error for a function of whisperX names the equivalent."""
    if name == "__version__":
        value: Any = _version()
    elif name in _CALLABLE_ROOMS:
        value = import_module(f"meetscribe.{name}")
    elif name in _MODULES:
        value = getattr(import_module(f"meetscribe.{_MODULES[name]}"), name)
    else:
        hint = f"; use {_WHISPERX_FUNCTIONS[name]}" if name in _WHISPERX_FUNCTIONS else ""
        raise AttributeError(f"module 'meetscribe' has no attribute {name!r}{hint}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


def _version() -> str:
    """Return the version of the installed package, or "unknown" if it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("meetscribe")
    except PackageNotFoundError:
        return "unknown"
