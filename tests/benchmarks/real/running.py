"""Compute the outputs that are not stored yet: a process for each system, each output stored at once."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from meetscribe.errors import MeetscribeError
from tests.benchmarks.real.outputs import Output, Results
from tests.benchmarks.real.recordings import Recording
from tests.benchmarks.real.systems import Choices, dependencies
from tests.benchmarks.real.worker import MARK


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outputs of a model on recordings; `results` stores them."""

    choices: Choices
    results: Results

    @property
    def weights(self) -> str:
        """A digest of the model."""
        return digest_of(self.choices.model.iterdir())

    def outputs(self, system: str, recordings: Sequence[Recording], *, stored: bool = False) -> dict[str, Output]:
        """Return the output of a system for each recording by its key; with `stored`, only those that are stored.

        Raises MeetscribeError if the process of the system fails.
        """
        fixed = dependencies(system, self.choices, self.weights)
        files = {
            each.key: self.results.file(each.key, system, {**fixed, "file": digest_of([each.path])})
            for each in recordings
        }
        found = {key: output for key, file in files.items() if (output := self.results.read(file)) is not None}
        missing = [each for each in recordings if each.key not in found]
        if missing and not stored:
            found |= self._run(system, missing, files)
        return found

    def _run(self, system: str, recordings: Sequence[Recording], files: Mapping[str, Path]) -> dict[str, Output]:
        """Run a system in its own process, and store each output."""
        task = {
            "system": system,
            "choices": {**asdict(self.choices), "model": str(self.choices.model)},
            "paths": [str(each.path) for each in recordings],
        }
        command = [sys.executable, "-m", "tests.benchmarks.real.worker"]
        found: dict[str, Output] = {}
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            json.dump(task, process.stdin)
            process.stdin.close()
            for line in process.stdout:
                if line.startswith(MARK):
                    recording = recordings[len(found)]
                    found[recording.key] = Output.from_json(line.removeprefix(MARK))
                    self.results.write(files[recording.key], found[recording.key])
                    print(f"{system}: {len(found)} of {len(recordings)}, {recording.key}", file=sys.stderr)
        if process.returncode:
            raise MeetscribeError(f"{system} ended with code {process.returncode} after {len(found)} recordings")
        return found


def digest_of(files: Iterable[Path]) -> str:
    """Return a digest of the content of files."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
