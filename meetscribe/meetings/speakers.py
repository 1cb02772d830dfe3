"""The voiceprints of the speakers of a saved meeting, and their comparison with known persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from meetscribe.errors import InputError
from meetscribe.pipeline import Session
from meetscribe.pipeline.known_speakers import SpeakerVoiceprints
from meetscribe.pipeline.stage_runner import StageProgress, ignore_stages
from meetscribe.profiles.calibration import find_calibration
from meetscribe.profiles.dense_speech import dense_speech
from meetscribe.profiles.extraction import Extraction
from meetscribe.profiles.matching import Match
from meetscribe.profiles.store import ProfileStore
from meetscribe.profiles.unnamed import UnnamedStore
from meetscribe.profiles.values import Voiceprint
from meetscribe.publishing.corrections import load_editable
from meetscribe.settings import Settings
from meetscribe.transcript import Assign, Merge, Rename, Transcript
from meetscribe.transcript.edits.application import apply_edits_to_labels
from meetscribe.transcript.edits.operations import find_speaker
from meetscribe.transcript.recording_location import locate_recording


@dataclass(frozen=True, slots=True)
class Tools:
    """The resources of the functions in this room: a session for voiceprints, and the stores.

    Models are loaded only when a voiceprint has to be computed from a recording.
    """

    session: Session = field(default_factory=Session)
    profiles: ProfileStore = field(default_factory=ProfileStore)
    unnamed: UnnamedStore = field(default_factory=UnnamedStore)
    progress: StageProgress = ignore_stages

    @classmethod
    def of(cls, settings: Settings, **changes: Any) -> Tools:
        """Return tools whose session has these settings; `changes` are the other fields."""
        return cls(session=Session(settings), **changes)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A transcript saved as native JSON in `file`, and the path of its recording if given."""

    file: Path
    transcript: Transcript
    audio: Path | None = None

    @classmethod
    def load(cls, file: Path, audio: Path | None = None) -> Meeting:
        """Read a meeting; raises InputError if the file is not native JSON."""
        return cls(file, load_editable(file), audio)

    @property
    def labelled(self) -> Transcript:
        """The transcript after all corrections, with labels as speakers."""
        return apply_edits_to_labels(self.transcript)

    def recording(self) -> Path:
        """Return the path of the recording; raises InputError if it is not found."""
        return locate_recording(self.transcript, self.file, self.audio)

    def voiceprints(self, tools: Tools) -> SpeakerVoiceprints:
        """Return the voiceprints of the speakers: those kept from the run, or else computed from the recording.

        Raises InputError if the recording is not found, and the errors of `Session.voiceprints`.
        """
        return self._kept(tools) or self._computed(tools)

    def matches(self, tools: Tools) -> dict[str, Match]:
        """Return the match of each speaker with the known persons, by label.

        Empty if no thresholds were measured for the embedder. Raises the errors of `voiceprints`.
        """
        return self.voiceprints(tools).matches(tools.profiles.all())

    def _kept(self, tools: Tools) -> SpeakerVoiceprints | None:
        """Return the voiceprints kept from the run.

        None if there are none, if an edit gives words to another speaker, or if they cannot be compared.
        """
        recording = self.transcript.recording
        reassigned = any(isinstance(edit, Merge | Assign) for edit in self.transcript.meta.edits)
        kept = None if reassigned or recording is None else tools.unnamed.find(recording.hash)
        if kept is None:
            return None
        spaces = {voiceprint.space for voiceprint in kept.voiceprints.values()}
        if len(spaces) != 1:
            return None
        space = spaces.pop()
        found = {label: Extraction(each, None, each.seconds) for label, each in kept.voiceprints.items()}
        calibration = find_calibration(space, _weights(tools.session.settings))
        return None if calibration is None else SpeakerVoiceprints(space, calibration, found)

    def _computed(self, tools: Tools) -> SpeakerVoiceprints:
        """Return the voiceprints computed from the recording."""
        speech = dense_speech(self.labelled)
        return tools.session.voiceprints(self.recording(), speech, tools.progress, str(self.file))


@dataclass(frozen=True, slots=True)
class SpeakerReport:
    """Why a speaker has its name or none: the match, the extraction of its voiceprint, and in `given` the naming edit.

    `space` identifies the embedder, and `measured` describes how its thresholds were measured. `left_out` are the
    persons with voiceprints from this recording, which were excluded from the comparison.
    """

    speaker: str
    name: str
    given: Rename | None
    match: Match
    extraction: Extraction
    space: str
    measured: str
    left_out: tuple[str, ...] = ()


def explain(meeting: Meeting, speaker: str, tools: Tools) -> SpeakerReport:
    """Return the comparison of a speaker (given by label or name) with known persons.

    Voiceprints in the profiles that come from the same recording are excluded: they would only confirm themselves.
    Raises SettingsError for an unknown speaker or if no thresholds were measured for the embedder, InputError if the
    recording is not found.
    """
    label = find_speaker(meeting.transcript, speaker)
    found = meeting.voiceprints(tools)
    calibration = found.require_calibration()
    profiles = tools.profiles.all()
    recording = meeting.transcript.recording
    compared = [each.without_recording(recording.hash if recording else None) for each in profiles]
    match = found.matches(compared).get(label) or Match(label, "unknown", "no-voiceprint")
    extraction = found.extractions.get(label) or Extraction(None, "no-voiceprint", 0.0)
    given = _naming_edit(meeting.transcript, label)
    name = meeting.transcript.name_of(label)
    left_out = [before.name for before, after in zip(profiles, compared, strict=True) if before != after]
    space, measured = found.space.identifier, calibration.measured
    return SpeakerReport(label, name, given, match, extraction, space, measured, tuple(left_out))


def voiceprint_of(meeting: Meeting, label: str, tools: Tools) -> Voiceprint:
    """Return the voiceprint of a speaker.

    Raises InputError with the reason if it is refused, SettingsError if no thresholds were measured for the embedder.
    """
    found = meeting.voiceprints(tools)
    found.require_calibration()
    extraction = found.extractions.get(label) or Extraction(None, "no-voiceprint", 0.0)
    return require_voiceprint(extraction, meeting.transcript.name_of(label))


def require_voiceprint(extraction: Extraction, speaker: str) -> Voiceprint:
    """Return the voiceprint of an extraction; raises InputError with the reason if it was refused."""
    if extraction.voiceprint is not None:
        return extraction.voiceprint
    text, remedy = _REFUSALS[extraction.refusal or "no-voiceprint"]
    raise InputError(f"no voiceprint of {speaker}: {text.format(seconds=extraction.seconds)}", remedy)


_REFUSALS: Mapping[str, tuple[str, str]] = {
    "too-little-speech": (
        "only {seconds:.1f} s of dense speech without overlap, at least 4 s are needed",
        "Give a recording in which this person speaks longer.",
    ),
    "disagreement": (
        "the pieces of the speech do not sound like one voice",
        "Correct the speakers first (meetscribe speakers assign), or give a recording with no other speaker.",
    ),
    "no-voiceprint": ("there is no speech of this speaker", "Give a recording in which this person speaks."),
}
"""The message and the remedy for each refusal of a voiceprint."""


def _naming_edit(transcript: Transcript, label: str) -> Rename | None:
    """Return the last edit that names a label, None if there is none."""
    edits = (edit for edit in reversed(transcript.meta.edits) if isinstance(edit, Rename) and label in edit.names)
    return next(edits, None)


def _weights(settings: Settings) -> Path | None:
    """Return the path of the embedder's weights if the setting is one, None if it is the name of a model."""
    path = Path(settings.diarization.embedder).expanduser()
    return path if path.exists() else None
