from __future__ import annotations

from dataclasses import dataclass, fields

from meetscribe.options import option


@dataclass(frozen=True, slots=True)
class ExampleSettings:
    """Settings as a stage defines them."""

    engine: str = option("fast", "the engine", choices=["fast", "good"])
    folder: str | None = option(None, "folder of the weights", path=True)
    token: str | None = option(None, "a token", secret=True, renamed=["hub_token"])


def test_options_carry_their_help() -> None:
    """The metadata of each field holds its help, constraints and former names."""
    assert ExampleSettings() == ExampleSettings("fast", None, None)
    assert [dict(field.metadata) for field in fields(ExampleSettings)] == [
        {
            "help": "the engine",
            "path": False,
            "location": False,
            "choices": ("fast", "good"),
            "secret": False,
            "renamed": (),
        },
        {
            "help": "folder of the weights",
            "path": True,
            "location": False,
            "choices": None,
            "secret": False,
            "renamed": (),
        },
        {
            "help": "a token",
            "path": False,
            "location": False,
            "choices": None,
            "secret": True,
            "renamed": ("hub_token",),
        },
    ]


def test_secrets_are_not_shown() -> None:
    """The repr of the settings does not contain secrets."""
    shown = repr(ExampleSettings(token="hf_123"))
    assert "hf_123" not in shown
    assert "engine='fast'" in shown
