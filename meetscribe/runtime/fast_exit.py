"""Process exit without the slow cleanup of loaded models."""

from __future__ import annotations

import atexit
import os
import sys


def exit_process(code: int) -> None:
    """End this process with an exit code, after running its exit handlers and flushing its output.

    Python frees the objects of torch and of the models one by one, which takes a second or more. If torch is not
    loaded, this function does nothing, because Python's own exit is fast. If the output cannot be written, it returns,
    and Python's own exit reports the error.
    """
    if "torch" not in sys.modules:
        return
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit(code)
