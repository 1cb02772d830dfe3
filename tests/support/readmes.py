"""READMEs of the project: their code blocks and tables, and a folder in which the code blocks can run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np

from meetscribe.audio import load_audio
from tests.support.microphones import write_wav
from tests.support.recordings import write

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
READMES = [ROOT / "README.md", *sorted((ROOT / "meetscribe").rglob("README.md"))]

SECONDS = 20
"""Length of the recordings in the folder: the first utterances of the stand-up, of three speakers."""

RECORDINGS = ("recordings/monday.wav", "talks/first.mp3", "more/other.wav")


def name_of(readme: Path) -> str:
    """Return the path of a README from the root, for test ids."""
    return readme.relative_to(ROOT).as_posix()


def blocks(text: str, language: str) -> list[str]:
    """Return the contents of the fenced code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[list[str]]:
    """Return the arguments of each `meetscribe …` line of the shell blocks, without comments and redirections."""
    lines = [line for block in blocks(text, "sh") for line in block.replace("\\\n", " ").splitlines()]
    words = [shlex.split(line, comments=True) for line in lines]
    return [line[1 : line.index(">") if ">" in line else None] for line in words if line[:1] == ["meetscribe"]]


def table(text: str, head: str) -> list[list[str]]:
    """Return the rows of the table whose header starts with `head`, without the header."""
    lines = text[text.index(f"| {head} |") :].splitlines()
    end = next((place for place, line in enumerate(lines) if not line.startswith("|")), None)
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines[:end]][2:]


def fill(folder: Path) -> Path:
    """Write recordings and settings under the names that the READMEs use; return the folder."""
    samples = load_audio(SAMPLES / "standup.flac").samples[: SECONDS * 16_000]
    for number, name in enumerate(RECORDINGS):
        (folder / name).parent.mkdir(parents=True)
        write_wav(folder / name, samples[number * 16_000 : (number + 6) * 16_000])
    (folder / "more.txt").write_text("more/other.wav\n")
    write(folder / "meeting.mp4", np.asarray(samples, np.float64)[None], "aac", video=True)
    settings = (SAMPLES / "offline.toml").read_text(encoding="utf-8")
    (folder / "meetscribe.toml").write_text(settings.replace("weights/", f"{SAMPLES.as_posix()}/weights/"))
    return folder
