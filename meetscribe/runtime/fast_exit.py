"""The end of a process that has done its work: at once, without taking apart all that it has loaded."""

from __future__ import annotations

import atexit
import os
import sys


def leave(code: int) -> None:
    """End this process with an exit code; what is registered to be done at its end is done.

    Python would free what torch and the models hold object by object, for a second and more in which nothing happens.
    Where there is no torch, or what was printed cannot be written, it does nothing: then Python's own end is quick,
    or says what is wrong.
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
