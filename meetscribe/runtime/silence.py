"""Suppression of other packages' output while they are imported, loaded or called, in the calling thread only.

Python redirects stdout and filters warnings for the whole process. Here the redirection and the filter check a context
variable, so that they affect only the calling thread (and the workers of `parallel_map`).
"""

from __future__ import annotations

import io
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from meetscribe.runtime.shared_change import SharedChange

_LOGGERS = (
    "whisperx",
    "pyannote",
    "lightning",
    "lightning.pytorch",
    "pytorch_lightning",
    "speechbrain",
    "transformers",
)

_printed: ContextVar[io.StringIO | None] = ContextVar("printed", default=None)
_without_warnings: ContextVar[bool] = ContextVar("without_warnings", default=False)
_loading = threading.RLock()


@contextmanager
def silenced() -> Iterator[io.StringIO]:
    """Capture the output of the calling thread in the yielded buffer, and drop its warnings and log lines below errors.

    Exceptions are passed on, and logged errors still reach stderr. The log levels of a few third-party packages are
    raised for the whole process while any thread is inside; output and warnings of other threads are not affected.
    """
    printed = io.StringIO()
    token = _printed.set(printed)
    try:
        with _QUIET_LOGGERS, _ROUTED_STDOUT, without_warnings():
            yield printed
    finally:
        _printed.reset(token)


@contextmanager
def loading() -> Iterator[io.StringIO]:
    """Silence the calling thread as `silenced` does, and allow only one thread at a time.

    For importing a third-party package or building its models: Transformers, torch's restricted unpickler and
    pyannote.audio keep the state of a load in globals, so that loads in two threads would interfere.
    """
    with _loading, silenced() as printed:
        yield printed


@contextmanager
def without_warnings() -> Iterator[None]:
    """Drop the warnings of the calling thread."""
    token = _without_warnings.set(True)
    try:
        with _WARNING_FILTER:
            yield
    finally:
        _without_warnings.reset(token)


class _RoutedStdout:
    """The process's stdout, except for threads with a separate buffer."""

    def __init__(self, stdout: Any) -> None:
        self._stdout = stdout

    def write(self, text: str) -> int:
        buffer = _printed.get()
        written: int = (self._stdout if buffer is None else buffer).write(text)
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stdout, name)


@contextmanager
def _routed_stdout() -> Iterator[None]:
    """Route each write to stdout to the buffer of its thread, if there is one."""
    before = sys.stdout
    if before is None or isinstance(before, _RoutedStdout):
        yield
        return
    routed: Any = _RoutedStdout(before)
    sys.stdout = routed
    try:
        yield
    finally:
        if sys.stdout is routed:  # otherwise it was redirected in the meantime, and will be restored to this object
            sys.stdout = before


class _AnyModuleIfSilenced:
    """The module pattern of a warning filter: it matches all modules in threads without warnings, otherwise none."""

    def match(self, module: str) -> bool:
        return _without_warnings.get()


@contextmanager
def _warning_filter() -> Iterator[None]:
    """Ignore the warnings of threads inside `without_warnings`."""
    # Action, pattern of the message, category, pattern of the module, line.
    entry = ("ignore", None, Warning, _AnyModuleIfSilenced(), 0)
    filters: Any = warnings.filters
    filters.insert(0, entry)
    try:
        yield
    finally:
        filters = warnings.filters  # `warnings.catch_warnings` may have replaced the list
        if entry in filters:
            filters.remove(entry)


@contextmanager
def _quiet_loggers() -> Iterator[None]:
    """Drop log lines below errors of verbose packages."""
    _keep_whisperx_off_stdout()
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _keep_whisperx_off_stdout() -> None:
    """Add a handler to whisperX's logger, which would otherwise add one that writes to stdout."""
    logger = logging.getLogger("whisperx")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setLevel(logging.WARNING)
        logger.addHandler(handler)
        logger.propagate = False


_QUIET_LOGGERS = SharedChange(_quiet_loggers)
_ROUTED_STDOUT = SharedChange(_routed_stdout)
_WARNING_FILTER = SharedChange(_warning_filter)
