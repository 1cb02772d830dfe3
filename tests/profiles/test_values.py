"""Profiles keep a bounded number of voiceprints, and only comparable ones are compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from meetscribe.profiles.values import MAX_PER_CHANNEL, Consent, EmbeddingSpace, Profile, Source, Voiceprint, same_name
from tests.support.voiceprints import SPACE, consent, profile, voiceprint


def test_a_space_names_embedder_and_weights() -> None:
    """The digest at the end of an identifier is the revision; other identifiers have none."""
    assert EmbeddingSpace.of("CAM++-192-0123456789abcdef") == EmbeddingSpace("CAM++-192", "0123456789abcdef")
    assert EmbeddingSpace.of("loudness-1").revision is None
    for identifier in ("CAM++-192-0123456789abcdef", "loudness-1"):
        assert EmbeddingSpace.of(identifier).identifier == identifier


def test_other_weights_are_another_space() -> None:
    """Voiceprints of other weights, or of another preprocessing, are not among those to compare with."""
    others = [replace(SPACE, revision="f" * 16), replace(SPACE, preprocessing="old/1"), EmbeddingSpace("other-4", None)]
    person = profile("Anna", voiceprint(1.0), *(voiceprint(1.0, space=space) for space in others))
    assert len(person.within(SPACE)) == 1


def test_the_oldest_voiceprints_of_a_channel_are_dropped() -> None:
    """At most MAX_PER_CHANNEL of a channel are kept, the newest ones, whatever is stored of other channels."""
    person = profile("Anna", voiceprint(1.0, channel="narrowband"))
    for number in range(MAX_PER_CHANNEL + 3):
        person = person.with_voiceprint(voiceprint(0.5, source=Source(f"{number}.json", "S", f"sha256:{number}")))
    kept = [each.source.file for each in person.voiceprints]
    assert kept == ["meeting.json", *(f"{number}.json" for number in range(3, MAX_PER_CHANNEL + 3))]


def test_the_same_speaker_of_a_recording_is_stored_once() -> None:
    """A voiceprint of the same recording and speaker replaces the earlier one; an unknown recording never does."""
    source = Source("meeting.json", "SPEAKER_00", "sha256:aa")
    person = profile("Anna", voiceprint(0.1, source=source)).with_voiceprint(voiceprint(0.9, source=source))
    assert [float(each.vector[0]) for each in person.voiceprints] == [pytest.approx(0.9)]
    unknown = profile("Anna", voiceprint(0.1)).with_voiceprint(voiceprint(0.9))
    assert len(unknown.voiceprints) == 2


@pytest.mark.parametrize("vector", [np.zeros(4), np.array([np.nan, 1.0]), np.ones((2, 2))])
def test_only_directions_are_voiceprints(vector: np.ndarray) -> None:
    """A vector of zeros, with NaN, or of another shape is refused; others are scaled to length 1."""
    with pytest.raises(ValueError, match="finite vector"):
        Voiceprint(vector.astype(np.float32), SPACE, "wideband", 5, "2026-11-02", Source("a.wav"))
    made = Voiceprint(np.array([3.0, 4.0], np.float32), SPACE, "wideband", 5, "2026-11-02", Source("a.wav"))
    assert made.vector.tolist() == pytest.approx([0.6, 0.8])


def test_a_consent_record_must_be_complete() -> None:
    """Person, scope and who declares it must be given, and the date must be one."""
    for given in (("", "s", "d", "2026-11-01"), ("A", " ", "d", "2026-11-01"), ("A", "s", "\n", "2026-11-01")):
        with pytest.raises(ValueError, match="must not be empty"):
            Consent(*given)
    with pytest.raises(ValueError, match="date"):
        Consent("A", "s", "d", "yesterday")
    with pytest.raises(ValueError, match="channel"):
        voiceprint(1.0, channel="stereo")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="hexadecimal"):
        Profile("Anna", consent("Anna"), id="../../etc")


def test_names_ignore_case_and_space() -> None:
    """Anna and anna are one name; so are names with other white space."""
    assert same_name("Anna  Berg", " anna berg") and not same_name("Anna", "Anne")
