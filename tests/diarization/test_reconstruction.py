"""The activity of speakers equals that of pyannote.audio, computed in blocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.diarization.clustering.local_speakers import UNASSIGNED, Clusters
from meetscribe.diarization.reconstruction import reconstruct
from meetscribe.diarization.windows import Grid, Windows
from meetscribe.runtime import silence, telemetry

GRID = Grid(0.5, 270 / 16000, 991 / 16000)


def random_windows(seed: int, count: int = 40) -> tuple[Windows, Clusters]:
    """Return random windows with three local speakers each, and their assignment to five speakers."""
    rng = np.random.default_rng(seed)
    scores = rng.random((count, 293, 3)).astype(np.float16) ** np.float16(3)
    active = scores > 0.4
    active[:, :, 2] &= rng.random((count, 1)) > 0.5
    labels = np.array([rng.permutation(5)[:3] for _ in range(count)])
    labels[~active.any(axis=1)] = UNASSIGNED
    windows = Windows(GRID, scores, active, np.zeros((count, 3, 2), np.float32), np.zeros((count, 2), np.float32))
    uncertain = np.zeros(count, np.int64), np.zeros(count, np.float32)
    return windows, Clusters(labels, np.zeros((5, 2), np.float32), *uncertain)


def by_pyannote(windows: Windows, clusters: Clusters, max_speakers: int) -> npt.NDArray[np.bool_]:
    """Return the activity by pyannote.audio's code, without speakers who are in no window of a frame."""
    telemetry.switch_off()
    with silence.loading():
        from pyannote.audio.core.inference import Inference
        from pyannote.audio.pipelines.utils.diarization import SpeakerDiarizationMixin as Theirs
        from pyannote.core import SlidingWindow, SlidingWindowFeature

    chunks, frames = SlidingWindow(5.0, 0.5), SlidingWindow(GRID.width, GRID.step)
    count = Theirs.speaker_count(SlidingWindowFeature(windows.active * 1.0, chunks), frames, warm_up=(0.0, 0.0))
    count.data = np.minimum(count.data, max_speakers).astype(np.int8)
    clustered = np.full((len(windows), 293, 5), np.nan)
    for window, labels in enumerate(clusters.labels):
        for slot, label in enumerate(labels):
            if label >= 0:
                clustered[window, :, label] = windows.scores[window, :, slot]
    feature = SlidingWindowFeature(clustered, chunks)
    votes = Inference.aggregate(feature, count.sliding_window, missing=0.0, skip_average=True)
    active: npt.NDArray[np.bool_] = (Theirs.to_diarization(feature, count).data > 0) & (votes.data > 0)
    return active


@pytest.mark.parametrize(("seed", "max_speakers"), [(0, None), (1, 2), (2, 1)])
@pytest.mark.parametrize("block", [97, 20_000])
def test_the_activity_equals_that_of_pyannote(seed: int, max_speakers: int | None, block: int) -> None:
    windows, clusters = random_windows(seed)
    activity = reconstruct(windows, clusters, max_speakers, block=block)
    theirs = by_pyannote(windows, clusters, max_speakers or 9)
    ours = activity.overlapping[: len(theirs)]
    assert theirs.any() and (ours != theirs[: len(ours)]).mean() < 1e-3  # sums that differ in the last bit
    assert (activity.exclusive.sum(axis=1) <= 1).all() and (activity.exclusive <= activity.overlapping).all()


def test_unassigned_speakers_are_not_active() -> None:
    windows, clusters = random_windows(0)
    unassigned = replace(clusters, labels=np.full_like(clusters.labels, UNASSIGNED))
    assert not reconstruct(windows, unassigned).overlapping.any()


def test_a_short_turn_is_found_in_the_centres_of_windows() -> None:
    """Two seconds of one speaker, whom the segmentation takes for the one before and after."""
    windows, clusters = random_windows(0)
    windows.scores[:], windows.active[:] = 0, False
    windows.scores[:, :, 0], windows.active[:, :, 0] = 0.9, True
    clusters.labels[:] = [0, UNASSIGNED, UNASSIGNED]
    centres = GRID.hop * np.arange(len(windows)) + 2.5
    clusters.central[(centres > 10) & (centres < 12)] = 1
    clusters.certainty[:] = 1
    found = reconstruct(windows, clusters).exclusive[:, 1]
    times = [GRID.time(int(frame)) for frame in np.flatnonzero(found)]
    assert times and min(times) > 10 and max(times) < 12
