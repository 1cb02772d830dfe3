from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

ESCAPE = "\x1b["

FAKE_RUN = """
import sys
from meetscribe import pipeline
from meetscribe.cli import main
from meetscribe.testing import synthetic_meeting
from tests.support.notices import notices

def run(recording, settings, *, progress):
    for stage in ("audio", "transcription"):
        for done in (0.0, 0.4, 1.0):
            progress(stage, done)
    {then}
    return synthetic_meeting().transcript.with_meta(notices=notices("mind the gap"))

pipeline.run = run
sys.argv = ["meetscribe", *{arguments!r}]
main()
"""


def code(*arguments: str, then: str = "pass") -> list[str]:
    """A command that runs `meetscribe` with a pipeline that does `then`."""
    return [sys.executable, "-c", FAKE_RUN.format(arguments=arguments, then=then)]


@pytest.fixture
def recording(place: Path) -> str:
    (place / "meeting.wav").write_bytes(b"x")
    return "meeting.wav"


def on_terminal(command: list[str], **variables: str) -> tuple[int, str]:
    """The exit code of a command and what it writes on a terminal."""
    pty = pytest.importorskip("pty")
    main, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **variables}
    child = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment)
    os.close(terminal)
    output = b""
    while True:
        try:
            block = os.read(main, 4096)
        except OSError:  # the terminal is gone
            break
        if not block:
            break
        output += block
    os.close(main)
    return child.wait(timeout=60), output.decode()


def test_bars_on_a_terminal(recording: str) -> None:
    """On a terminal each stage has a bar and its time, so have all of them; the transcript comes after them."""
    exit_code, output = on_terminal(code(recording, "-f", "txt"))
    assert exit_code == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", output)
    assert re.search(r"transcription ━+ done in \d+\.\d s", plain)
    assert re.search(r"meeting\.wav   ━+ 0:00:0\d elapsed", plain)
    assert plain.rindex("done in") < plain.index("SPEAKER_00: ") < plain.index("warning: mind the gap")
    assert f"{ESCAPE}33m" in output  # the warning is yellow


def test_what_is_said_meanwhile_stands_above_the_bars(recording: str) -> None:
    """A line that is said while bars move is a line of its own."""
    output = on_terminal(
        code(recording, "-f", "txt", then="from meetscribe.cli.display.messages import info; info('mind me')")
    )[1]
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", output)
    assert re.search(r"[\r\n]mind me *[\r\n]", plain)


def test_no_color_is_honoured(recording: str) -> None:
    """With NO_COLOR nothing is coloured, not even on a terminal."""
    exit_code, output = on_terminal(code(recording, "-f", "txt"), NO_COLOR="1")
    assert exit_code == 0
    assert "done in" in output
    assert not re.search(r"\x1b\[[0-9;]*(3|4|9)\d[0-9;]*m", output)


def test_a_narrow_terminal_has_no_bars(recording: str) -> None:
    """Where there is no room for bars, what they say is there, and no line is broken."""
    output = on_terminal(code(recording, "-f", "txt"), COLUMNS="40")[1]
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", output)
    assert re.search(r"transcription done in \d+\.\d s", plain) and "━" not in plain


def test_a_dumb_terminal_has_lines(recording: str) -> None:
    output = on_terminal(code(recording, "-f", "txt"), TERM="dumb")[1]
    assert "audio …" in output and ESCAPE not in output


def test_the_unexpected_is_one_line(recording: str) -> None:
    """What nobody foresaw has exit code 1 and no traceback, but with --debug."""
    wrong = "raise ZeroDivisionError('by nothing')"
    done = subprocess.run(code(recording, then=wrong), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-2:] == [
        "error: ZeroDivisionError: by nothing",
        "This error is unexpected. Run the command again with --debug for the traceback.",
    ]
    command = code(recording, "--debug", then=wrong)
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_ctrl_c_is_130(recording: str) -> None:
    """An interrupted process says what is kept and exits with 130, without a traceback."""
    import signal

    command = code(recording, then="import time; print('ready', flush=True); time.sleep(60)")
    child = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background may have them ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert child.stdout is not None and child.stdout.readline() == "ready\n"
    time.sleep(0.1)
    child.send_signal(signal.SIGINT)
    _, stderr = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "Traceback" not in stderr
    assert stderr.splitlines()[-1].startswith("interrupted: ")


def test_a_terminal_without_the_letters_is_no_obstacle(recording: str) -> None:
    """Where stdout cannot show a letter, it shows ?, and the files are whole."""
    then = (
        "from meetscribe.transcript import Word, Segment, Transcript, Meta; "
        "return Transcript((Segment((Word('Grüße-我', 0, 1),)),), Meta('de', 1))"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        code(recording, "-f", "txt", then=then), capture_output=True, check=False, timeout=60, env=environment
    )
    assert done.returncode == 0
    assert done.stdout == "[0:00:00.0] Grüße-?\n".encode("latin-1")
    assert "Grüße-我" in Path("meeting.txt").read_text(encoding="utf-8")
