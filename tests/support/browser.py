"""Chromium from the system's packages, driven by Playwright."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

MISSING = (
    "Playwright is not installed: pip install playwright"
    if find_spec("playwright") is None
    else "there is no Chromium: apt-get install chromium"
    if CHROMIUM is None
    else ""
)
"""What a test of a page lacks, empty if it can run."""
