"""Names of speakers in a TOML file, such as SPEAKER_00 = "Anna"."""

from __future__ import annotations

from pathlib import Path

from meetscribe.errors import SettingsError
from meetscribe.settings.toml_files import read_toml
from meetscribe.text.whitespace import one_line

_REMEDY = 'Write one line per speaker, such as SPEAKER_00 = "Anna".'


def read_speaker_names(file: Path | None) -> dict[str, str]:
    """Return the name of each speaker by label or current name; empty if `file` is None.

    Raises SettingsError if the file cannot be read, or gives the same name to two speakers.
    """
    if file is None:
        return {}
    names: dict[str, str] = {}
    taken: dict[str, str] = {}
    for speaker, name in read_toml(file, "--names ", _REMEDY).items():
        if not isinstance(name, str) or not one_line(name):
            raise SettingsError(f"--names {file}: {speaker} has no name", _REMEDY)
        if (other := taken.setdefault(one_line(name).casefold(), speaker)) != speaker:
            raise SettingsError(
                f"--names {file}: {other} and {speaker} have the same name, {name}",
                f"If they are one person, merge them: meetscribe speakers merge FILE {other} {speaker}",
            )
        names[speaker] = name
    return names
