"""Matches become names or suggestions; a person's own labels are never replaced."""

from __future__ import annotations

import pytest

from meetscribe.profiles.matching import match_speakers, unmatched
from meetscribe.profiles.naming import other_embedder, uncalibrated, with_matches
from meetscribe.profiles.suggestions import SAME_PERSON, SUGGESTED, suggestions_by_label
from meetscribe.profiles.values import EmbeddingSpace
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Rename, Transcript
from tests.support.voiceprints import CALIBRATION, SPACE, profile, voiceprint

TALK = synthetic_meeting(speakers=3).transcript
FIRST, SECOND, THIRD = TALK.speakers
PERSONS = [profile("Anna", (1.0,)), profile("Ben", (0.0, 1.0))]
MATCHES = match_speakers(
    {FIRST: voiceprint(0.9), SECOND: voiceprint(0.1, 0.6), THIRD: voiceprint(0.85)}, PERSONS, CALIBRATION
)


def codes(transcript: Transcript) -> list[tuple[str, object]]:
    return [(notice.code, notice.data["speaker"]) for notice in transcript.meta.notices]


def test_suggestions_name_nobody() -> None:
    """By default every match is a notice, with the evidence, and nobody has a name."""
    found = with_matches(TALK, MATCHES, identify=False)
    assert found.meta.edits == () and codes(found) == [(SUGGESTED, FIRST), (SUGGESTED, SECOND), (SAME_PERSON, THIRD)]
    first = suggestions_by_label(found)[FIRST]
    assert first.data == {"speaker": FIRST, "name": "Anna", "score": 0.9, "margin": 0.9, "certain": True}
    assert "may be Anna (similarity 0.90, 0.90 above the next person)" in first.text
    assert f"{FIRST} is closer" in found.meta.notices[2].text


def test_identified_speakers_have_names_with_evidence() -> None:
    """A speaker above the strict threshold is named by an edit that can be undone; the others are suggested."""
    found = with_matches(TALK, MATCHES, identify=True)
    (edit,) = found.meta.edits
    assert isinstance(edit, Rename) and edit.is_automatic
    assert (edit.names, edit.source, edit.score, edit.margin) == ({FIRST: "Anna"}, "profile", 0.9, 0.9)
    assert found.name_of(FIRST) == "Anna" and codes(found) == [(SUGGESTED, SECOND), (SAME_PERSON, THIRD)]
    assert found.undo().name_of(FIRST) == FIRST
    assert Transcript.from_json(found.to_json()) == found


def test_a_persons_own_labels_stay() -> None:
    """A speaker who has a name, or was merged, gets neither another name nor a suggestion."""
    named = TALK.rename({FIRST: "Anne"})
    assert with_matches(named, MATCHES, identify=True).name_of(FIRST) == "Anne"
    merged = TALK.merge(SECOND, FIRST)
    assert with_matches(merged, MATCHES, identify=True).meta.edits == merged.meta.edits


def test_a_name_is_given_once() -> None:
    """If another speaker has the name already, it is suggested only."""
    taken = TALK.rename({SECOND: "anna"})
    found = with_matches(taken, MATCHES, identify=True)
    assert found.name_of(FIRST) == FIRST and (SUGGESTED, FIRST) in codes(found)


def test_without_a_match_nothing_changes() -> None:
    """Speakers who are like nobody leave no trace in the transcript."""
    unlike = match_speakers({FIRST: voiceprint(0.1)}, PERSONS, CALIBRATION)
    found = with_matches(TALK, {**unlike, SECOND: unmatched(SECOND, "too-little-speech")}, identify=True)
    assert found == TALK


@pytest.mark.parametrize("name", ["Cleo", "Dora"])
def test_other_embedders_are_reported(name: str) -> None:
    """Persons with voiceprints of another embedder only are named, and asked to enrol again."""
    other = profile(name, voiceprint(1.0, space=EmbeddingSpace("old-4", None)))
    (notice,) = other_embedder([*PERSONS, other], SPACE)
    assert notice.data["names"] == [name] and "enrol" in notice.text
    assert other_embedder(PERSONS, SPACE) == ()
    assert uncalibrated(SPACE).data == {"embedder": SPACE.identifier}
