"""Classes of failures."""

from __future__ import annotations

import errno

import pytest

from meetscribe.corpus.events import Failure
from meetscribe.corpus.executors.failures import failure_class
from meetscribe.errors import InputError, NoSpeechError, OutputError, SettingsError, WeightsError

FULL = OSError(errno.ENOSPC, "No space left on device")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InputError("a.wav cannot be read"), "input"),
        (NoSpeechError("no speech"), "no-speech"),
        (OutputError("a.json exists"), "output"),
        (SettingsError("no such device"), "settings"),
        (WeightsError("no model"), "weights"),
        (MemoryError(), "out-of-memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "out-of-memory"),
        (FULL, "disk-full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk-full"),
        (caused(OutputError("a.json: No space left on device"), FULL), "disk-full"),
        (caused(InputError("a.wav"), OSError(errno.EIO, "Input/output error")), "input"),
        (ValueError("a defect"), "other"),
    ],
)
def test_failures_are_classified_by_their_cause(error: Exception, expected: Failure) -> None:
    assert failure_class(error) == expected
