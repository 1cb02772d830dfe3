"""An analysis can be clustered again without the networks, with the result of a full run."""

from __future__ import annotations

import subprocess
import sys

import pytest

from meetscribe.audio import Audio
from meetscribe.diarization import Analyser, Analysis, DiarizationSettings, Diarizer, find_speakers
from meetscribe.timeline import Turn
from tests.diarization.conftest import amplitude_pipeline, spoken


def meeting() -> Audio:
    turns = [Turn(start, start + 2.5, str(1 + start // 3 % 4)) for start in range(0, 117, 3)]
    return spoken(turns, 120)


@pytest.mark.parametrize(
    "counts", [{}, {"speakers": 2}, {"speakers": 6}, {"max_speakers": 3}, {"min_cluster_size": 2}, {"block": 60.0}]
)
def test_clustering_again_gives_the_result_of_a_full_run(counts: dict[str, int]) -> None:
    """With any number of speakers, from the analysis of a run with another one."""
    analysis = Diarizer(amplitude_pipeline(), DiarizationSettings(pipeline="made")).analyse(meeting())
    settings = DiarizationSettings(pipeline="made", **counts)  # type: ignore[arg-type]
    full = Diarizer(amplitude_pipeline(), settings)
    assert isinstance(full, Analyser)
    expected, found = full.diarize(meeting()), find_speakers(analysis, settings)
    assert (found.turns, found.exclusive, found.notices) == (expected.turns, expected.exclusive, expected.notices)
    assert found.embedder == expected.embedder and found.voiceprints.keys() == expected.voiceprints.keys()


def test_another_clustering_needs_the_pipeline() -> None:
    with pytest.raises(ValueError, match="needs its models"):
        find_speakers(Analysis(None, 1.0, None), DiarizationSettings())


def test_clustering_again_loads_no_networks() -> None:
    """Neither torch nor pyannote.audio is imported, which takes seconds."""
    code = "import sys, meetscribe.diarization as d; d.find_speakers; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
