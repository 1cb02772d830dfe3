"""Run the networks on overlapping windows, in batches."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import torch

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.diarization.voiceprints import WindowEmbedder
from meetscribe.diarization.windows import Grid, Windows, central_frames
from meetscribe.runtime import silence
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.runtime.threads import parallel_map, torch_threads

Batch: TypeAlias = tuple[
    npt.NDArray[np.float32], npt.NDArray[np.bool_], npt.NDArray[np.float32], npt.NDArray[np.float32]
]
"""Scores, activity, voiceprints and central voiceprints of some windows."""


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
            scores, active, voiceprints, central = batch
            windows.scores[part], windows.active[part] = scores, active
            windows.voiceprints[part], windows.central[part] = voiceprints, central
            progress(part.stop / count)
    assert windows is not None
    return windows


def _compute_batch(samples: npt.NDArray[np.float32], pipeline: Any, embedder: WindowEmbedder) -> Batch:
    """Return the scores, the activity and all voiceprints of a batch of windows `(windows, 1, samples)`."""
    waveforms = torch.from_numpy(samples)
    scores = pipeline._segmentation.infer(waveforms)
    active = _active(scores, pipeline)
    masks = _embedding_masks(active, pipeline, embedder, samples.shape[2])
    central = central_frames(active, pipeline._segmentation.model.receptive_field.step)
    # The central frames are embedded as if they were those of one more local speaker.
    masks = np.concatenate([masks, central[:, None].astype(np.float32)], axis=1)
    voiceprints = embedder(waveforms, torch.from_numpy(masks))
    return scores, active, voiceprints[:, :-1], voiceprints[:, -1]


def _allocate(count: int, scores: Any, dimension: int, segmentation: Any) -> Windows:
    """Return empty arrays for all windows.

    Allocated beforehand: small arrays between those of the models would keep their memory from being freed.
    """
    _, frames, speakers = scores.shape
    receptive_field = segmentation.model.receptive_field
    return Windows(
        Grid(segmentation.step, receptive_field.step, receptive_field.duration),
        np.zeros((count, frames, speakers), np.float16),
        np.zeros((count, frames, speakers), np.bool_),
        np.zeros((count, speakers, dimension), np.float32),
        np.zeros((count, dimension), np.float32),
    )


def _samples(audio: Audio, begin: int, length: int, hop: int, count: int) -> npt.NDArray[np.float32]:
    """Return `count` windows `(count, 1, length)`, the first from sample `begin`; padded with silence."""
    block = np.zeros((count - 1) * hop + length, np.float32)
    inside = audio.samples[begin : begin + len(block)]
    block[: len(inside)] = inside
    return np.lib.stride_tricks.sliding_window_view(block, length)[::hop][:, None].copy()


def _active(scores: npt.NDArray[np.float32], pipeline: Any) -> npt.NDArray[np.bool_]:
    """Return whether each local speaker is active, in the shape of `scores`; a powerset model has scores of 0 or 1."""
    powerset = pipeline._segmentation.model.specifications.powerset
    threshold = 0.5 if powerset else pipeline.segmentation.threshold
    active: npt.NDArray[np.bool_] = scores > threshold
    return active


def _embedding_masks(
    active: npt.NDArray[np.bool_], pipeline: Any, embedder: WindowEmbedder, samples: int
) -> npt.NDArray[np.float32]:
    """Return the frames for the voiceprints `(windows, speakers, frames)`: 1 for a frame to use, otherwise 0.

    Frames with overlap are left out, unless too few remain.
    """
    used = active
    if pipeline.embedding_exclude_overlap:
        exclusive = active & (active.sum(axis=2, keepdims=True) == 1)
        minimum = math.ceil(active.shape[1] * embedder.min_samples / samples)
        used = np.where(exclusive.sum(axis=1, keepdims=True) > minimum, exclusive, active)
    return np.ascontiguousarray(used.transpose(0, 2, 1), dtype=np.float32)
