"""Chromium from the system's packages, driven by Playwright."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

MISSING = (
    "Playwright is not installed: pip install playwright"
    if find_spec("playwright") is None
    else "there is no Chromium: apt-get install chromium"
    if CHROMIUM is None
    else ""
)
"""What a test of a page lacks, empty if it can run."""


def microphone_arguments(recording: Path, *, once: bool = True) -> list[str]:
    """Return the arguments of Chromium with which its microphone plays a WAV file, once or again and again."""
    return [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={recording}{'%noloop' if once else ''}",
    ]
