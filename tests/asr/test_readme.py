"""The README of speech recognition: its code runs, and its tables agree with the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from meetscribe import asr
from meetscribe.asr.engine_table import BUILT_IN, GROUP
from meetscribe.asr.quality.checks import Kind
from meetscribe.transcript import FindingKind

README = Path(asr.__file__).with_name("README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def table(header: str) -> list[list[str]]:
    """Return the rows of the table whose first column has this header."""
    rows = README[README.index(f"| {header} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@pytest.mark.parametrize("block", BLOCKS)
def test_the_python_runs(block: str) -> None:
    exec(compile(block, "README.md", "exec"), {})


def test_the_table_of_engines_is_that_of_the_code() -> None:
    """Names, packages to install, word times and unsupported settings are those of the rows."""
    rows = table("engine")
    assert [row[0] for row in rows] == [f"`{name}`" for name in BUILT_IN]
    for (_, install, times, notes), entry in zip(rows, BUILT_IN.values(), strict=True):
        assert install == (f"`pip install {' '.join(entry.requires)}`" if entry.extra else "included")
        assert times.partition(":")[0] == entry.word_times
        assert set(re.findall(r"`asr\.(\w+)`", notes)) == set(entry.unsupported)


def test_the_tables_of_quality_control_are_complete() -> None:
    assert [row[0] for row in table("check")] == list(get_args(Kind))
    assert {row[0].strip("`") for row in table("finding")} == set(get_args(FindingKind))


def test_the_entry_point_group_is_that_of_the_code() -> None:
    assert f'[project.entry-points."{GROUP}"]' in README
