"""Enrol a person from a recording with no other speaker, or from a speaker of a saved meeting."""

from __future__ import annotations

from pathlib import Path

from meetscribe.errors import SettingsError
from meetscribe.meetings.speakers import Meeting, Tools, require_voiceprint, voiceprint_of
from meetscribe.pipeline import require_recording
from meetscribe.profiles.values import Consent, Profile, Voiceprint, same_name
from meetscribe.transcript.edits.operations import find_speaker


def enrol_from_recording(name: str, recording: Path, consent: Consent | None, tools: Tools) -> Profile:
    """Add a voiceprint of a person, from a recording with no other speaker, and return the profile.

    Raises SettingsError without a given or stored consent record, or if no thresholds were measured for the embedder,
    InputError if the recording cannot be read or its voiceprint is refused, WeightsError if a model is missing.
    """
    _require_consent(name, consent, tools)
    require_recording(recording)
    found = tools.session.voiceprints(recording, None, tools.progress)
    found.require_calibration()
    extraction = found.extractions[""]  # the label of the only speaker
    return tools.profiles.enrol(name, require_voiceprint(extraction, name), consent)


def enrol_from_meeting(name: str, meeting: Meeting, speaker: str, consent: Consent | None, tools: Tools) -> Profile:
    """Add a voiceprint of a person from a speaker of a saved meeting, and return the profile.

    Requires the recording unless the voiceprints of its speakers were kept. Raises SettingsError without a given or
    stored consent record, for an unknown speaker, or if no thresholds were measured for the embedder, InputError if the
    recording cannot be read or the voiceprint is refused, WeightsError if a model is missing.
    """
    _require_consent(name, consent, tools)
    label = find_speaker(meeting.transcript, speaker)
    return learn(name, meeting, label, tools, consent)


def learn(name: str, meeting: Meeting, label: str, tools: Tools, consent: Consent | None = None) -> Profile:
    """Add the voiceprint of a label to a person's profile, and return the profile.

    Then the voiceprint is deleted from the store of unnamed speakers. Raises InputError if the voiceprint is refused or
    the recording is not found, SettingsError without consent or if no thresholds were measured for the embedder.
    """
    voiceprint: Voiceprint = voiceprint_of(meeting, label, tools)
    profile = tools.profiles.enrol(name, voiceprint, consent)
    recording = meeting.transcript.recording
    if recording is not None and recording.hash is not None:
        tools.unnamed.drop(recording.hash, label)
    return profile


def _require_consent(name: str, consent: Consent | None, tools: Tools) -> None:
    """Raise SettingsError if there is no consent record of the person."""
    known = tools.profiles.find(name)
    record = consent or (None if known is None else known.consent)
    if record is None or not same_name(record.person, name):
        raise SettingsError(
            f"a voiceprint is biometric data and requires a record of {name}'s consent",
            f'State it: --consent "recognise my voice in our meetings" --declared-by {name!r}',
        )
