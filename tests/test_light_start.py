"""Fast start: the package and the help of every command import no heavy library."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from meetscribe.cli.application import COMMANDS

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
    """Run code in a fresh interpreter; return its processor seconds and the top-level modules it imported."""
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


def help_code(*command: str) -> str:
    """Return code that runs `meetscribe COMMAND --help` by the entry point in pyproject.toml."""
    entry = re.search(
        r'^meetscribe\s*=\s*"([\w.]+):(\w+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M
    )
    assert entry, "pyproject.toml has no command meetscribe"
    arguments = ["meetscribe", *command, "--help"]
    return f"sys.argv = {arguments}; from {entry[1]} import {entry[2]} as main; main()"


@pytest.mark.parametrize("code", ["import meetscribe", help_code(), help_code("run")], ids=["import", "help", "run"])
def test_light_start(code: str) -> None:
    """`import meetscribe`, `meetscribe --help` and `meetscribe run --help` are fast and import nothing heavy."""
    spent, modules = start(code)
    assert "meetscribe" in modules
    assert modules & HEAVY == set()
    # The best of three, because other processes may run at the same time.
    assert min([spent, *(start(code)[0] for _ in range(2))]) < CPU_LIMIT


def test_the_help_of_the_group_imports_no_command() -> None:
    """`meetscribe --help` imports neither a command nor the settings."""
    code = help_code().replace("main()", "exec('try: main()\\nexcept SystemExit: pass')")
    report = (
        "; print([name for name in sys.modules if name.startswith(('meetscribe.cli.commands.', 'meetscribe.asr'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {code}{report}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_commands_are_light() -> None:
    """The modules of all commands import nothing heavy, so that neither does the help of any."""
    locations = [row.location.partition(":")[0] for row in COMMANDS.values()]
    _, modules = start(f"import {', '.join(locations)}")
    assert modules & HEAVY == set()


@pytest.mark.parametrize(
    "module", ["meetscribe.timeline", "meetscribe.transcript", "meetscribe.formats", "meetscribe.options"]
)
def test_the_values_are_light(module: str) -> None:
    """The values and the table of formats are plain Python and import nothing heavy."""
    _, modules = start(f"import {module}")
    assert modules & HEAVY == set()


def test_a_heavy_import_is_detected() -> None:
    """The test above would find a heavy import."""
    assert "numpy" in start("import numpy")[1]
