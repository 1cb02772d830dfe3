"""Run `meetscribe` with the sample weights in a process, read its events, and send it signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from meetscribe.audio import load_audio

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
OFFLINE = ("--config", str(SAMPLES / "offline.toml"), "--offline", "--progress", "json")
QUICK = ("--no-diarize", "--no-align", "--set", "asr.quality=false", "--set", "asr.coverage=false")
"""Settings for words alone: the models of the other stages take longer to load than a clip to transcribe."""

TIMEOUT = 120.0  # seconds; more than a loaded machine needs


def clip(path: Path, start: float, seconds: float) -> Path:
    """Write a WAV file with an excerpt of the stand-up, and return its path."""
    samples = load_audio(SAMPLES / "standup.flac").samples[round(start * 16_000) : round((start + seconds) * 16_000)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes((samples * 32_767).astype("<i2").tobytes())
    return path


@dataclass
class RunningCommand:
    """A running `meetscribe` with `--progress json`; `events` and `messages` are its events and other lines so far."""

    process: subprocess.Popen[str]
    events: list[dict[str, Any]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def until(self, kind: str, **values: object) -> dict[str, Any]:
        """Return the next event of this kind with these values; raises AssertionError if the process ends before."""
        for line in self._lines():
            event = self.events[-1] if line.startswith("{") else {}
            if event.get("event") == kind and values.items() <= event.items():
                return event
        raise AssertionError(f"the process ended before: {self.messages}")

    def interrupt(self, times: int = 1, number: int = signal.SIGINT) -> None:
        """Send a signal to the process group, as a terminal does; each further one follows the next line of output."""
        os.killpg(self.process.pid, number)
        for _ in range(times - 1):
            next(line for line in self._lines() if not line.startswith("{"))
            os.killpg(self.process.pid, number)

    def end(self) -> int:
        """Wait for the end and return the exit code as a shell reports it, 128 and the signal's number for a signal."""
        for _ in self._lines():
            pass
        code = self.process.wait(TIMEOUT)
        return code if code >= 0 else 128 - code

    def _lines(self) -> Iterator[str]:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.startswith("{"):
                self.events.append(json.loads(line))
            else:
                self.messages.append(line.rstrip("\n"))
            yield line


@contextmanager
def running_command(cache: Path, *arguments: str, options: Sequence[str] = OFFLINE) -> Iterator[RunningCommand]:
    """Yield the process of a command with these arguments, options and cache folder, and kill it at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MEETSCRIBE_")}
    environment |= {"MEETSCRIBE_CACHE": str(cache), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "meetscribe", *arguments, *options],
        cwd=cache.parent,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_restore_sigint,
        start_new_session=True,
    )
    with process:
        try:
            yield RunningCommand(process)
        finally:
            process.kill()


def killed_after(command: Sequence[str], seconds: float) -> bool:
    """Run a command that prints a line when it is ready, and kill it some time later; return whether it had ended."""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            return process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return False


def _restore_sigint() -> None:
    """Restore the default handling of SIGINT, which is ignored if the tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
