"""What other packages send or print unasked, and how to stop it; what meetscribe prints is not here."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import warnings
from collections.abc import Iterator

_NOISY = (
    "whisperx",
    "pyannote",
    "lightning",
    "lightning.pytorch",
    "pytorch_lightning",
    "speechbrain",
    "transformers",
)


def switch_off() -> None:
    """Stop pyannote.audio's and huggingface_hub's usage reports; to be called before either is imported.

    pyannote.audio 4 reports the duration of every recording unless told otherwise, which a tool for
    meetings must not do, whatever its environment says.
    """
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    constants = sys.modules.get("huggingface_hub.constants")
    if constants is not None:  # it read the variable when it was imported
        constants.__dict__["HF_HUB_DISABLE_TELEMETRY"] = True


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """Drop what is warned of meanwhile, in the whole process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def quiet() -> Iterator[io.StringIO]:
    """Yield a buffer that takes what is printed meanwhile; warnings and log lines below errors are dropped.

    For the import and loading of third-party packages: exceptions pass through and logged errors still
    reach stderr. Process-wide while it lasts, so not for two threads at once, and too slow for what is done often.
    """
    _keep_off_stdout()
    loggers = [logging.getLogger(name) for name in _NOISY]
    levels = [logger.level for logger in loggers]
    printed = io.StringIO()
    try:
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        with without_warnings(), contextlib.redirect_stdout(printed):
            yield printed
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _keep_off_stdout() -> None:
    """Give whisperX's log a handler, so that it does not install its own, which writes to stdout."""
    logger = logging.getLogger("whisperx")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setLevel(logging.WARNING)
        logger.addHandler(handler)
        logger.propagate = False
