"""The regression set: data outside the training domain, on which the trained model must not become worse."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from meetscribe.errors import InputError
from meetscribe.formats.recording_files import find_transcripts, recording_name
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.training.comparison.scores import ScoredText
from meetscribe.training.comparison.transcribing import Clips, Machine, transcribe_clips, transcribe_recordings
from meetscribe.training.data import load_examples
from meetscribe.training.data.manifest import MANIFEST

_AUDIO = {".flac", ".wav", ".mp3", ".m4a", ".mp4", ".ogg", ".opus", ".webm", ".mkv"}


def score_regression(
    folder: Path, base: Path, trained: Path, machine: Machine, progress: Progress = ignore_progress
) -> list[ScoredText]:
    """Return the texts of both models for the clips of a data set, or for recordings with references beside them.

    A reference has the name of its recording, and any format that meetscribe reads. Raises InputError if the folder
    contains neither a data set nor recordings with references.
    """
    if (folder / MANIFEST).is_file():
        return score_clips(folder, base, trained, machine, progress=progress)
    references = find_transcripts(folder)
    files = {recording_name(file): file for file in sorted(folder.iterdir()) if file.suffix.lower() in _AUDIO}
    names = [name for name in references if name in files]
    if not names:
        raise InputError(
            f"{folder} has no recordings with reference transcripts",
            "Give each reference the name of its recording: talk.flac and talk.txt; or give the folder of a data set.",
        )
    recordings = [files[name] for name in names]
    before, after = (
        transcribe_recordings(model, recordings, machine, _half(progress, half))
        for half, model in enumerate((base, trained))
    )
    known = [references[name]().edited() for name in names]
    return [
        ScoredText(name, name, reference.meta.language, reference.text, one, other)
        for name, reference, one, other in zip(names, known, before, after, strict=True)
    ]


def score_clips(
    folder: Path,
    base: Path,
    trained: Path,
    machine: Machine,
    *,
    splits: Sequence[str] = ("train", "dev", "test"),
    progress: Progress = ignore_progress,
) -> list[ScoredText]:
    """Return the texts of both models for the clips of some splits of a data set, without augmented copies."""
    examples = [example for example in load_examples(folder) if example.split in splits and not example.augmentation]
    before, after = (
        transcribe_clips(model, Clips(folder, examples), machine, progress=_half(progress, half))
        for half, model in enumerate((base, trained))
    )
    return [
        ScoredText(example.id, example.recording, example.language, example.text, one, other)
        for example, one, other in zip(examples, before, after, strict=True)
    ]


def _half(progress: Progress, half: int) -> Progress:
    """Return a progress callback for the first (0) or the second (1) half of the work."""
    return lambda done: progress((half + done) / 2)
