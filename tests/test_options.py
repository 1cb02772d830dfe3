from __future__ import annotations

from dataclasses import dataclass, fields

from meetscribe.options import option
from meetscribe.runtime.progress import Progress, ignore_progress


@dataclass(frozen=True, slots=True)
class ExampleSettings:
    """Settings as a stage declares them."""

    engine: str = option("fast", "which engine", choices=["fast", "good"])
    folder: str | None = option(None, "where weights lie", path=True)
    token: str | None = option(None, "a token", secret=True)


def test_options_carry_their_help() -> None:
    """Each field has its default, its help, whether it is a path, its choices, and whether it is secret."""
    assert ExampleSettings() == ExampleSettings("fast", None, None)
    assert [dict(field.metadata) for field in fields(ExampleSettings)] == [
        {"help": "which engine", "path": False, "choices": ("fast", "good"), "secret": False},
        {"help": "where weights lie", "path": True, "choices": None, "secret": False},
        {"help": "a token", "path": False, "choices": None, "secret": True},
    ]


def test_secrets_are_not_shown() -> None:
    """A secret does not appear in the settings' repr."""
    shown = repr(ExampleSettings(token="hf_123"))
    assert "hf_123" not in shown
    assert "engine='fast'" in shown


def test_progress_may_be_ignored() -> None:
    """The progress nobody asks for is a Progress that does nothing."""
    progress: Progress = ignore_progress
    progress(0.5)
