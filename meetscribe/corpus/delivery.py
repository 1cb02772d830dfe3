"""Writing the output files of the recordings of a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from meetscribe.corpus.events import Task
from meetscribe.publishing import destinations
from meetscribe.publishing.file_names import Template
from meetscribe.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Delivered:
    """The transcript as written, with earlier corrections, and the absolute paths of its files."""

    transcript: Transcript
    outputs: tuple[str, ...]


Deliver: TypeAlias = Callable[[Task, Transcript], Delivered]
"""Writes the files of a transcript; raises OutputError. Must survive pickling."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Writes transcripts into a folder, or beside each recording if `folder` is None."""

    folder: Path | None
    formats: tuple[str, ...]
    template: Template = Template()
    overwrite: bool = False

    def __call__(self, task: Task, transcript: Transcript) -> Delivered:
        """Write the files in all formats.

        Raises OutputError if a file cannot be written, or exists and was not written by meetscribe.
        """
        name = self.template.fill(task.stem, task.recording, transcript)
        folder = task.recording.parent if self.folder is None else self.folder / name.parent
        # `targets` removes the suffix of the recording, so the name is given one.
        files = destinations.targets(Path(f"{name.name}.recording"), folder, self.formats, self.overwrite)
        corrected = destinations.corrected(transcript, files)
        written, failed = destinations.write_all(corrected, files)
        if failed:
            raise failed[0]
        return Delivered(corrected, tuple(str(path.absolute()) for path in written))
