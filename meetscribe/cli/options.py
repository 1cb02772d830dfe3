"""The flags of the command line, made from the fields of the settings: no flag without a setting."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from meetscribe.errors import InputError, SettingsError, os_reason
from meetscribe.settings import SettingKey, find_key
from meetscribe.storage.files import LINES_BYTES, read_file

C = TypeVar("C", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag, the setting that it sets, and the section of the help that it stands in.

    A switch takes no argument: it sets `switch`. The argument of a `from_file` flag is a file with an entry
    to the line.
    """

    name: str
    setting: str
    section: str
    metavar: str | None = None
    switch: bool | None = None
    from_file: bool = False

    @property
    def parameter(self) -> str:
        """The name under which click hands its value over."""
        return self.name.removeprefix("--").replace("-", "_")


RECORDING, WORDS, SPEAKERS, MACHINE = "The recording", "The words", "The speakers", "Models and machine"
OTHER, MANY = "Output and settings", "Many recordings"

DEBUG = "meetscribe.debug"
"""Where a command leaves in its context's `meta` that tracebacks are wanted."""

FLAGS = (
    Flag("--stream", "audio.stream", RECORDING, "N"),
    Flag("--language", "asr.language", WORDS, "LANG"),
    Flag("--task", "asr.task", WORDS),
    Flag("--vocabulary", "asr.vocabulary", WORDS, "FILE", from_file=True),
    Flag("--prompt", "asr.prompt", WORDS, "TEXT"),
    Flag("--multilingual", "asr.multilingual", WORDS, switch=True),
    Flag("--no-align", "alignment.enabled", WORDS, switch=False),
    Flag("--char-times", "alignment.char_times", WORDS, switch=True),
    Flag("--allow-empty", "run.allow_empty", WORDS, switch=True),
    Flag("--speakers", "diarization.speakers", SPEAKERS, "N"),
    Flag("--min-speakers", "diarization.min_speakers", SPEAKERS, "N"),
    Flag("--max-speakers", "diarization.max_speakers", SPEAKERS, "N"),
    Flag("--speakers-each", "diarization.speakers_each", SPEAKERS, "LIST"),
    Flag("--no-diarize", "diarization.enabled", SPEAKERS, switch=False),
    Flag("--attribution", "attribution.method", SPEAKERS),
    Flag("--asr", "asr.engine", MACHINE),
    Flag("--model", "asr.model", MACHINE, "MODEL"),
    Flag("--device", "run.device", MACHINE, "DEVICE"),
    Flag("--compute-type", "asr.compute_type", MACHINE),
    Flag("--batch-size", "asr.batch_size", MACHINE, "N"),
    Flag("--beam-size", "asr.beam_size", MACHINE, "N"),
    Flag("--workers", "asr.workers", MACHINE, "N"),
    Flag("--threads", "run.threads", MACHINE, "N"),
    Flag("--weights", "run.weights", MACHINE, "DIR"),
    Flag("--offline", "run.offline", MACHINE, switch=True),
    Flag("--no-cache", "run.cache", MACHINE, switch=False),
)
"""The flags for everyday settings; every other setting is set by --set."""

WATCHING = tuple(flag for flag in FLAGS if flag.name != "--speakers-each")
"""Those that mean something where each recording is of all speakers."""

TRANSCRIBING = tuple(flag for flag in FLAGS if flag.section != SPEAKERS)
"""Those that mean something where nobody asks for speakers."""

_ALIGNING = "--stream --language --char-times --device --threads --weights --offline --no-cache"
ALIGNING = tuple(flag for flag in FLAGS if flag.name in _ALIGNING.split())
"""Those that mean something where the words are known."""


DIARIZING = tuple(
    flag
    for flag in FLAGS
    if flag.name in ("--stream", "--speakers", "--min-speakers", "--max-speakers", "--device", "--threads", "--offline")
)
"""Those that mean something where nobody asks for words."""

ATTRIBUTING = tuple(flag for flag in FLAGS if flag.setting.startswith("attribution."))
"""Those that mean something where words and turns are known."""


class SectionedOption(click.Option):
    """An option that knows the section of the help that it stands in."""

    def __init__(self, *args: Any, section: str = OTHER, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.section = section


class SectionedCommand(click.Command):
    """A command whose help lists its options by section."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options into the help, in the order of their sections."""
        sections: dict[str, list[tuple[str, str]]] = {
            section: [] for section in (RECORDING, WORDS, SPEAKERS, MACHINE, OTHER, MANY)
        }
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                sections[getattr(parameter, "section", OTHER)].append(record)
        for section, records in sections.items():
            if records:
                with formatter.section(section):
                    formatter.write_dl(records)


def settings_flags(flags: Sequence[Flag]) -> Callable[[C], C]:
    """A decorator that gives a command `flags`, --set and --config, none of which has a default."""

    def decorate(command: C) -> C:
        for option in reversed([*map(_option, flags), _SET, _CONFIG]):
            command = option(command)
        return command

    return decorate


def talk_flags(command: C) -> C:
    """The command with --quiet and --debug."""
    return _QUIET(_DEBUG(command))


def overrides(given: Mapping[str, Any]) -> dict[str, object]:
    """The settings given by flags, by name; a flag wins over --set.

    Raises SettingsError if --set is not given ROOM.KEY=VALUE, InputError if a flag's file cannot be read.
    """
    found = _assignments(given["assignments"])
    for flag in FLAGS:
        value = given.get(flag.parameter)
        if flag.switch is not None:
            value = flag.switch if value else None
        elif flag.from_file and value is not None:
            value = _entries(value, flag.name)
        if value is not None:
            found[flag.setting] = value
    return found


def _debug(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    """Have errors shown with their traceback, if that is wanted."""
    if wanted:
        sys.excepthook = sys.__excepthook__
        ctx.meta[DEBUG] = True


_SET = click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="ROOM.KEY=VALUE",
    cls=SectionedOption,
    help="any other setting, such as attribution.pause=0.5; may be repeated",
)
_CONFIG = click.option(
    "--config",
    type=click.Path(),
    metavar="FILE",
    cls=SectionedOption,
    help="settings in TOML, instead of ./meetscribe.toml",
)
_QUIET = click.option(
    "-q", "--quiet", is_flag=True, cls=SectionedOption, help="say nothing on stderr but warnings and errors"
)
_DEBUG = click.option(
    "--debug",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_debug,
    cls=SectionedOption,
    help="show where in the code an error happened",
)


def _option(flag: Flag) -> Callable[[C], C]:
    """The click option of a flag, with the type and the help of its setting."""
    key = find_key(flag.setting)
    attributes: dict[str, Any] = {"cls": SectionedOption, "section": flag.section}
    if flag.switch is not None:
        negation = "do not " if key.default is True else ""
        return click.option(flag.name, is_flag=True, help=negation + key.help, **attributes)
    attributes["help"] = key.help + (", a line for each" if flag.from_file else _default(key))
    return click.option(flag.name, type=_type(key, flag), metavar=flag.metavar, **attributes)


def _type(key: SettingKey, flag: Flag) -> click.ParamType[Any] | type:
    """The type of a flag's argument."""
    if flag.from_file:
        return click.Path(path_type=Path)
    if key.path:
        return click.Path()
    return click.Choice(key.choices) if key.choices else key.kind


def _default(key: SettingKey) -> str:
    """What the setting is if it is not given, for the help; nothing where the help says it itself."""
    return f"  [default: {key.default}]" if key.default not in (None, 0, "", ()) else ""


def _assignments(assignments: Sequence[str]) -> dict[str, object]:
    """The settings in ROOM.KEY=VALUE; raises SettingsError if one is none, or is of an unknown name."""
    found: dict[str, object] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise SettingsError(
                f"--set {assignment} has no value",
                "Write it as room.key=value, such as attribution.pause=0.5.",
            )
        found[str(find_key(name.strip()))] = value.strip()
    return found


def _entries(file: Path, flag: str) -> tuple[str, ...]:
    """The lines of a file that say something; raises InputError if it cannot be read as text."""
    try:
        lines = read_file(file, LINES_BYTES).decode("utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"{flag} {file}: {os_reason(error)}", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{flag} {file} is not text in UTF-8", "Save it as UTF-8.") from error
    return tuple(line.strip() for line in lines if line.strip())
