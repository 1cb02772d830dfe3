"""The command line: each command parses its arguments, calls the library, and prints the result."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command `meetscribe` with the arguments of this process, and exit.

    Exit codes: 0 success, 1 failed check or other error, 2 usage or settings, 3 unreadable input or unwritable output,
    4 model weights or token, 5 no speech, 6 finished but incomplete, 130 or 143 interrupted.
    """
    from meetscribe.cli.application import application
    from meetscribe.cli.display.messages import print_unexpected_error
    from meetscribe.runtime.fast_exit import exit_process
    from meetscribe.runtime.process import prepare_process

    prepare_process()
    sys.excepthook = print_unexpected_error
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # print ? for characters that the terminal cannot encode
            stream.reconfigure(errors="replace")
    try:
        application(prog_name="meetscribe")
    except SystemExit as exit:
        if isinstance(exit.code, int):
            exit_process(exit.code)
        raise
