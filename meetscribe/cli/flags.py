"""The flags for settings; their types, choices, defaults and help texts come from the fields of the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from meetscribe.cli.display import messages
from meetscribe.cli.sections import MACHINE, RECORDING, SPEAKERS, WORDS, option
from meetscribe.errors import InputError, SettingsError, os_reason
from meetscribe.formats.parts.options import FormatOptions, check_options, check_unused_options, parse_options
from meetscribe.settings import SettingKey, Settings, find_key, load_format_options, load_settings
from meetscribe.settings.sources import is_format_table
from meetscribe.storage.files import LINES_BYTES, read_file

C = TypeVar("C", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag, the setting that it sets, and its section of the help.

    A flag with a `switch` takes no argument and sets that value; if it turns a default off, it has its own `help`. The
    argument of a `from_file` flag is a file with one entry per line. With a `metavar`, the help lists the choices.
    """

    name: str
    setting: str
    section: str
    metavar: str | None = None
    switch: bool | None = None
    from_file: bool = False
    help: str | None = None

    @property
    def parameter(self) -> str:
        """The name of the parameter that receives the value."""
        return self.name.removeprefix("--").replace("-", "_")


FLAGS = (
    Flag("--stream", "audio.stream", RECORDING, "N"),
    Flag("--language", "asr.language", WORDS, "LANG"),
    Flag("--multilingual", "asr.multilingual", WORDS, switch=True),
    Flag("--task", "asr.task", WORDS),
    Flag("--vocabulary", "asr.vocabulary", WORDS, "FILE", from_file=True),
    Flag("--prompt", "asr.prompt", WORDS, "TEXT"),
    Flag("--no-align", "alignment.enabled", WORDS, switch=False, help="skip forced alignment of the words"),
    Flag("--char-times", "alignment.char_times", WORDS, switch=True),
    Flag("--allow-empty", "run.allow_empty", WORDS, switch=True),
    Flag("--speakers", "diarization.speakers", SPEAKERS, "N"),
    Flag("--min-speakers", "diarization.min_speakers", SPEAKERS, "N"),
    Flag("--max-speakers", "diarization.max_speakers", SPEAKERS, "N"),
    Flag("--speakers-each", "diarization.speakers_each", SPEAKERS, "LIST"),
    Flag(
        "--no-diarize",
        "diarization.enabled",
        SPEAKERS,
        switch=False,
        help="skip diarization: label no speakers, except by microphone",
    ),
    Flag("--attribution", "attribution.method", SPEAKERS),
    Flag("--profiles", "profiles.enabled", SPEAKERS, switch=True),
    Flag("--identify", "profiles.identify", SPEAKERS, switch=True),
    Flag("--asr", "asr.engine", MACHINE, "ENGINE"),
    Flag("--model", "asr.model", MACHINE, "MODEL"),
    Flag("--device", "run.device", MACHINE, "DEVICE"),
    Flag("--compute-type", "asr.compute_type", MACHINE, "TYPE"),
    Flag("--batch-size", "asr.batch_size", MACHINE, "N"),
    Flag("--beam-size", "asr.beam_size", MACHINE, "N"),
    Flag("--workers", "asr.workers", MACHINE, "N"),
    Flag("--threads", "run.threads", MACHINE, "N"),
    Flag("--weights", "run.weights", MACHINE, "DIR"),
    Flag("--offline", "run.offline", MACHINE, switch=True),
    Flag("--no-cache", "run.cache", MACHINE, switch=False, help="neither reuse nor store the results of the stages"),
)
"""The flags of the most common settings; all other settings are set with --set."""

WITHOUT_SPEAKERS_EACH = tuple(flag for flag in FLAGS if flag.name != "--speakers-each")
"""The flags that apply if all speakers are in one file: all but --speakers-each; for watch and podcast."""

TRANSCRIBING = tuple(flag for flag in FLAGS if flag.section != SPEAKERS)
"""The flags that apply to transcription without diarization."""


def _select(*names: str) -> tuple[Flag, ...]:
    """Return the flags with these names, in the order of FLAGS."""
    return tuple(flag for flag in FLAGS if flag.name in names)


ALIGNING = _select(
    *("--stream", "--language", "--char-times", "--device", "--threads", "--weights", "--offline", "--no-cache")
)
"""The flags that apply to the alignment of a given transcript."""

DIARIZING = _select(
    *("--stream", "--speakers", "--min-speakers", "--max-speakers", "--device", "--threads", "--offline")
)
"""The flags of meetscribe diarize."""

IDENTIFYING = _select("--device", "--threads", "--weights", "--offline")
"""The flags that apply to voiceprints of saved meetings."""

SERVING = _select(*(flag.name for flag in FLAGS if flag.section == MACHINE), "--language", "--no-align", "--no-diarize")
"""The flags for the models and devices of the server."""

ATTRIBUTING = _select("--attribution")
"""The flags that apply to given words and turns."""

MODELS = _select("--language", "--asr", "--model", "--no-align", "--no-diarize", "--device")
"""The flags that determine which models a run requires."""

MODELS_IN_FOLDER = _select(*(flag.name for flag in MODELS), "--weights")
"""The flags that determine which models a run requires and where they are."""

MODELS_ON_MACHINE = _select(*(flag.name for flag in MODELS_IN_FOLDER), "--offline")
"""The flags that determine which models a run requires, where they are, and whether they may be downloaded."""


def settings_flags(flags: Sequence[Flag]) -> Callable[[C], C]:
    """Return a decorator that adds `flags`, --set and --config to a command."""

    def decorate(command: C) -> C:
        for decorator in reversed([*map(_flag_option, flags), _SET, config_option]):
            command = decorator(command)
        return command

    return decorate


def settings_from(given: Mapping[str, Any], **fixed: object) -> Settings:
    """Return the settings of a command from all sources; `fixed` (table__key=value) overrides every flag.

    Prints a warning for each deprecated name. Raises SettingsError, and InputError if the file of a flag cannot be
    read.
    """
    named = {name.replace("__", "."): value for name, value in fixed.items()}
    return load_settings(given["config"], {**overrides(given), **named}, messages.warning)


def overrides(given: Mapping[str, Any]) -> dict[str, object]:
    """Return the settings given by flags and --set, by name; flags override --set.

    Raises SettingsError if an argument of --set is not TABLE.KEY=VALUE or names no setting, and InputError if the file
    of a flag cannot be read.
    """
    found = _assignments(_settings_only(given))
    for flag in FLAGS:
        value = given.get(flag.parameter)
        if flag.switch is not None:
            value = flag.switch if value else None
        elif flag.from_file and value is not None:
            value = read_entries(value, flag.name)
        if value is not None:
            found[flag.setting] = value
    return found


def format_options_from(given: Mapping[str, Any], formats: Sequence[str]) -> FormatOptions:
    """Return the options of the formats to write, from all sources; arguments of --set for settings are ignored.

    Raises SettingsError for an invalid option, and if --set names a format that is not written.
    """
    assignments = [text for text in given["assignments"] if _is_format_option(text)]
    return read_format_options(assignments, given["config"], formats)


def read_format_options(assignments: Sequence[str], config: str | None, formats: Sequence[str]) -> FormatOptions:
    """Return the options of the formats to write, from all sources; raises SettingsError as `format_options_from`."""
    check_unused_options(parse_options(assignments), formats)
    options = load_format_options(config, assignments)
    check_options(options, formats)
    return {name: options[name] for name in formats if name in options}


def _is_format_option(assignment: str) -> bool:
    """Return whether an argument of --set is an option of a format, not a setting."""
    return is_format_table(assignment.partition("=")[0].partition(".")[0].strip())


def _settings_only(given: Mapping[str, Any]) -> list[str]:
    """Return the arguments of --set without the options of formats, if the command accepts these."""
    writes = "formats" in given
    return [text for text in given["assignments"] if not (writes and _is_format_option(text))]


def read_entries(file: Path, flag: str) -> tuple[str, ...]:
    """Return the lines of a file that are not blank; raises InputError if it is not readable UTF-8 text."""
    try:
        lines = read_file(file, LINES_BYTES).decode("utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"{flag} {file}: {os_reason(error)}", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{flag} {file} is not UTF-8 text", "Save it as UTF-8.") from error
    return tuple(line.strip() for line in lines if line.strip())


def table_assignments(table: str, assignments: Sequence[str]) -> dict[str, str]:
    """Return the settings of one table given by --set, by key; raises SettingsError for any other argument."""
    found = {}
    for assignment in assignments:
        name, equals, value = (part.strip() for part in assignment.partition("="))
        prefix, _, key = name.partition(".")
        if prefix != table or not key or not equals:
            raise SettingsError(f"--set {assignment} is not a setting of [{table}]", f"Write --set {table}.KEY=VALUE.")
        found[key] = value
    return found


def extract_table(table: str, given: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the settings that --set gives for one table, by key, and the parameters of the command without them.

    Raises SettingsError if one of these settings has no value.
    """
    inside = [text for text in given["assignments"] if text.partition(".")[0].strip() == table]
    others = [text for text in given["assignments"] if text not in inside]
    return table_assignments(table, inside), {**given, "assignments": others}


_SET = option(
    "--set",
    "assignments",
    multiple=True,
    metavar="TABLE.KEY=VALUE",
    help="Change any other setting: attribution.pause=0.5; in commands with --formats, also an option of a "
    "format: srt.names=always. Repeatable.",
)
config_option = option(
    "--config",
    type=click.Path(),
    metavar="FILE",
    help="Read settings from this TOML file.  [default: ./meetscribe.toml, if it exists]",
)


def _flag_option(flag: Flag) -> Callable[[C], C]:
    """Return the click option of a flag, with the type, the default and the help of its setting."""
    key = find_key(flag.setting)
    attributes: dict[str, Any] = {"section": flag.section}
    if flag.switch is not None:
        return option(flag.name, is_flag=True, help=_sentence(flag.help or key.help), **attributes)
    text = f"{key.help}, one per line" if flag.from_file else key.help
    if flag.metavar and key.choices:
        text = f"{text} ({', '.join(key.choices)})"
    attributes["help"] = _sentence(text) + ("" if flag.from_file else _default(key))
    return option(flag.name, type=_type(key, flag), metavar=flag.metavar, **attributes)


def _sentence(text: str) -> str:
    """Return the help of a setting as a sentence.

    >>> _sentence("beam size of the decoder")
    'Beam size of the decoder.'
    """
    return f"{text[:1].upper()}{text[1:]}."


def _type(key: SettingKey, flag: Flag) -> click.ParamType[Any] | type:
    """Return the type of the argument of a flag."""
    if flag.from_file:
        return click.Path(path_type=Path)
    if key.path:
        return click.Path()
    return click.Choice(key.choices) if key.choices else key.kind


def _default(key: SettingKey) -> str:
    """Return the default of a setting for the help; empty for None, 0, "" and ().

    The help of the setting says what such a default means, if that is not obvious.
    """
    return f"  [default: {key.default}]" if key.default not in (None, 0, "", ()) else ""


def _assignments(assignments: Sequence[str]) -> dict[str, object]:
    """Return the settings in TABLE.KEY=VALUE; raises SettingsError for another form or an unknown name."""
    found: dict[str, object] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise SettingsError(
                f"--set {assignment} has no value",
                "Write --set table.key=value, for example --set attribution.pause=0.5.",
            )
        if _is_format_option(assignment):
            raise SettingsError(
                f"this command takes no format options, such as {name.strip()}", "Use meetscribe export."
            )
        find_key(name.strip())  # raises SettingsError
        found[name.strip()] = value.strip()
    return found
