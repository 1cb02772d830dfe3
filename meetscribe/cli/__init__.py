"""The command line: each command parses, calls one function of the library, and prints."""

from __future__ import annotations


def main() -> None:
    """Run the command `meetscribe` with the arguments of this process, and exit.

    Exit codes: 0 ok, 1 unexpected, 2 usage or settings, 3 input unreadable or output unwritable, 4 weights or
    token, 5 no speech, 6 finished but incomplete, 130 interrupted.
    """
    import sys

    from meetscribe.cli.application import application
    from meetscribe.cli.display.messages import unexpected
    from meetscribe.runtime.fast_exit import leave
    from meetscribe.runtime.process import prepare_process

    prepare_process()
    sys.excepthook = unexpected
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that lacks a letter shows ?, and the run goes on
            stream.reconfigure(errors="replace")
    try:
        application(prog_name="meetscribe")
    except SystemExit as end:
        if isinstance(end.code, int):
            leave(end.code)
        raise
