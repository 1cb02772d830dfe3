"""Commands whose help lists the options by section."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from meetscribe.settings.whisperx_names import SPEAKER_FLAGS, flag_hint

C = TypeVar("C", bound=Callable[..., Any])

RECORDING, WORDS, SPEAKERS = "Recording options", "Transcription options", "Speaker options"
MACHINE, OUTPUT, BATCH = "Model and hardware options", "Output options", "Batch options"
GENERAL = "General options"
SCORING, CORRECTIONS = "Scoring options", "Corrections"
SECTIONS = (RECORDING, WORDS, SPEAKERS, MACHINE, SCORING, CORRECTIONS, OUTPUT, BATCH, GENERAL)
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
    """A command whose help lists the options by section.

    If it transcribes, its errors name the equivalents of whisperX flags. `hints` maps options that do not exist to
    advice for their users.
    """

    def __init__(self, *args: Any, hints: Mapping[str, str] | None = None, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.hints = hints or {}
        self.context_settings.setdefault("max_content_width", 100)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; raises NoSuchOption, which names the equivalent of a whisperX flag (see the class)."""
        given = tuple(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if advice := self.hints.get(error.option_name):
                raise click.NoSuchOption(
                    error.option_name, f"No such option: {error.option_name}. {advice}", ctx=ctx
                ) from error
            hint = self._whisperx_hint(error.option_name, given)
            if hint is None:
                raise
            message = f"No such option: {error.option_name}, which is an option of whisperX. {hint}"
            others = self._other_whisperx_hints(given, error.option_name)
            raise click.NoSuchOption(error.option_name, "\n".join([message, *others]), ctx=ctx) from error

    def _other_whisperx_hints(self, arguments: Sequence[str], answered: str) -> list[str]:
        """Return a line with the replacement of each further whisperX flag, so that one attempt shows them all."""
        known = {name for parameter in self.params for name in (*parameter.opts, *parameter.secondary_opts)}
        flags = dict.fromkeys(argument.partition("=")[0] for argument in arguments if argument.startswith("--"))
        hints = {flag: self._whisperx_hint(flag, arguments) for flag in flags if flag not in known and flag != answered}
        return [f"{flag}: {hint}" for flag, hint in hints.items() if hint]

    def _whisperx_hint(self, flag: str, arguments: Sequence[str]) -> str | None:
        """Return the replacement of a whisperX flag in commands that transcribe; None for other flags."""
        options = {name for parameter in self.params for name in parameter.opts}
        hint = flag_hint(flag, _value_of(flag, arguments))
        if hint is None or not {"--asr", "--output"} <= options:
            return None
        is_about_speakers = flag in SPEAKER_FLAGS and "--no-diarize" not in options
        return "Use meetscribe run, which labels the speakers." if is_about_speakers else hint

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


def _value_of(flag: str, arguments: Sequence[str]) -> str | None:
    """Return the value of a flag that is not an option, None if none follows it."""
    for argument, following in zip(arguments, [*arguments[1:], "--"], strict=True):
        name, equals, value = argument.partition("=")
        if name == flag:
            return value if equals else None if following.startswith("--") else following
    return None


class _DefaultContext(click.Context):
    """The context of a default command; usage messages omit the command's name."""

    @property
    def command_path(self) -> str:
        """The name of the group."""
        return self.parent.command_path if self.parent else super().command_path


class DefaultGroup(click.Group):
    """A group that runs a default command if the first argument is not the name of a command.

    The help of the group shows the usage and the options of the default command, and does not list it as a command.
    """

    def __init__(self, *args: Any, default: str, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.default = default
        self.no_args_is_help = True

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command to the group."""
        super().add_command(cmd, name)
        if (name or cmd.name) == self.default:
            cmd.context_class = _DefaultContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, without the default."""
        return [name for name in super().list_commands(ctx) if name != self.default]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert the default command if the first argument is not a command and does not ask for help."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage of the default command, then of the others."""
        formatter.write_usage(ctx.command_path, " ".join(self.commands[self.default].collect_usage_pieces(ctx)))
        formatter.write_usage(ctx.command_path, f"{'|'.join(self.list_commands(ctx))} FILE …", prefix="       ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the default command, and the other commands."""
        self.commands[self.default].format_options(ctx, formatter)
        self.format_commands(ctx, formatter)
