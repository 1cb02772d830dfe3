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
    """Return a command that runs `meetscribe` with a fake pipeline that executes `then`."""
    return [sys.executable, "-c", FAKE_RUN.format(arguments=arguments, then=then)]


@pytest.fixture
def recording(place: Path) -> str:
    (place / "meeting.wav").write_bytes(b"x")
    return "meeting.wav"


def on_terminal(command: list[str], **variables: str) -> tuple[int, str]:
    """Run a command on a pseudo-terminal; return its exit code and output."""
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
    """Each stage and the whole run have a bar with its time; the transcript is printed after them."""
    exit_code, output = on_terminal(code(recording, "-f", "txt"))
    assert exit_code == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", output)
    assert re.search(r"transcription ━+ done in \d+\.\d s", plain)
    assert re.search(r"meeting\.wav   ━+ 0:00:0\d elapsed", plain)
    assert plain.rindex("done in") < plain.index("SPEAKER_00: ") < plain.index("warning: mind the gap")
    assert f"{ESCAPE}33m" in output  # the warning is yellow


def test_messages_are_printed_above_the_bars(recording: str) -> None:
    """A message printed while bars move has its own line."""
    output = on_terminal(
        code(recording, "-f", "txt", then="from meetscribe.cli.display.messages import info; info('mind me')")
    )[1]
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", output)
    assert re.search(r"[\r\n]mind me *[\r\n]", plain)


def test_no_color(recording: str) -> None:
    """With NO_COLOR there are no colours, even on a terminal."""
    exit_code, output = on_terminal(code(recording, "-f", "txt"), NO_COLOR="1")
    assert exit_code == 0
    assert "done in" in output
    assert not re.search(r"\x1b\[[0-9;]*(3|4|9)\d[0-9;]*m", output)


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_results_without_colors(variables: dict[str, str]) -> None:
    """The variables apply to what is printed on stdout too."""
    command = [sys.executable, "-c", "from meetscribe.cli import main; main()", "formats", "srt"]
    assert ESCAPE in on_terminal(command)[1]
    exit_code, output = on_terminal(command, **variables)
    assert exit_code == 0 and "srt: read and written" in output.replace("\n", "") and ESCAPE not in output


def test_quiet_hides_the_note_after_ctrl_c(recording: str) -> None:
    """Ctrl-C during a quiet command only sets the exit code."""
    for flags in ((), ("-q",)):
        command = code(recording, *flags, then="raise KeyboardInterrupt")
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, "interrupted" in done.stderr) == (130, not flags)
        assert not flags or done.stderr == ""


def test_a_narrow_terminal_has_no_bars(recording: str) -> None:
    """On a narrow terminal the status is shown without bars, and no line is wrapped."""
    output = on_terminal(code(recording, "-f", "txt"), COLUMNS="40")[1]
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", output)
    assert re.search(r"transcription done in \d+\.\d s", plain) and "━" not in plain


def test_a_dumb_terminal_has_lines(recording: str) -> None:
    output = on_terminal(code(recording, "-f", "txt"), TERM="dumb")[1]
    assert "audio …" in output and ESCAPE not in output


def test_an_unexpected_error_is_one_line(recording: str) -> None:
    """An unexpected exception gives exit code 1; its traceback is printed only with --debug."""
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
    """An interrupted process prints a note and exits with code 130, without a traceback."""
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


def test_characters_that_the_terminal_cannot_encode(recording: str) -> None:
    """Characters that stdout cannot encode are printed as ?; the files are correct."""
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
