"""A background thread is stopped and waited for when the process exits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

CODE = """
import threading, time
from meetscribe.runtime.background import BackgroundThread

stopped = threading.Event()

def work():
    stopped.wait()
    time.sleep(0.1)
    print("ended")

BackgroundThread(work, "worker", stopped.set).start()
"""


def test_the_exit_waits_for_the_thread() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")
