"""Known speakers in a run: off by default, suggested or named by voice, kept only with a consent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from meetscribe.audio import Recording, load_audio
from meetscribe.errors import IncompleteRunError
from meetscribe.pipeline import known_speakers
from meetscribe.pipeline.stage_runner import ignore_stages
from meetscribe.profiles.calibration import Calibration
from meetscribe.profiles.settings import ProfilesSettings
from meetscribe.profiles.store import ProfileStore
from meetscribe.profiles.unnamed import UnnamedStore
from meetscribe.profiles.values import EmbeddingSpace, Profile, Voiceprint
from meetscribe.testing import FakeDiarizer, synthetic_meeting
from meetscribe.timeline import Span
from meetscribe.transcript import Rename, Transcript
from tests.support.fake_models import FakeModels
from tests.support.voiceprints import CALIBRATION, SOURCE, profile, voiceprint

SPACE = EmbeddingSpace.of("fake-4")
CONSENT = "everyone agreed, declared by Anna"


@pytest.fixture
def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeModels:
    """A meeting with long turns, an empty data folder, and thresholds for the fake embedder."""
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(known_speakers, "find_calibration", lambda space, weights: CALIBRATION)
    recording = tmp_path / "meeting.wav"
    recording.write_bytes(b"anything")
    return FakeModels(synthetic_meeting(turns=40, seed=5), recording)


def enrol(name: str, number: int, space: EmbeddingSpace = SPACE) -> Profile:
    """Enrol a person with the voice of the speaker of this number."""
    made = Voiceprint(np.eye(4, dtype=np.float32)[number], space, "wideband", 30, "2026-11-02", SOURCE)
    return ProfileStore().add(profile(name, made))


def codes(transcript: Transcript) -> list[str]:
    return [notice.code for notice in transcript.meta.notices]


def run(fakes: FakeModels, **settings: Any) -> Transcript:
    return fakes.run(profiles=ProfilesSettings(enabled=True, **settings))


def test_off_by_default(fakes: FakeModels, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the setting no voiceprint is made, although persons are enrolled, and nothing is stored."""
    enrol("Anna", 0)
    monkeypatch.setattr(FakeDiarizer, "voiceprints", None)
    found = fakes.run()
    assert found.meta.edits == () and found.meta.notices == ()
    assert "profiles" not in dict(fakes.progress) and UnnamedStore().all() == ()


def test_names_are_suggested(fakes: FakeModels) -> None:
    """The speaker with an enrolled voice gets a suggestion, the others nothing, and nobody a name."""
    enrol("Anna", 1)
    found = run(fakes)
    assert found.meta.edits == ()
    (notice,) = found.meta.notices
    assert (notice.code, notice.data["speaker"], notice.data["name"]) == ("profiles.suggested", "SPEAKER_01", "Anna")
    assert dict(fakes.progress)["profiles"] == 1.0


def test_certain_names_are_given(fakes: FakeModels) -> None:
    """With the mode identify the name is an edit with its evidence; the words keep their labels."""
    enrol("Anna", 1)
    enrol("Ben", 3)
    found = run(fakes, identify=True)
    (edit,) = found.meta.edits
    assert isinstance(edit, Rename) and edit.source == "profile" and edit.names == {"SPEAKER_01": "Anna"}
    assert (edit.score, edit.margin) == (1.0, 1.0)
    assert found.speakers == fakes.meeting.transcript.speakers and "Anna" in found.edited().speakers


def test_other_embedders_are_not_compared(fakes: FakeModels) -> None:
    """A person enrolled with another embedder is not recognised, and the user is asked to enrol again."""
    enrol("Anna", 1, EmbeddingSpace.of("other-4"))
    assert codes(run(fakes)) == ["profiles.other-embedder"]


def test_no_thresholds_no_names(fakes: FakeModels, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without measured thresholds nobody is recognised, and a notice says so."""

    def unknown(space: EmbeddingSpace, weights: Path | None) -> Calibration | None:
        return None

    monkeypatch.setattr(known_speakers, "find_calibration", unknown)
    enrol("Anna", 1)
    found = run(fakes, identify=True)
    assert found.meta.edits == () and codes(found) == ["profiles.uncalibrated"]


def test_unnamed_voices_are_kept_with_a_consent_only(fakes: FakeModels) -> None:
    """Voiceprints are kept for the time given, except those of speakers who got a name."""
    enrol("Anna", 1)
    found = run(fakes, identify=True, remember="7d", consent=CONSENT)
    (kept,) = UnnamedStore().all()
    assert kept.recording == (found.recording and found.recording.hash) and kept.consent.scope == CONSENT
    assert set(kept.voiceprints) == set(found.speakers) - {"SPEAKER_01"}
    assert {each.space for each in kept.voiceprints.values()} == {SPACE}
    assert "voiceprint" not in found.to_json().replace('"voiceprints": "fake-4"', "")


def test_a_failure_loses_no_words(fakes: FakeModels, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the embedder fails, the transcript is complete but for the names, and the run is incomplete."""

    def fail(*arguments: object) -> object:
        raise RuntimeError("no memory")

    enrol("Anna", 1)
    monkeypatch.setattr(FakeDiarizer, "voiceprints", fail)
    with pytest.raises(IncompleteRunError) as raised:
        run(fakes)
    assert raised.value.transcript.words and raised.value.transcript.speakers


def test_a_session_makes_voiceprints_of_saved_meetings(fakes: FakeModels) -> None:
    """Given spans, each label gets the voice that speaks there; without, the whole recording is one voice."""
    spans: dict[str, list[Span]] = {label: [] for label in fakes.meeting.transcript.speakers}
    for turn in fakes.meeting.transcript.turns:
        spans[turn.speaker].append(Span(turn.start, turn.end))
    with fakes.session() as session:
        found = session.voiceprints(fakes.recording, spans, ignore_stages, "meeting.json")
        whole = session.voiceprints(fakes.recording)
    assert found.space == SPACE and found.calibration == CALIBRATION
    for number, label in enumerate(sorted(spans)):
        vector = found.voiceprints[label].vector
        assert vector[number] == 1.0 and found.voiceprints[label].source.file == "meeting.json"
    assert whole.extractions[""].refusal == "disagreement"  # several voices


def test_refused_speakers_are_matches_with_a_reason(fakes: FakeModels) -> None:
    """A speaker without a voiceprint is unknown, and the reason is that of the refusal."""
    with fakes.session() as session:
        found = session.voiceprints(fakes.recording, {"A": [Span(0, 1)]})
    match = found.matches([profile("Anna", voiceprint(1.0))])["A"]
    assert (match.band, match.reason) == ("unknown", "too-little-speech")


def test_a_pipeline_without_comparable_voiceprints(fakes: FakeModels) -> None:
    """If the pipeline does not identify its embedder, the stage fails with a remedy."""
    fakes.diarizer = lambda *arguments: FakeDiarizer(fakes.meeting, None)
    with fakes.session() as session, pytest.raises(Exception, match="bundled"):
        session.voiceprints(Recording(fakes.recording, load_audio), {"A": [Span(0, 9)]})
