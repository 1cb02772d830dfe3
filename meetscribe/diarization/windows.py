"""Segmentation and voiceprints of overlapping windows, computed in batches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import torch

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.diarization.voiceprints import WindowEmbedder
from meetscribe.runtime import silence
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.runtime.threads import parallel_map, torch_threads
from meetscribe.timeline import Seconds

Batch: TypeAlias = tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_], npt.NDArray[np.float32]]
"""Scores, activity and voiceprints of some windows."""

MIN_EXCLUSIVE_SHARE = 0.2
"""The share of a window in which a speaker must be the only active one for the voiceprint to be used in clustering."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The positions of windows and frames: a window every `hop` seconds, a frame of `width` seconds every `step`."""

    hop: Seconds
    step: Seconds
    width: Seconds

    def first_frame(self, window: int) -> int:
        """Return the frame of the recording at which a window begins."""
        return round(window * self.hop / self.step)

    def time(self, frame: int) -> Seconds:
        """Return the centre of a frame of the recording."""
        return frame * self.step + self.width / 2


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """The windows of a recording, with about 30 kB per second of it.

    `scores` float16 `(windows, frames, speakers)` are the probabilities that the local speakers are active, `active`
    whether they are. `voiceprints` is float32 `(windows, speakers, dim)`, NaN where there is none.
    """

    grid: Grid
    scores: npt.NDArray[np.float16]
    active: npt.NDArray[np.bool_]
    voiceprints: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, part: slice) -> Windows:
        """Return some of the windows; the first of them has index 0."""
        return Windows(self.grid, self.scores[part], self.active[part], self.voiceprints[part])

    def active_speakers(self) -> npt.NDArray[np.bool_]:
        """Return which local speakers are active in any frame, `(windows, speakers)`."""
        return np.asarray(self.active.any(axis=1))

    def usable_voiceprints(self) -> npt.NDArray[np.bool_]:
        """Return which voiceprints are from enough speech without overlap, `(windows, speakers)`."""
        exclusive = self.active & (self.active.sum(axis=2, keepdims=True) == 1)
        enough = exclusive.sum(axis=1) >= MIN_EXCLUSIVE_SHARE * self.active.shape[1]
        usable: npt.NDArray[np.bool_] = enough & np.isfinite(self.voiceprints).all(axis=2)
        return usable


def join_windows(parts: Sequence[Windows]) -> Windows:
    """Return the windows of parts of a recording that follow each other; raises ValueError without a part."""
    if not parts:
        raise ValueError("there are no windows to join")
    arrays = zip(*((part.scores, part.active, part.voiceprints) for part in parts), strict=True)
    scores, active, voiceprints = map(np.concatenate, arrays)
    return Windows(parts[0].grid, scores, active, voiceprints)


def compute_windows(
    audio: Audio, pipeline: Any, embedder: WindowEmbedder, progress: Progress = ignore_progress
) -> Windows:
    """Return the windows of a recording, by an instantiated pipeline of pyannote.audio and an embedder.

    The segmentation network runs once per window, the embedding network only for windows with active speakers. One
    batch of the recording is held per thread. `progress` rises to 1.
    """
    segmentation = pipeline._segmentation
    length, hop = (round(seconds * SAMPLE_RATE) for seconds in (segmentation.duration, segmentation.step))
    count = 1 + max(0, math.ceil((len(audio.samples) - length) / hop))
    starts = range(0, count, segmentation.batch_size)

    def compute(first: int) -> Batch:
        size = min(segmentation.batch_size, count - first)
        return _compute_batch(_samples(audio, first * hop, length, hop, size), pipeline, embedder)

    workers = torch_threads() if segmentation.device.type == "cpu" else 1
    windows: Windows | None = None
    with silence.without_warnings():
        for first, batch in zip(starts, parallel_map(compute, starts, workers), strict=True):
            if windows is None:
                windows = _allocate(count, batch[0], embedder.dimension, segmentation)
            part = slice(first, first + len(batch[0]))
            windows.scores[part], windows.active[part], windows.voiceprints[part] = batch
            progress(part.stop / count)
    assert windows is not None
    return windows


def _compute_batch(samples: npt.NDArray[np.float32], pipeline: Any, embedder: WindowEmbedder) -> Batch:
    """Return the scores, the activity and the voiceprints of a batch of windows `(windows, 1, samples)`."""
    waveforms = torch.from_numpy(samples)
    scores = pipeline._segmentation.infer(waveforms)
    active = _active(scores, pipeline)
    masks = _embedding_masks(active, pipeline, embedder, samples.shape[2])
    return scores, active, embedder(waveforms, torch.from_numpy(masks))


def _allocate(count: int, scores: Any, dimension: int, segmentation: Any) -> Windows:
    """Return empty arrays for all windows.

    Allocated beforehand: small arrays between those of the models would keep their memory from being freed.
    """
    _, frames, speakers = scores.shape
    field = segmentation.model.receptive_field
    return Windows(
        Grid(segmentation.step, field.step, field.duration),
        np.zeros((count, frames, speakers), np.float16),
        np.zeros((count, frames, speakers), np.bool_),
        np.zeros((count, speakers, dimension), np.float32),
    )


def _samples(audio: Audio, begin: int, length: int, hop: int, count: int) -> npt.NDArray[np.float32]:
    """Return `count` windows `(count, 1, length)`, the first from sample `begin`; padded with silence."""
    block = np.zeros((count - 1) * hop + length, np.float32)
    inside = audio.samples[begin : begin + len(block)]
    block[: len(inside)] = inside
    return np.lib.stride_tricks.sliding_window_view(block, length)[::hop][:, None].copy()


def _active(scores: npt.NDArray[np.float32], pipeline: Any) -> npt.NDArray[np.bool_]:
    """Return which local speakers are active; the scores of a powerset model are 0 or 1."""
    powerset = pipeline._segmentation.model.specifications.powerset
    threshold = 0.5 if powerset else pipeline.segmentation.threshold
    active: npt.NDArray[np.bool_] = scores > threshold
    return active


def _embedding_masks(
    active: npt.NDArray[np.bool_], pipeline: Any, embedder: WindowEmbedder, samples: int
) -> npt.NDArray[np.float32]:
    """Return the frames for the voiceprints `(windows, speakers, frames)`, without overlap if there are enough."""
    used = active
    if pipeline.embedding_exclude_overlap:
        exclusive = active & (active.sum(axis=2, keepdims=True) == 1)
        minimum = math.ceil(active.shape[1] * embedder.min_samples / samples)
        used = np.where(exclusive.sum(axis=1, keepdims=True) > minimum, exclusive, active)
    return np.ascontiguousarray(used.transpose(0, 2, 1), dtype=np.float32)
