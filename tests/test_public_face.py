"""The public names of the package."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import meetscribe


def test_the_public_names() -> None:
    """The public names are a fixed list, so that adding or removing one is deliberate."""
    assert meetscribe.__all__ == [
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
    assert meetscribe.__all__ == sorted(meetscribe.__all__)


@pytest.mark.parametrize("name", meetscribe.__all__)
def test_public_names_exist(name: str) -> None:
    """Each public name can be imported, is in `dir()`, and is the object of its own module."""
    value = getattr(meetscribe, name)
    assert name in dir(meetscribe)
    if name not in ("__version__", "minutes", "report"):
        assert getattr(importlib.import_module(value.__module__), name) is value


@pytest.mark.parametrize("room", ["meetscribe", "meetscribe.evaluation", "meetscribe.plots"])
def test_completion_offers_the_public_names_only(room: str) -> None:
    module = importlib.import_module(room)
    assert dir(module) == sorted(module.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'transcribe_all'"):
        meetscribe.transcribe_all  # noqa: B018


def test_the_error_for_a_function_of_whisperx_names_the_equivalent() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'load_model'; use meetscribe\.run\(path, settings\)"):
        meetscribe.load_model  # noqa: B018
    with pytest.raises(AttributeError, match=r"or meetscribe\.pipeline\.align_to\(transcript, path, settings\)"):
        meetscribe.align  # noqa: B018


def test_no_module_has_a_public_name() -> None:
    """A module with the name of a function would hide it after its import; those of minutes and reports are both."""
    modules = {module.name for module in pkgutil.iter_modules(meetscribe.__path__)}
    both = modules & set(meetscribe.__all__)
    assert both == {"minutes", "report"}
    assert all(callable(importlib.import_module(f"meetscribe.{name}")) for name in both)
