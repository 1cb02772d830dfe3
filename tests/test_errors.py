"""Errors and notices: exit codes, texts, pickling and the table of codes."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from meetscribe import errors
from meetscribe.errors import MeetscribeError, Notice, nearest


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("MeetscribeError", 1),
        ("SettingsError", 2),
        ("InputError", 3),
        ("OutputError", 3),
        ("RevisionError", 3),
        ("WeightsError", 4),
        ("NoSpeechError", 5),
        ("ThresholdError", 1),
        ("IncompleteError", 6),
        ("IncompleteRunError", 6),
    ],
)
def test_exit_codes(name: str, code: int) -> None:
    """Each error has the exit code of the command line's contract and derives from MeetscribeError."""
    kind = getattr(errors, name)
    assert kind.exit_code == code
    assert issubclass(kind, MeetscribeError)


def test_message_then_remedy() -> None:
    """The text of an error is its message and, on the next line, its remedy if it has one."""
    assert str(errors.InputError("no such file", "Check the path.")) == "no such file\nCheck the path."
    assert str(errors.InputError("no such file")) == "no such file"


def test_pickling() -> None:
    """An error survives pickling, with its message, its remedy and its transcript."""
    copy = pickle.loads(pickle.dumps(errors.WeightsError("no weights", "Fetch them.")))
    assert isinstance(copy, errors.WeightsError)
    assert (copy.message, copy.remedy) == ("no weights", "Fetch them.")
    incomplete = pickle.loads(pickle.dumps(errors.IncompleteRunError("no speakers", "Fetch them.", ["words"])))
    assert isinstance(incomplete, errors.IncompleteRunError)
    assert (incomplete.message, incomplete.remedy, incomplete.transcript) == ("no speakers", "Fetch them.", ["words"])


def test_all_errors_are_in_one_module() -> None:
    """No other module of the package defines an error."""
    package = Path(errors.__file__).parent
    definition = re.compile(r"^class \w+\(.*Error\b", re.M)
    elsewhere = [file for file in package.rglob("*.py") if definition.search(file.read_text(encoding="utf-8"))]
    assert elsewhere == [Path(errors.__file__)]


def test_nearest() -> None:
    """The hint names the closest known name, ignoring case, or all known names if none is close."""
    assert nearest("JASON", ["json", "vtt"]) == "did you mean 'json'?"
    assert nearest("zzz", ["json", "vtt"]) == "known: json, vtt"
    assert nearest("zzz", []) == ""


def test_notices_compare_by_value() -> None:
    """Equal notices are one in a set, also after pickling; different data makes them different."""
    notice = Notice("audio.gaps", "gaps of 1.0 s", {"seconds": 1.0})
    other = Notice("audio.gaps", "gaps of 1.0 s", {"seconds": 2.0})
    assert {notice, pickle.loads(pickle.dumps(notice))} == {notice}
    assert len({notice, other}) == 2
    assert str(notice) == "gaps of 1.0 s"


def test_every_notice_code_is_in_the_table() -> None:
    """The docstring of `Notice` lists the codes that the package uses, each once and in order."""
    files = Path(errors.__file__).parent.rglob("*.py")
    constants = "NO_SPEECH|SAME_PERSON|SUGGESTED|NO_DATE|SUMMARY"
    found = re.compile(rf'(?:Notice\(|\.notice\(|(?:{constants}) = )\s*"([a-z.-]+)"')
    used = {code for file in files for code in found.findall(file.read_text(encoding="utf-8"))}
    heading, *listed = re.findall(r"^    ([a-z]+(?:\.[a-z-]+)?)  ", Notice.__doc__ or "", re.MULTILINE)
    assert heading == "code"
    assert listed == sorted(used)
