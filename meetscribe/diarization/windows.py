"""What the models hear in overlapping windows, a batch at a time; who is whom in other windows is clustering's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.runtime import silence
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.runtime.threads import parallel_map, torch_threads
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.diarization.voiceprints import Voices

    Heard: TypeAlias = tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_], npt.NDArray[np.float32]]

USABLE = 0.2
"""The share of a window that a speaker must talk alone in for a voiceprint that speakers are told apart by."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where windows and frames lie: a window every `hop` seconds, a frame of `width` seconds every `step`."""

    hop: Seconds
    step: Seconds
    width: Seconds

    def first_frame(self, window: int) -> int:
        """The frame of the recording at which a window begins."""
        return round(window * self.hop / self.step)

    def time(self, frame: int) -> Seconds:
        """The middle of a frame of the recording."""
        return frame * self.step + self.width / 2


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """What is heard in the windows of a recording: some 30 kB for a second of it, however long it is.

    `scores` float16 `(windows, frames, speakers)` say how surely a window's local speakers talk, `active` whether
    they do. `prints` float32 `(windows, speakers, dim)` are their voiceprints, NaN where there is none.
    """

    grid: Grid
    scores: npt.NDArray[np.float16]
    active: npt.NDArray[np.bool_]
    prints: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, part: slice) -> Windows:
        """Some of the windows, counted anew from the first of them."""
        return Windows(self.grid, self.scores[part], self.active[part], self.prints[part])

    def heard(self) -> npt.NDArray[np.bool_]:
        """Which local speakers `(windows, speakers)` talk at all."""
        import numpy as np

        return np.asarray(self.active.any(axis=1))

    def usable(self) -> npt.NDArray[np.bool_]:
        """Which voiceprints `(windows, speakers)` come from enough speech that nobody else talks into."""
        import numpy as np

        alone = self.active & (self.active.sum(axis=2, keepdims=True) == 1)
        enough = alone.sum(axis=1) >= USABLE * self.active.shape[1]
        found: npt.NDArray[np.bool_] = enough & np.isfinite(self.prints).all(axis=2)
        return found


def listen(audio: Audio, pipeline: Any, voices: Voices, progress: Progress = ignore_progress) -> Windows:
    """The recording in the windows of an instantiated pipeline of pyannote.audio, with the prints of `voices`.

    Each network hears each window once, and that of the voiceprints only windows in which somebody talks. No
    more than a batch of the recording is held for each thread. `progress` rises to 1.
    """
    segmentation = pipeline._segmentation
    length, hop = (round(seconds * SAMPLE_RATE) for seconds in (segmentation.duration, segmentation.step))
    count = 1 + max(0, math.ceil((len(audio.samples) - length) / hop))
    starts = range(0, count, segmentation.batch_size)
    windows: Windows | None = None

    def hear(first: int) -> Heard:
        number = min(segmentation.batch_size, count - first)
        return _hear(_sound(audio, first * hop, length, hop, number), pipeline, voices)

    workers = torch_threads() if segmentation.device.type == "cpu" else 1
    with silence.without_warnings():
        found = parallel_map(hear, starts, workers)
        for first in starts:
            scores, active, prints = next(found)
            if windows is None:
                windows = _empty(count, scores, voices.dimension, segmentation)
            part = slice(first, first + len(scores))
            windows.scores[part], windows.active[part], windows.prints[part] = scores, active, prints
            progress(part.stop / count)
    assert windows is not None
    return windows


def _hear(sound: npt.NDArray[np.float32], pipeline: Any, voices: Voices) -> Heard:
    """The scores of a batch of windows, who is active, and the voiceprints."""
    import torch

    heard = torch.from_numpy(sound)
    scores = pipeline._segmentation.infer(heard)
    active = _active(scores, pipeline)
    return scores, active, voices(heard, torch.from_numpy(_masks(active, pipeline, voices, sound.shape[2])))


def _empty(count: int, scores: Any, dimension: int, segmentation: Any) -> Windows:
    """Room for so many windows, made beforehand: small arrays between the models' would keep memory from shrinking."""
    import numpy as np

    _, frames, speakers = scores.shape
    field = segmentation.model.receptive_field
    return Windows(
        Grid(segmentation.step, field.step, field.duration),
        np.zeros((count, frames, speakers), np.float16),
        np.zeros((count, frames, speakers), np.bool_),
        np.zeros((count, speakers, dimension), np.float32),
    )


def _sound(audio: Audio, begin: int, length: int, hop: int, count: int) -> npt.NDArray[np.float32]:
    """`count` windows `(count, 1, length)`, the first at sample `begin`; after the recording is silence."""
    import numpy as np

    block = np.zeros((count - 1) * hop + length, np.float32)
    inside = audio.samples[begin : begin + len(block)]
    block[: len(inside)] = inside
    return np.lib.stride_tricks.sliding_window_view(block, length)[::hop][:, None].copy()


def _active(scores: npt.NDArray[np.float32], pipeline: Any) -> npt.NDArray[np.bool_]:
    """Which local speakers talk; the scores of a powerset model say it outright."""
    powerset = pipeline._segmentation.model.specifications.powerset
    threshold = 0.5 if powerset else pipeline.segmentation.threshold
    talking: npt.NDArray[np.bool_] = scores > threshold
    return talking


def _masks(active: npt.NDArray[np.bool_], pipeline: Any, voices: Voices, length: int) -> npt.NDArray[np.float32]:
    """The frames `(windows, speakers, frames)` for the voiceprints: where a speaker talks alone, if that is enough."""
    import numpy as np

    used = active
    if pipeline.embedding_exclude_overlap:
        alone = active & (active.sum(axis=2, keepdims=True) == 1)
        least = math.ceil(active.shape[1] * voices.shortest / length)
        used = np.where(alone.sum(axis=1, keepdims=True) > least, alone, active)
    return np.ascontiguousarray(used.transpose(0, 2, 1), dtype=np.float32)
