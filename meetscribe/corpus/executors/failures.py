"""Classification of the errors that end a task."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from meetscribe.corpus.events import Failure
from meetscribe.errors import InputError, NoSpeechError, OutputError, SettingsError, UnreachableError, WeightsError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_MAX_CAUSES = 8  # a chain of causes can be circular
_CLASSES: tuple[tuple[type[Exception], Failure], ...] = (
    (NoSpeechError, "no-speech"),
    (InputError, "input"),
    (UnreachableError, "unreachable"),
    (OutputError, "output"),
    (SettingsError, "settings"),
    (WeightsError, "weights"),
)


def failure_class(error: BaseException) -> Failure:
    """Return the class of an error; a full disk or a lack of memory among its causes takes precedence.

    >>> failure_class(OSError(errno.ENOSPC, "No space left on device"))
    'disk-full'
    """
    causes = tuple(_causes(error))
    if any(isinstance(cause, OSError) and cause.errno in _FULL for cause in causes):
        return "disk-full"
    if any(isinstance(cause, MemoryError) or "out of memory" in str(cause).lower() for cause in causes):
        return "out-of-memory"
    return next((failure for kind, failure in _CLASSES if isinstance(error, kind)), "other")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and its causes."""
    cause: BaseException | None = error
    for _ in range(_MAX_CAUSES):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__
