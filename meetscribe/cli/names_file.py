"""The flag --names: who a speaker is, from a file; corrections of a saved transcript are `meetscribe speakers`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from meetscribe.cli.options import SPEAKERS, SectionedOption
from meetscribe.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from meetscribe.transcript import Transcript

C = TypeVar("C", bound="Callable[..., Any]")


def names_flag(command: C) -> C:
    """The command with --names FILE, which it is given as `people`."""
    return click.option(
        "--names",
        "people",
        type=click.Path(path_type=Path),
        metavar="FILE",
        cls=SectionedOption,
        section=SPEAKERS,
        help='the names of speakers in TOML, a line for each: SPEAKER_00 = "Anna"',
    )(command)


def read_names(file: Path | None) -> dict[str, str]:
    """The name of each speaker in the file, by label or by the name so far; none without a file.

    Raises SettingsError if it cannot be read, or gives two speakers one name.
    """
    from meetscribe.settings.toml_files import read_toml
    from meetscribe.text.whitespace import one_line

    if file is None:
        return {}
    remedy = 'It has a line for each speaker, such as SPEAKER_00 = "Anna".'
    names: dict[str, str] = {}
    taken: dict[str, str] = {}
    for said, name in read_toml(file, "--names ", remedy).items():
        if not isinstance(name, str) or not one_line(name):
            raise SettingsError(f"--names {file}: {said} has no name", remedy)
        if (other := taken.setdefault(one_line(name).casefold(), said)) != said:
            raise SettingsError(
                f"--names {file}: {other} and {said} are both {name}",
                f"If they are one person, say so in the transcript: meetscribe speakers merge FILE {other} {said}",
            )
        names[said] = name
    return names


def named(transcript: Transcript, names: Mapping[str, str]) -> Transcript:
    """The transcript with the names; a warning is printed for each that cannot be given."""
    from meetscribe.cli.display import messages
    from meetscribe.transcript.editing import name_speakers

    after = name_speakers(transcript, names)
    for notice in after.meta.notices:
        if notice not in transcript.meta.notices:
            messages.say(notice.text, "warning")
    return after
