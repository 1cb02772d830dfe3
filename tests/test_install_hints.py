"""Hints name the missing package: on PyPI, meetscribe is the name of an unrelated package."""

from __future__ import annotations

import re
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from meetscribe.asr.engine_table import BUILT_IN
from meetscribe.formats import FORMATS

ROOT = Path(__file__).parents[1]
WRONG = re.compile(r"""pip install\b[^\n`;&]*[\s'"]meetscribe\b|\bmeetscribe\[""")
PATTERNS = ("README.md", "meetscribe/**/*.py", "meetscribe/**/*.md", "samples/**/*.md", "samples/**/*.py", ".ci/*")
TEXTS = sorted(
    path.relative_to(ROOT)
    for pattern in PATTERNS
    for path in ROOT.glob(pattern)
    if path.is_file() and path.name != "test_install_hints.py"
)


def wrong_hints(text: str) -> list[str]:
    """Return the hints in a text that install a package called meetscribe."""
    return [found[0] for found in WRONG.finditer(text)]


@pytest.mark.parametrize(
    "hint", ["pip install meetscribe", "pip install 'meetscribe[parquet]'", "python -m pip install -U meetscribe"]
)
def test_wrong_hints_are_found(hint: str) -> None:
    """The pattern matches each way to write it."""
    assert wrong_hints(f"Install it: {hint}.")


def test_right_hints_are_accepted() -> None:
    """A missing package may be named, and the folder of the source."""
    assert not wrong_hints("pip install pyarrow, or: pip install '.[parquet]'; then run meetscribe doctor")


def test_no_text_installs_an_unrelated_package() -> None:
    """No error, help text or page names meetscribe as a package to install."""
    assert len(TEXTS) > 200
    found = {str(path): wrong_hints((ROOT / path).read_text(encoding="utf-8")) for path in TEXTS}
    assert not {path: hints for path, hints in found.items() if hints}


def test_hints_name_what_the_extras_install() -> None:
    """What an engine or a format asks for is in one of meetscribe's own extras."""
    optional = {Requirement(text).name for text in requires("meetscribe") or () if "extra ==" in text}
    engines = {package for entry in BUILT_IN.values() if entry.extra for package in entry.requires}
    needed = engines | {row.distribution for row in FORMATS.values()}
    assert needed - {None} <= optional
