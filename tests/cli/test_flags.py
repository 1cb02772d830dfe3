from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from meetscribe.cli.flags import FLAGS, MODELS, TRANSCRIBING, overrides, read_entries, settings_from
from meetscribe.errors import InputError, SettingsError

NOTHING: dict[str, Any] = {"assignments": (), "config": None}


def test_flags_override_assignments() -> None:
    """Flags that are not given set nothing; a switch sets its value."""
    given = {
        **NOTHING,
        "assignments": ("asr.model = a", "vad.pad=0.1"),
        "model": "b",
        "no_align": True,
        "offline": False,
    }
    assert overrides(given) == {"asr.model": "b", "vad.pad": "0.1", "alignment.enabled": False}


def test_fixed_settings_override_flags(place: Path) -> None:
    settings = settings_from({**NOTHING, "model": "b", "no_diarize": False}, diarization__enabled=False, asr__model="c")
    assert (settings.asr.model, settings.diarization.enabled) == ("c", False)


def test_a_renamed_key_is_a_warning(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--set accepts a former name of a key and prints the new one."""
    settings = settings_from({**NOTHING, "assignments": ("run.fallback=no",)})
    assert not settings.run.cpu_fallback
    assert capsys.readouterr().err == "warning: run.fallback is now called run.cpu_fallback\n"


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("asr.model", "--set asr.model has no value\nWrite --set table.key=value"),
        ("asr.modle=x", "unknown setting 'asr.modle': did you mean 'model'?"),
        ("srt.names=always", "this command takes no format options, such as srt.names\nUse meetscribe export."),
    ],
)
def test_wrong_assignments_are_errors(assignment: str, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        overrides({**NOTHING, "assignments": (assignment,)})
    assert str(error.value).startswith(message)


def test_entries_are_the_lines_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("\ufeffÜnal\n\n  pyannote \n", encoding="utf-8")
    assert read_entries(tmp_path / "names.txt", "--vocabulary") == ("Ünal", "pyannote")
    (tmp_path / "names.txt").write_bytes(b"\xff")
    with pytest.raises(InputError, match="is not UTF-8 text"):
        read_entries(tmp_path / "names.txt", "--vocabulary")


def test_selections_of_flags() -> None:
    """A selection keeps the order of FLAGS, and has all the flags that it names."""
    assert [flag.name for flag in MODELS] == [
        "--language",
        "--no-align",
        "--no-diarize",
        "--asr",
        "--model",
        "--device",
    ]
    assert set(TRANSCRIBING) < set(FLAGS)
