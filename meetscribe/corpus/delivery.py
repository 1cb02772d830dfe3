"""Writing the output files of the recordings of a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from meetscribe.corpus.events import Task
from meetscribe.corpus.remote.files import Location
from meetscribe.corpus.remote.staging import staged
from meetscribe.errors import JSON
from meetscribe.formats.parts.options import FormatOptions
from meetscribe.publishing import destinations
from meetscribe.publishing.corrections import carry_corrections
from meetscribe.publishing.file_names import Template
from meetscribe.results import json_digest
from meetscribe.settings import Settings
from meetscribe.transcript import Transcript
from meetscribe.transcript.vocabulary.application import Vocabulary, apply_vocabulary


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """The written transcript, with earlier corrections, and the absolute paths or addresses of its files."""

    transcript: Transcript
    outputs: tuple[str, ...]


Deliver: TypeAlias = Callable[[Task, Transcript], DeliveryResult]
"""Writes the files of a transcript; raises OutputError. Must be picklable."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Writes transcripts to a local or remote folder, or beside each recording if `folder` is None.

    `format_options` holds the options by format. `vocabulary` corrects the words after the corrections of earlier files
    are applied.
    """

    folder: Location | None
    formats: tuple[str, ...]
    template: Template = Template()
    overwrite: bool = False
    format_options: FormatOptions = field(default_factory=dict)
    vocabulary: Vocabulary = Vocabulary(())

    def __call__(self, task: Task, transcript: Transcript) -> DeliveryResult:
        """Write the files in all formats.

        Raises OutputError if a file cannot be written, or exists and was not written by meetscribe, and
        UnreachableError if a store does not respond.
        """
        name, folder = self._name_and_folder(task, transcript)
        if isinstance(folder, Path):
            corrected, files = self._corrected(name, folder, transcript)
            return self._write(corrected, files)
        with staged(folder, [path.name for path in self._files(name, Path())]) as staging:
            corrected, files = self._corrected(name, staging.path, transcript)
            delivered = self._write(staging.addressed(corrected), files)
            return replace(delivered, outputs=staging.send(delivered.outputs))

    def planned_files(self, task: Task) -> list[Location]:
        """Return the files that would be written; unknown fields of the name remain in braces."""
        name, folder = self._name_and_folder(task)
        return [folder / file.name for file in self._files(name, Path())]

    def _corrected(self, name: Path, folder: Path, transcript: Transcript) -> tuple[Transcript, dict[str, Path]]:
        """Return the corrected transcript and the files to write; raises OutputError if a file is protected."""
        files = destinations.prepare_outputs(name, folder, self.formats, self.overwrite)
        return apply_vocabulary(carry_corrections(transcript, files), self.vocabulary), files

    def _write(self, transcript: Transcript, files: dict[str, Path]) -> DeliveryResult:
        written, failed = destinations.write_files(transcript, files, self.format_options)
        if failed:
            raise failed[0]
        return DeliveryResult(transcript, tuple(str(path.absolute()) for path in written))

    def _files(self, name: Path, folder: Path) -> list[Path]:
        return list(destinations.output_files(name, folder, self.formats).values())

    def _name_and_folder(self, task: Task, transcript: Transcript | None = None) -> tuple[Path, Location]:
        """Return the path by which the output files are named, with a placeholder suffix, and their folder."""
        name = self.template.fill(task.stem, task.path, transcript)
        folder = task.recording.parent if self.folder is None else self.folder / name.parent
        return Path(f"{name.name}.recording"), folder


_MACHINE = frozenset({"device", "threads", "offline", "cpu_fallback", "weights", "cache"})  # settings of [run]


def settings_digest(settings: Settings, delivery: Delivery) -> str:
    """Return a digest of the settings, formats, options, names and corrections that determine the output files.

    The settings in [run] that depend on the machine, such as the device, are left out, so that machines that differ in
    them can share a manifest.
    """
    values: dict[str, JSON] = {
        "settings": _portable(settings.non_defaults()),
        "formats": list(delivery.formats),
        "name": delivery.template.text,
    }
    if delivery.format_options:
        values["format_options"] = {name: dict(options) for name, options in delivery.format_options.items()}
    if delivery.vocabulary.rows:
        values["corrections"] = [[row.wrong, row.right, row.expression] for row in delivery.vocabulary.rows]
    return json_digest(values)[:16]


def _portable(changed: dict[str, JSON]) -> dict[str, JSON]:
    """Return the changed settings by table, without the machine-specific ones."""
    run = changed.get("run")
    kept: JSON = {key: value for key, value in run.items() if key not in _MACHINE} if isinstance(run, dict) else {}
    others = {table: values for table, values in changed.items() if table != "run"}
    return {**others, "run": kept} if kept else others
