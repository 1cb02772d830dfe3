"""Write a data set: clips, then the manifest, then the summary; existing clips are kept."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.errors import InputError, OutputError, os_reason
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.storage.files import hold_folder, read_file, replace_file
from meetscribe.training.data.clips.augmentation import Samples, changed_samples, read_noise
from meetscribe.training.data.clips.files import CLIP_BYTES, CLIPS, wav_bytes
from meetscribe.training.data.clips.meetings import load_tracks
from meetscribe.training.data.manifest import MANIFEST, dumps, load_examples
from meetscribe.training.data.omissions import total
from meetscribe.training.data.planning import Plan, PlannedExample, separated
from meetscribe.training.data.summary import DATASET, DataSummary, summary_of
from meetscribe.training.data.values import Example

_OWN = {CLIPS, MANIFEST, DATASET}
_CLIP = re.compile(r"[0-9a-f]{16}\.wav")
_MIN_SHARE = 0.9
"""The smallest share of a clip that the recording must contain; rounding may cut off its end."""


def write_data_set(folder: Path, plan: Plan, progress: Progress = ignore_progress) -> DataSummary:
    """Write missing clips, the manifest and the summary; return the summary.

    Files are readable by their owner only and replaced atomically; an interrupted call leaves the previous data set
    intact, and the next call continues. Clips that are no longer in the manifest are deleted. Raises OutputError if the
    folder contains other files but no data set, is in use or cannot be written; InputError if a recording cannot be
    decoded or two splits share audio or text.
    """
    try:
        with _opened(folder):
            digests = _write_clips(folder, plan, progress)
            examples = [replace(one, sha256=digests[one.id]) for one in plan.examples]
            kept, dropped = separated(examples, drop=plan.settings.drop_shared)
            manifest = dumps(kept).encode()
            summary = summary_of(kept, replace(plan, left_out=total([*plan.left_out, *dropped])))
            replace_file(folder / MANIFEST, manifest)
            replace_file(folder / DATASET, summary.to_text().encode())
            _delete_unused(folder, kept)
    except OSError as error:
        raise OutputError(f"{folder}: {os_reason(error)}", "Choose another folder, or free space.") from error
    progress(1.0)
    return summary


@contextmanager
def _opened(folder: Path) -> Iterator[None]:
    """Create the folder if missing, and lock it.

    Raises OutputError if it contains other files but no data set, or is in use.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    if names - _OWN and DATASET not in names:
        raise OutputError(f"{folder} contains other files", "Choose a new folder for the data set.")
    (folder / CLIPS).mkdir(mode=0o700, exist_ok=True)
    held = hold_folder(folder)
    if held is None:
        raise OutputError(f"{folder} is in use by another process", "Wait until it has finished.")
    try:
        yield
    finally:
        os.close(held)


def _write_clips(folder: Path, plan: Plan, progress: Progress) -> dict[str, str]:
    """Write missing clips, recording by recording; return the digest of each clip by id."""
    digests = _existing(folder, plan.examples)
    by_path: dict[Path, list[PlannedExample]] = defaultdict(list)
    for one in plan.planned:
        if one.example.id not in digests:
            by_path[one.track.path].append(one)
    seconds = sum(one.example.seconds for own in by_path.values() for one in own)
    done = 0.0
    for path, own in by_path.items():
        tracks = load_tracks(path, list(dict.fromkeys(one.track for one in own)))
        noise = {track: read_noise(audio, plan.pauses.get(track, ())) for track, audio in tracks.items()}
        for one in own:
            data = wav_bytes(_samples(one, tracks[one.track], noise[one.track]))
            replace_file(folder / one.example.audio, data)
            digests[one.example.id] = hashlib.sha256(data).hexdigest()
            done += one.example.seconds
            progress(done / seconds)
    return digests


def _existing(folder: Path, examples: Sequence[Example]) -> dict[str, str]:
    """Return the digests of existing clips by id, except clips that differ from the previous manifest."""
    previous: Mapping[str, str] = {}
    if (folder / MANIFEST).exists():
        with suppress(InputError):
            previous = {one.id: one.sha256 for one in load_examples(folder)}
    found = {}
    for example in examples:
        with suppress(OSError):
            digest = hashlib.sha256(read_file(folder / example.audio, CLIP_BYTES)).hexdigest()
            if previous.get(example.id, digest) == digest:
                found[example.id] = digest
    return found


def _samples(planned: PlannedExample, audio: Audio, noise: Samples) -> Samples:
    """Return the samples `(frames,)` of an example; raises InputError if the recording ends too early."""
    example = planned.example
    samples = audio.slice(example.span)
    if len(samples) < _MIN_SHARE * example.span.duration * SAMPLE_RATE:
        raise InputError(
            f"{audio.name} lasts {audio.duration:.1f} s, but the transcript has words at {example.span.end:.1f} s",
            "The transcript belongs to another recording: give the right one with --audio.",
        )
    if planned.change is None:
        return samples
    return changed_samples(samples, planned.change, noise, Random(example.id))


def _delete_unused(folder: Path, examples: Sequence[Example]) -> None:
    """Delete the clips that no example uses."""
    used = {Path(one.audio).name for one in examples}
    for path in (folder / CLIPS).iterdir():
        if path.name not in used and _CLIP.fullmatch(path.name):
            path.unlink(missing_ok=True)
