"""The benchmark of known speakers counts and bounds wrong names correctly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from meetscribe.profiles.extraction import PIECE
from tests.benchmarks.profiles.pieces import SHORT, Pieces
from tests.benchmarks.profiles.trials import Prints, equal_error_rate, outcome, upper_bound
from tests.benchmarks.profiles.tuning import SAFETY, tune
from tests.benchmarks.profiles.voices import Voice


def made(voices: int, noise: float) -> Prints:
    """Return voices whose pieces are random directions with noise."""
    random = np.random.default_rng(0)
    pieces, found = Pieces(Path("unused")), []
    for number in range(voices):
        found.append(Voice(f"v{number}", "tune", (np.zeros(16, np.float32),)))
        center = random.standard_normal(64)
        for length, count in ((PIECE, 8), (SHORT, 8)):
            vectors = center + noise * random.standard_normal((count, 64))
            units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
            pieces.vectors[f"v{number}", "clean", length] = units.astype(np.float32)
        pieces.levels[f"v{number}", "clean"] = -30.0
    return Prints(pieces, found)


@given(st.integers(1, 3000), st.integers(0, 5))
def test_the_bound_is_exact(trials: int, wrong: int) -> None:
    """At the bound, so few wrong trials have a probability of 5 %; of none, it is about 3 in the number of trials."""
    bound = upper_bound(min(wrong, trials), trials)
    assert bound == 1.0 or binom.cdf(wrong, trials, bound) == pytest.approx(0.05, abs=1e-6)
    assert upper_bound(0, 1000) == pytest.approx(0.003, abs=1e-5)


def test_the_equal_error_rate() -> None:
    """Separate similarities have no error; of equal ones, half are wrong."""
    assert equal_error_rate([0.8, 0.9], [0.1, 0.2])[0] == 0
    assert equal_error_rate([0.1, 0.2, 0.3, 0.4], [0.1, 0.2, 0.3, 0.4])[0] == pytest.approx(0.5, abs=0.13)


def test_trials_know_who_is_enrolled() -> None:
    """A voice is compared with itself only where it is enrolled, and never from the speech of its enrolment."""
    trials = list(made(5, 0.2).trials("clean", 10.0, "clean"))
    for trial in trials:
        names = {each.name for each in trial.compared}
        assert (trial.voice in names) == (trial.kind == "known")
        assert len(names) == {"known": 5, "stranger": 4, "alone": 1}[trial.kind]
    known = [trial for trial in trials if trial.kind == "known"]
    assert len(known) == 5 * 3 and all(trial.right for trial in known)  # 40 s, 10 of them for enrolment


def test_tuned_thresholds_name_no_stranger() -> None:
    """On the trials it was tuned on, a calibration names no stranger, and nearly all who are known."""
    prints = made(8, 0.5)
    trials = [*prints.trials("clean", 10.0, "clean")]
    narrow = [replace(trial, channel="narrowband") for trial in trials]
    found = outcome(trials, tune([*trials, *narrow], 0.5, ""))
    assert found.named_wrong == 0 and found.trials == len(trials)
    closest = max(trial.compared[0].score for trial in trials if trial.kind != "known")
    assert tune([*trials, *narrow], 0.5, "").channels["wideband"].named == pytest.approx(closest + SAFETY, abs=0.011)
    assert found.named_right > 0.9 * sum(trial.kind == "known" for trial in trials)
