"""Compute the voiceprints of the local speakers of windows with any kind of embedder."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.diarization.embedders import Embedder
from meetscribe.diarization.pooling import use_matrix_pooling
from meetscribe.runtime import silence
from meetscribe.timeline import Seconds, Span

_MIN_CLIP: Seconds = 0.25  # shorter clips are not passed to an Embedder
_MASK_FRAMES = 100  # frames of a mask of ones; models interpolate masks to their number of frames


class WindowEmbedder(Protocol):
    """Computes the voiceprints of a batch of windows; each voiceprint needs `min_samples` samples of speech."""

    dimension: int
    min_samples: int

    def __call__(self, windows: torch.Tensor, masks: torch.Tensor) -> npt.NDArray[np.float32]:
        """Return voiceprints `(windows, speakers, dim)`, NaN for inactive speakers.

        For speech shorter than `min_samples`, they are NaN or inaccurate.

        `windows` has the shape `(windows, 1, samples)`, `masks` `(windows, speakers, frames)`, 1 where a speaker is
        active.
        """


class PerWindowEmbedder:
    """A model of pyannote.audio that runs once per window instead of once per speaker.

    Only the pooling depends on the speaker. It is computed for the largest number of speakers active in a window of
    the batch.
    """

    def __init__(self, inner: Any) -> None:
        """Wrap `inner`, a PyannoteAudioPretrainedSpeakerEmbedding."""
        use_matrix_pooling(inner.model_)
        self.inner = inner
        self.dimension = int(inner.dimension)
        self.min_samples = int(inner.min_num_samples)

    def __call__(self, windows: torch.Tensor, masks: torch.Tensor) -> npt.NDArray[np.float32]:
        """Return voiceprints as WindowEmbedder does; windows without active speakers are skipped."""
        active = masks.any(dim=2)
        rows = active.any(dim=1)
        voiceprints = np.full((*active.shape, self.dimension), np.nan, dtype=np.float32)
        if rows.any():
            device, most = self.inner.device, int(active.sum(dim=1).max())
            speakers = active[rows].int().argsort(dim=1, descending=True)[:, :most]  # active ones first
            chosen = masks[rows].gather(1, speakers[:, :, None].expand(-1, -1, masks.shape[2]))
            with torch.inference_mode():
                vectors = self.inner.model_(windows[rows].to(device), weights=chosen.to(device))
            voiceprints[rows.nonzero().numpy(), speakers.numpy()] = vectors.cpu().numpy()
        voiceprints[~active.numpy()] = np.nan
        return voiceprints


class PerSpeakerEmbedder:
    """Any other embedding of pyannote.audio, which runs once per active speaker."""

    def __init__(self, inner: Any) -> None:
        """Wrap `inner`, a function of waveforms and their masks."""
        self.inner = inner
        self.dimension = int(inner.dimension)
        self.min_samples = int(inner.min_num_samples)

    def __call__(self, windows: torch.Tensor, masks: torch.Tensor) -> npt.NDArray[np.float32]:
        """Return voiceprints as WindowEmbedder does."""
        active = masks.any(dim=2)
        voiceprints = np.full((*active.shape, self.dimension), np.nan, dtype=np.float32)
        for speaker in range(masks.shape[1]):
            rows = active[:, speaker]
            if rows.any():
                voiceprints[rows.numpy(), speaker] = self.inner(windows[rows], masks=masks[rows, speaker])
        return voiceprints


class ClipEmbedder:
    """A WindowEmbedder around an Embedder, which receives the speech of each speaker in a window as one clip."""

    min_samples = round(_MIN_CLIP * SAMPLE_RATE)

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()  # an Embedder need not be thread-safe
        self.dimension = embedder.dimension

    def __call__(self, windows: torch.Tensor, masks: torch.Tensor) -> npt.NDArray[np.float32]:
        """Return voiceprints as WindowEmbedder does."""
        positions, clips = [], []
        sample_masks = torch.nn.functional.interpolate(masks, size=windows.shape[2], mode="nearest").numpy() > 0
        for window, speaker in itertools.product(*map(range, masks.shape[:2])):
            clip = windows[window, 0].numpy()[sample_masks[window, speaker]]
            if len(clip) >= self.min_samples:
                positions.append((window, speaker))
                clips.append(clip)
        voiceprints = np.full((*masks.shape[:2], self.dimension), np.nan, dtype=np.float32)
        if clips:
            with self._lock:
                voiceprints[tuple(np.array(positions).T)] = self._embedder.embed(clips)
        return voiceprints


def embed_groups(audio: Audio, groups: Sequence[Sequence[Span]], embedder: WindowEmbedder) -> npt.NDArray[np.float32]:
    """Return a voiceprint `(groups, dim)` of the concatenated audio of each group of spans, NaN if it is too short.

    One group is in memory at a time.
    """
    voiceprints = np.full((len(groups), embedder.dimension), np.nan, dtype=np.float32)
    for row, spans in zip(voiceprints, groups, strict=True):
        clip = np.concatenate([np.zeros(0, np.float32), *map(audio.slice, spans)])
        if len(clip) >= embedder.min_samples:
            with silence.without_warnings():
                row[:] = embedder(torch.from_numpy(clip)[None, None], torch.ones(1, 1, _MASK_FRAMES))[0, 0]
    return voiceprints
