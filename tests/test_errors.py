from __future__ import annotations

import pickle

import pytest

from meetscribe import errors
from meetscribe.errors import MeetscribeError, nearest


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("MeetscribeError", 1),
        ("SettingsError", 2),
        ("InputError", 3),
        ("OutputError", 3),
        ("WeightsError", 4),
        ("NoSpeechError", 5),
        ("IncompleteError", 6),
    ],
)
def test_exit_codes(name: str, code: int) -> None:
    """Each error has the exit code of the command line's contract, and one base catches them all."""
    kind = getattr(errors, name)
    assert kind.exit_code == code
    assert issubclass(kind, MeetscribeError)


def test_message_then_remedy() -> None:
    """An error prints what went wrong, and on the next line what to do; without a remedy no empty line."""
    assert str(errors.InputError("no such file", "Check the path.")) == "no such file\nCheck the path."
    assert str(errors.InputError("no such file")) == "no such file"


def test_pickling() -> None:
    """An error raised in another process arrives whole."""
    copy = pickle.loads(pickle.dumps(errors.WeightsError("no weights", "Fetch them.")))
    assert isinstance(copy, errors.WeightsError)
    assert (copy.message, copy.remedy) == ("no weights", "Fetch them.")


def test_nearest() -> None:
    """The hint names the closest known name whatever its case, and all of them if none is close."""
    assert nearest("JASON", ["json", "vtt"]) == "did you mean 'json'?"
    assert nearest("zzz", ["json", "vtt"]) == "known: json, vtt"
    assert nearest("zzz", []) == ""
