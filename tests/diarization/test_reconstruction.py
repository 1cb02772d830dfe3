"""Frames are given to speakers as pyannote.audio gives them, block by block."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.diarization import reconstruction
from meetscribe.diarization.clustering import NOBODY, Clusters
from meetscribe.diarization.windows import Grid, Windows
from meetscribe.runtime import silence, telemetry

GRID = Grid(0.5, 270 / 16000, 991 / 16000)


def heard(seed: int, count: int = 40) -> tuple[Windows, Clusters]:
    """Random windows of three local speakers, all of whom are different ones of five speakers."""
    draw = np.random.default_rng(seed)
    scores = draw.random((count, 293, 3)).astype(np.float16) ** np.float16(3)
    active = scores > 0.4
    active[:, :, 2] &= draw.random((count, 1)) > 0.5
    labels = np.array([draw.permutation(5)[:3] for _ in range(count)])
    labels[~active.any(axis=1)] = NOBODY
    return Windows(GRID, scores, active, np.zeros((count, 3, 2), np.float32)), Clusters(
        labels, np.zeros((5, 2), np.float32)
    )


def pyannotes(windows: Windows, clusters: Clusters, most: int) -> npt.NDArray[np.bool_]:
    """Who talks by pyannote.audio's own code, except who is heard by no window there."""
    telemetry.switch_off()
    with silence.loading():
        from pyannote.audio.core.inference import Inference
        from pyannote.audio.pipelines.utils.diarization import SpeakerDiarizationMixin as Theirs
        from pyannote.core import SlidingWindow, SlidingWindowFeature

    chunks, frames = SlidingWindow(5.0, 0.5), SlidingWindow(GRID.width, GRID.step)
    count = Theirs.speaker_count(SlidingWindowFeature(windows.active * 1.0, chunks), frames, warm_up=(0.0, 0.0))
    count.data = np.minimum(count.data, most).astype(np.int8)
    clustered = np.full((len(windows), 293, 5), np.nan)
    for window, labels in enumerate(clusters.labels):
        for slot, label in enumerate(labels):
            if label >= 0:
                clustered[window, :, label] = windows.scores[window, :, slot]
    feature = SlidingWindowFeature(clustered, chunks)
    votes = Inference.aggregate(feature, count.sliding_window, missing=0.0, skip_average=True)
    talking: npt.NDArray[np.bool_] = (Theirs.to_diarization(feature, count).data > 0) & (votes.data > 0)
    return talking


@pytest.mark.parametrize(("seed", "most"), [(0, None), (1, 2), (2, 1)])
@pytest.mark.parametrize("block", [97, 20_000])
def test_frames_are_those_of_pyannote(seed: int, most: int | None, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconstruction, "_BLOCK", block)
    windows, clusters = heard(seed)
    activity = reconstruction.reconstruct(windows, clusters, most)
    theirs = pyannotes(windows, clusters, most or 9)
    ours = activity.together[: len(theirs)]
    assert theirs.any() and (ours != theirs[: len(ours)]).mean() < 1e-3  # sums that differ in the last bit
    assert (activity.alone.sum(axis=1) <= 1).all() and (activity.alone <= activity.together).all()


def test_nobody_talks_where_nobody_could_be_told() -> None:
    windows, clusters = heard(0)
    nobody = Clusters(np.full_like(clusters.labels, NOBODY), clusters.centroids)
    assert not reconstruction.reconstruct(windows, nobody).together.any()
