"""Windows cover the recording, and only voiceprints of enough speech are used for clustering."""

from __future__ import annotations

import numpy as np
import pytest

from meetscribe.diarization.inference import compute_windows
from meetscribe.diarization.windows import Grid, Windows, central_frames
from meetscribe.timeline import Turn
from tests.diarization.conftest import AmplitudeEmbedder, AmplitudePipeline, spoken

GRID = Grid(hop=0.5, step=0.1, width=0.2)


def test_the_grid_maps_windows_and_frames_to_times() -> None:
    assert [GRID.first_frame(window) for window in (0, 1, 7)] == [0, 5, 35]
    assert GRID.time(0) == pytest.approx(0.1)
    assert GRID.time(35) == pytest.approx(3.6)


def test_voiceprints_of_little_or_overlapped_speech_are_not_usable() -> None:
    """A speaker must be the only active one in a fifth of the window."""
    active = np.zeros((1, 10, 4), np.bool_)
    active[0, 0:2, 0] = True  # a fifth of the window
    active[0, 2:3, 1] = True  # a tenth
    active[0, 3:7, 2:4] = True  # more than a fifth, but overlapped
    voiceprints = np.ones((1, 4, 2), np.float32)
    windows = Windows(GRID, active.astype(np.float16), active, voiceprints, voiceprints[:, 0])
    assert windows.usable_voiceprints().tolist() == [[True, False, False, False]]
    assert windows.active_speakers().tolist() == [[True, True, True, True]]
    voiceprints[0, 0, 1] = np.nan
    assert not windows.usable_voiceprints().any()


def test_the_centre_of_a_window_has_one_speaker() -> None:
    """Its frames are those in which the main speaker in the centre is the only active one."""
    active = np.zeros((1, 55, 2), np.bool_)
    active[0, :30, 0] = active[0, 28:34, 1] = True  # the centre are the 15 frames from 20 on
    assert np.flatnonzero(central_frames(active, 0.1)).tolist() == list(range(20, 28))


@pytest.mark.parametrize(("seconds", "count"), [(0.2, 1), (5.0, 1), (5.1, 2), (37.0, 65)])
def test_windows_cover_the_recording(seconds: float, count: int) -> None:
    """The last window is padded with silence; slices of windows are windows."""
    pipeline = AmplitudePipeline()
    pipeline.instantiate(
        {
            "segmentation": {"threshold": 0.4},
            "clustering": {"method": "centroid", "threshold": 0.7, "min_cluster_size": 1},
        }
    )
    windows = compute_windows(spoken([Turn(0, seconds, "2")], seconds), pipeline, AmplitudeEmbedder())
    assert len(windows) == count
    assert windows.active[0, 0].sum() == 1
    assert len(windows[1:]) == count - 1
    assert windows.central[:-3].argmax(axis=1).tolist() == [2] * max(0, count - 3)
