"""A process that has loaded models ends at once, after its exit handlers and its output."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONG = 60  # seconds of cleanup that must not be waited for

CODE = f"""
import atexit, sys, threading, time
from meetscribe.runtime.fast_exit import exit_process

class Slow:
    def __del__(self):
        time.sleep({LONG})

sys.modules[sys.argv[1]] = sys
atexit.register(print, "done at the end")
print("printed", end=", ")
print("said", end="", file=sys.stderr)
if sys.argv[1] == "torch":
    slow = Slow()
    threading.Thread(target=time.sleep, args=({LONG},)).start()
exit_process(6)
print("still here", end=", ")
"""


@pytest.mark.parametrize(
    ("loaded", "code", "printed"),
    [("torch", 6, "printed, done at the end\n"), ("json", 0, "printed, still here, done at the end\n")],
)
def test_handlers_and_output_are_kept_and_cleanup_is_skipped(loaded: str, code: int, printed: str) -> None:
    """Without torch, the function returns and Python ends as usual."""
    command = [sys.executable, "-c", CODE, loaded]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LONG - 10)
    assert (done.returncode, done.stdout, done.stderr) == (code, printed, "said")


def test_output_that_cannot_be_written_is_an_error() -> None:
    """Python tries once more, and reports the error."""
    loaded = "import sys; sys.modules['torch'] = sys; from meetscribe.runtime.fast_exit import exit_process"
    code = f"{loaded}; input(); print('x'); exit_process(0)"
    pipe, command = subprocess.PIPE, [sys.executable, "-c", code]
    buffered = {**os.environ, "PYTHONUNBUFFERED": ""}
    with subprocess.Popen(command, cwd=ROOT, env=buffered, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdout.close()
        process.stdin.write("go on\n")
        process.stdin.close()
        assert "BrokenPipeError" in process.stderr.read()
    assert process.returncode == 120
