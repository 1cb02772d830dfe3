from __future__ import annotations

import importlib
import pkgutil

import pytest

import meetscribe


def test_the_public_names() -> None:
    """What users import from the package; a name is added or taken away here on purpose."""
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
        "load_audio",
        "load_settings",
        "run",
    ]
    assert meetscribe.__all__ == sorted(meetscribe.__all__)


@pytest.mark.parametrize("name", meetscribe.__all__)
def test_public_names_are_there(name: str) -> None:
    """Each public name can be had, is listed, and is what its own module has by that name."""
    value = getattr(meetscribe, name)
    assert name in dir(meetscribe)
    if name != "__version__":
        assert getattr(importlib.import_module(value.__module__), name) is value


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'transcribe_all'"):
        meetscribe.transcribe_all  # noqa: B018


def test_no_module_is_called_as_a_public_name() -> None:
    """A module of a function's name would hide the function once it is imported."""
    modules = {module.name for module in pkgutil.iter_modules(meetscribe.__path__)}
    assert modules & set(meetscribe.__all__) == set()
