"""A row of the table, and the folder in which rows run commands and leave files for later ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from meetscribe import evaluation, formats
from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.transcript import Segment, Transcript
from tests.benchmarks.accuracy import SAMPLES, truth_of
from tests.support.microphones import write_wav

ROOT = Path(__file__).parents[3]
CONFIG = str(SAMPLES / "offline.toml")
EXCERPT_SECONDS = 30.0


class Skip(Exception):
    """A row cannot run here; the text says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A system: its name, the command or function that the row runs, and the check, which returns the result.

    The check raises AssertionError if the result is wrong, and Skip.
    """

    name: str
    command: str
    check: Callable[[Work], str]


class Work:
    """A temporary folder for all rows; its cache and data folder are its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment: Mapping[str, str] = os.environ | {
            "MEETSCRIBE_CACHE": str(folder / "cache"),
            "MEETSCRIBE_DATA": str(folder / "data"),
            "MEETSCRIBE_RUN__OFFLINE": "true",
            "PYTHONPATH": str(ROOT),
        }

    def meetscribe(self, *arguments: object, codes: tuple[int, ...] = (0,)) -> str:
        """Run the command in the folder and return its stdout; raises AssertionError for another exit code."""
        command = [sys.executable, "-m", "meetscribe", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=self.folder, env=dict(self.environment), capture_output=True, text=True, check=False
        )
        assert done.returncode in codes, f"exit code {done.returncode}: {' '.join(done.stderr.split()[-40:])}"
        return done.stdout

    def load(self, name: str) -> Transcript:
        """Return the transcript in a file of the folder; raises Skip if an earlier row has not made it."""
        if not (self.folder / name).exists():
            raise Skip(f"the row that makes {name} has not succeeded")
        return formats.load(self.folder / name)

    @cached_property
    def excerpt(self) -> Path:
        """The first half minute of the stand-up as WAV."""
        samples = load_audio(SAMPLES / "standup.flac").samples[: round(EXCERPT_SECONDS * SAMPLE_RATE)]
        write_wav(self.folder / "excerpt.wav", samples)
        return self.folder / "excerpt.wav"

    @cached_property
    def excerpt_truth(self) -> Transcript:
        """The reference words of the excerpt."""
        truth = truth_of(SAMPLES / "standup.flac")
        runs = (tuple(word for word in segment.words if word.end <= EXCERPT_SECONDS) for segment in truth.segments)
        return truth.with_segments(Segment(run) for run in runs if run)


def word_error(truth: Transcript, found: Transcript | str, limit: float) -> str:
    """Return the word error rate as text; raises AssertionError above the limit."""
    text = found if isinstance(found, str) else found.text
    words = [each for word in truth.words for each in evaluation.normalize(word.text)]
    rate = evaluation.wer(words, evaluation.normalize(text)).rate
    assert rate is not None
    assert rate <= limit, f"WER {rate:.1%} is above {limit:.0%}: {text[:80]!r}"
    return f"WER {rate:.1%}"


def parsed(text: str) -> Any:
    """Return a JSON document; raises AssertionError for other text."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise AssertionError(f"not JSON: {text[:80]!r}") from error
