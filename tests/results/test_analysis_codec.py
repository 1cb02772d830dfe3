"""An analysis reads back equal, and damage is an error that the store treats as an absent entry."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.diarization import Analysis
from meetscribe.diarization.clustering.block_linking import LinkingRule
from meetscribe.diarization.windows import Grid, Windows
from meetscribe.results import ANALYSIS, Store, cache_key
from tests.support.notices import notices


def analysis(count: int = 7, frames: int = 11, seed: int = 0) -> Analysis:
    rng = np.random.default_rng(seed)
    scores = rng.random((count, frames, 3)).astype(np.float16)
    voiceprints = rng.normal(size=(count, 3, 5)).astype(np.float32)
    voiceprints[rng.random((count, 3)) < 0.4] = np.nan
    central = rng.normal(size=(count, 5)).astype(np.float32)
    windows = Windows(Grid(0.5, 0.0169, 0.06), scores, scores > 0.4, voiceprints, central)
    return Analysis(windows, 12.3, LinkingRule(0.8, 4), "CAM++", notices("a word"))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 1000))
def test_an_analysis_reads_back_equal(count: int, frames: int, seed: int) -> None:
    """Every bit of the arrays is the same."""
    value = analysis(count, frames, seed)
    found = ANALYSIS.read(ANALYSIS.write(value))
    assert value.windows is not None and found.windows is not None
    assert found.windows.grid == value.windows.grid
    for name in ("scores", "active", "voiceprints", "central"):
        np.testing.assert_array_equal(getattr(found.windows, name), getattr(value.windows, name), strict=True)
    assert (found.duration, found.tuned, found.embedder) == (value.duration, value.tuned, value.embedder)
    assert found.notices == value.notices


def test_a_recording_without_windows_reads_back_equal() -> None:
    found = ANALYSIS.read(ANALYSIS.write(Analysis(None, 0.05, None)))
    assert (found.windows, found.duration, found.tuned, found.embedder) == (None, 0.05, None, None)


@pytest.mark.parametrize("member", ["scores", "active", "known", "voiceprints", "central"])
def test_damage_is_found(member: str) -> None:
    content = json.loads(ANALYSIS.write(analysis()))
    for damaged in (content["windows"][member][:-8], "no base64!", content["windows"]["known"] + "AAAA"):
        with pytest.raises(ValueError):
            ANALYSIS.read(json.dumps({**content, "windows": {**content["windows"], member: damaged}}))


def test_an_analysis_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    """Its voiceprints are stored with the recording's results, and removed with them."""
    store, key = Store(tmp_path / "stages"), cache_key("sha256:" + "0" * 64, "voiceprints", {})
    store.save(key, ANALYSIS, analysis())
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert file.stat().st_mode & 0o077 == 0 and file.parent.stat().st_mode & 0o077 == 0
    loaded = store.load(key, ANALYSIS)
    assert loaded is not None and loaded.embedder == "CAM++"
    Store(None).save(key, ANALYSIS, analysis())
    assert Store(None).load(key, ANALYSIS) is None
