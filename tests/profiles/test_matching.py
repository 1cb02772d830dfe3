"""A speaker is named only if a person is close, clearly closer than the others, and the match is mutual."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.profiles.matching import NAMED_SECONDS, Match, candidates, match_speakers
from meetscribe.profiles.values import EmbeddingSpace, Profile, Voiceprint
from tests.support.voiceprints import CALIBRATION, SPACE, profile, voiceprint

ANNA, BEN = profile("Anna", (1.0,)), profile("Ben", (0.0, 1.0))


def match(speaker: Voiceprint, *profiles: Profile) -> Match:
    """Return the match of the only speaker of a meeting."""
    return match_speakers({"S": speaker}, profiles, CALIBRATION)["S"]


@pytest.mark.parametrize(
    ("values", "band", "reason"),
    [
        ((0.85, 0.1), "named", "match"),
        ((0.79, 0.1), "suggested", "likely"),
        ((0.85, 0.51), "named", "match"),
        ((0.55, 0.1), "suggested", "likely"),
        ((0.55, 0.46), "unknown", "small-margin"),
        ((0.49, 0.0), "unknown", "low-similarity"),
    ],
)
def test_the_three_bands(values: tuple[float, float], band: str, reason: str) -> None:
    """Similarity and margin decide between a name, a suggestion and neither, and the reason says which failed."""
    found = match(voiceprint(*values), ANNA, BEN)
    assert (found.band, found.reason) == (band, reason)
    assert found.name == "Anna" and found.score == pytest.approx(values[0], abs=1e-6)
    assert found.margin == pytest.approx(values[0] - values[1], abs=1e-6)
    assert [each.name for each in found.candidates] == ["Anna", "Ben"]


def test_little_speech_is_no_certainty() -> None:
    """A speaker with less speech than NAMED_SECONDS is suggested, never named."""
    assert match(voiceprint(0.95, seconds=NAMED_SECONDS - 0.1), ANNA, BEN).band == "suggested"
    assert match(voiceprint(0.95, seconds=NAMED_SECONDS), ANNA, BEN).band == "named"


def test_a_narrow_channel_has_its_own_thresholds() -> None:
    """The thresholds of the narrower of both voiceprints count."""
    narrow = profile("Anna", voiceprint(1.0, channel="narrowband"))
    assert match(voiceprint(0.85), narrow, BEN).band == "suggested"
    assert match(voiceprint(0.85, channel="narrowband"), ANNA, BEN).band == "suggested"
    assert match(voiceprint(0.95, channel="narrowband"), ANNA, BEN).band == "named"


def test_the_best_voiceprint_counts_and_the_margin_is_between_persons() -> None:
    """Several voiceprints of one person do not compete; the margin is that of their means."""
    anna = profile("Anna", (1.0,), (0.6, 0.0, 0.8))
    found = match(voiceprint(0.9), anna, BEN)
    assert found.score == pytest.approx(0.9) and found.band == "named"
    assert found.margin == pytest.approx((0.9 + 0.54) / 2 - 0.0, abs=1e-6)


def test_one_person_has_no_margin() -> None:
    """Without a second person the margin is unknown, and the similarity decides."""
    found = match(voiceprint(0.85), ANNA)
    assert found.margin is None and found.band == "named"


def test_no_voiceprint_of_the_space_is_no_candidate() -> None:
    """Voiceprints of another embedder, or dimension, are never compared."""
    other = profile(
        "Cleo",
        Voiceprint(
            np.ones(7, np.float32),
            EmbeddingSpace("other-7", None),
            "wideband",
            9,
            "2026-11-02",
            ANNA.voiceprints[0].source,
        ),
    )
    assert match(voiceprint(0.9), other).reason == "no-profiles"
    assert [each.name for each in candidates(voiceprint(0.9), [other, ANNA])] == ["Anna"]


def test_two_speakers_never_become_one_person() -> None:
    """Of two speakers like the same person the closer one is matched; the other one is told about it."""
    found = match_speakers({"A": voiceprint(0.85), "B": voiceprint(0.95)}, [ANNA, BEN], CALIBRATION)
    assert (found["B"].band, found["A"].band) == ("named", "unknown")
    assert (found["A"].reason, found["A"].other, found["A"].name) == ("better-speaker", "B", "Anna")


def test_a_match_must_be_mutual() -> None:
    """A person whose closest speaker was matched with somebody else is given to nobody."""
    anna, ben = profile("Anna", (0.8, 0.6)), profile("Ben", (1.0, 0.0))
    speakers = {"A": voiceprint(0.93, 0.36), "B": voiceprint(0.8, 0.59)}
    found = match_speakers(speakers, [anna, ben], CALIBRATION)
    for label, own in found.items():
        if own.band != "unknown":
            best = max(speakers, key=lambda each: next(c.score for c in found[each].candidates if c.name == own.name))
            assert best == label


units = st.lists(st.floats(-1, 1), min_size=4, max_size=4).filter(lambda v: sum(x * x for x in v) > 0.01)


def _voiceprint(values: list[float]) -> Voiceprint:
    return Voiceprint(np.array(values, np.float32), SPACE, "wideband", 30, "2026-11-02", ANNA.voiceprints[0].source)


@given(st.lists(units, min_size=1, max_size=4), st.lists(units, min_size=1, max_size=4))
def test_matching_is_one_to_one_and_best(speakers: list[list[float]], persons: list[list[float]]) -> None:
    """No person is given twice, each match is the best of both sides, and agrees with the best of all matchings."""
    own = {f"S{n}": _voiceprint(v) for n, v in enumerate(speakers)}
    profiles = [profile(f"P{n}", _voiceprint(v)) for n, v in enumerate(persons)]
    found = match_speakers(own, profiles, CALIBRATION)
    given_names = [each.name for each in found.values() if each.band != "unknown"]
    assert len(given_names) == len(set(given_names))
    table = np.array([[v.vector @ p.voiceprints[0].vector for p in profiles] for v in own.values()])
    size = max(table.shape)
    padded = np.full((size, size), -1.0)
    padded[: table.shape[0], : table.shape[1]] = table
    best = max(
        permutations(range(size)), key=lambda order: sum(padded[row, column] for row, column in enumerate(order))
    )
    total = sum(padded[row, column] for row, column in enumerate(best))
    for row, each in enumerate(found.values()):
        if each.band == "unknown":
            continue
        column = [p.name for p in profiles].index(each.name or "")
        assert padded[row, column] == pytest.approx(padded[row].max()) == pytest.approx(padded[:, column].max())
        without = max(
            sum(padded[r, c] for r, c in enumerate(order))
            for order in permutations(range(size))
            if order[row] == column
        )
        assert without == pytest.approx(total, abs=1e-5)
