"""Commands whose help lists the options by section."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

C = TypeVar("C", bound=Callable[..., Any])

RECORDING, WORDS, SPEAKERS = "Recording options", "Transcription options", "Speaker options"
MACHINE, OUTPUT, BATCH = "Model and hardware options", "Output options", "Batch options"
GENERAL = "General options"
SCORING = "Scoring options"
SECTIONS = (RECORDING, WORDS, SPEAKERS, MACHINE, SCORING, OUTPUT, BATCH, GENERAL)
"""The sections, in the order of the help."""

MAX_UNDIVIDED = 5
"""A command with at most this many options lists them in one section."""


class SectionedOption(click.Option):
    """An option with a section of the help."""

    def __init__(self, *args: Any, section: str = GENERAL, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.section = section


def option(*names: str, section: str = GENERAL, **attributes: Any) -> Callable[[C], C]:
    """Return a decorator that adds an option to a command, as `click.option` does, in a section of its help."""
    return click.option(*names, cls=SectionedOption, section=section, **attributes)


class SectionedCommand(click.Command):
    """A command whose help lists the options by section."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.context_settings.setdefault("max_content_width", 100)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in the order of their sections."""
        sections: dict[str, list[tuple[str, str]]] = {section: [] for section in SECTIONS}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                sections[getattr(parameter, "section", GENERAL)].append(record)
        if sum(map(len, sections.values())) <= MAX_UNDIVIDED:
            sections = {"Options": [record for records in sections.values() for record in records]}
        for section, records in sections.items():
            if records:
                with formatter.section(section):
                    formatter.write_dl(records)
