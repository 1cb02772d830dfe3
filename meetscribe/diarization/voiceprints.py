"""Voiceprints of the local speakers of windows, by any embedder; which embedder there is, is in embedders."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.diarization.pooling import pool_by_products
from meetscribe.runtime import silence
from meetscribe.timeline import Seconds, Span

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import torch

    from meetscribe.diarization.embedders import Embedder

_SHORTEST: Seconds = 0.25
_FRAMES = 100  # of a mask that is 1 everywhere; models stretch masks to the frames they have


class Voices(Protocol):
    """What makes the voiceprints of a batch of windows; `shortest` is how many samples it needs."""

    dimension: int
    shortest: int

    def __call__(self, windows: torch.Tensor, masks: torch.Tensor) -> npt.NDArray[np.float32]:
        """Voiceprints `(windows, speakers, dim)`, NaN where nobody talks or too short.

        `windows` are `(windows, 1, samples)`, `masks` `(windows, speakers, frames)`, 1 where a speaker is heard.
        """


class OncePerWindow:
    """A model of pyannote.audio that runs once per window, not once for each speaker: only the pooling differs.

    And that only for as many local speakers as talk in a window at most.
    """

    def __init__(self, inner: Any) -> None:
        """Wrap `inner`, a PyannoteAudioPretrainedSpeakerEmbedding."""
        pool_by_products(inner.model_)
        self.inner = inner
        self.dimension = int(inner.dimension)
        self.shortest = int(inner.min_num_samples)

    def __call__(self, windows: torch.Tensor, masks: torch.Tensor) -> npt.NDArray[np.float32]:
        """Voiceprints as Voices says; windows without a voice, and local speakers who are silent, are not computed."""
        import numpy as np
        import torch

        heard = masks.any(dim=2)
        busy = heard.any(dim=1)
        prints = np.full((*heard.shape, self.dimension), np.nan, dtype=np.float32)
        if busy.any():
            device, most = self.inner.device, int(heard.sum(dim=1).max())
            first = heard[busy].int().argsort(dim=1, descending=True)[:, :most]  # those who talk come first
            chosen = masks[busy].gather(1, first[:, :, None].expand(-1, -1, masks.shape[2]))
            with torch.inference_mode():
                found = self.inner.model_(windows[busy].to(device), weights=chosen.to(device))
            prints[busy.nonzero().numpy(), first.numpy()] = found.cpu().numpy()
        prints[~heard.numpy()] = np.nan
        return prints


class OncePerSpeaker:
    """Any other embedding of pyannote.audio, run for each speaker who talks."""

    def __init__(self, inner: Any) -> None:
        """Wrap `inner`, a function of waveforms and their masks."""
        self.inner = inner
        self.dimension = int(inner.dimension)
        self.shortest = int(inner.min_num_samples)

    def __call__(self, windows: torch.Tensor, masks: torch.Tensor) -> npt.NDArray[np.float32]:
        """Voiceprints as Voices says."""
        import numpy as np

        heard = masks.any(dim=2)
        prints = np.full((*heard.shape, self.dimension), np.nan, dtype=np.float32)
        for speaker in range(masks.shape[1]):
            busy = heard[:, speaker]
            if busy.any():
                prints[busy.numpy(), speaker] = self.inner(windows[busy], masks=masks[busy, speaker])
        return prints


class OfClips:
    """An Embedder, given what each speaker says in a window as one clip."""

    shortest = round(_SHORTEST * SAMPLE_RATE)

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._alone = threading.Lock()  # code of others need not be made for several threads
        self.dimension = embedder.dimension

    def __call__(self, windows: torch.Tensor, masks: torch.Tensor) -> npt.NDArray[np.float32]:
        """Voiceprints as Voices says."""
        import numpy as np
        import torch

        samples = windows.shape[2]
        places, clips = [], []
        wide = torch.nn.functional.interpolate(masks, size=samples, mode="nearest").numpy() > 0
        for window, speaker in itertools.product(*map(range, masks.shape[:2])):
            clip = windows[window, 0].numpy()[wide[window, speaker]]
            if len(clip) >= self.shortest:
                places.append((window, speaker))
                clips.append(clip)
        prints = np.full((*masks.shape[:2], self.dimension), np.nan, dtype=np.float32)
        if clips:
            with self._alone:
                prints[tuple(np.array(places).T)] = self._embedder.embed(clips)
        return prints


def print_groups(audio: Audio, groups: Sequence[Sequence[Span]], voices: Voices) -> npt.NDArray[np.float32]:
    """A voiceprint `(groups, dim)` of what is heard in each group of spans, one after the other; NaN if too short.

    No more than one group is in memory at a time.
    """
    import numpy as np
    import torch

    prints = np.full((len(groups), voices.dimension), np.nan, dtype=np.float32)
    for row, spans in zip(prints, groups, strict=True):
        clip = np.concatenate([np.zeros(0, np.float32), *map(audio.slice, spans)])
        if len(clip) >= voices.shortest:
            with silence.without_warnings():
                row[:] = voices(torch.from_numpy(clip)[None, None], torch.ones(1, 1, _FRAMES))[0, 0]
    return prints
