"""Starting is light: what a command does not need is not imported."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"torch", "pandas", "numpy", "whisperx", "pyannote", "transformers", "av", "faster_whisper"}
CPU_LIMIT = 0.3
"""Seconds of processor time, beyond those of a bare interpreter."""

REPORT = """
import json, sys, time
start = time.process_time()
try:
    {code}
except SystemExit as end:
    assert not end.code, end.code
spent = time.process_time() - start
print(json.dumps([spent, sorted({{name.partition(".")[0] for name in sys.modules}})]))
"""


def start(code: str) -> tuple[float, set[str]]:
    """Processor seconds of the code in a fresh interpreter, and the top-level modules it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", REPORT.format(code=code)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    spent, modules = json.loads(done.stdout.splitlines()[-1])
    return spent, set(modules)


def help_code() -> str:
    """What the command `meetscribe --help` runs, by the entry point in pyproject.toml."""
    entry = re.search(
        r'^meetscribe\s*=\s*"([\w.]+):(\w+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M
    )
    assert entry, "pyproject.toml has no command meetscribe"
    return f"sys.argv = ['meetscribe', '--help']; from {entry[1]} import {entry[2]} as main; main()"


@pytest.mark.parametrize("what", ["import", "--help"])
def test_light_start(what: str) -> None:
    """`import meetscribe` and `meetscribe --help` load nothing heavy and take under 0.3 s."""
    code = "import meetscribe" if what == "import" else help_code()
    spent, modules = start(code)
    assert "meetscribe" in modules
    assert modules & HEAVY == set()
    # The best of three: what else the machine does is not ours.
    assert min([spent, *(start(code)[0] for _ in range(2))]) < CPU_LIMIT


@pytest.mark.parametrize(
    "module", ["meetscribe.timeline", "meetscribe.transcript", "meetscribe.formats", "meetscribe.options"]
)
def test_the_values_are_light(module: str) -> None:
    """The values and the table of formats are plain Python: importing them loads nothing heavy."""
    _, modules = start(f"import {module}")
    assert modules & HEAVY == set()


def test_the_measurement_sees_what_is_loaded() -> None:
    """A heavy import would be seen."""
    assert "numpy" in start("import numpy")[1]
