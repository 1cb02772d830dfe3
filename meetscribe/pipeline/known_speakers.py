"""Comparison of the speakers of a recording with the profiles of known people, by voiceprints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.errors import SettingsError
from meetscribe.pipeline.stage_runner import StageRunner
from meetscribe.profiles.calibration import Calibration, find_calibration
from meetscribe.profiles.dense_speech import MIN_SPEECH, dense_speech
from meetscribe.profiles.extraction import Extraction, Extractor
from meetscribe.profiles.matching import Match, match_speakers, unmatched
from meetscribe.profiles.naming import other_embedder, uncalibrated, with_matches
from meetscribe.profiles.settings import ProfilesSettings, parse_duration
from meetscribe.profiles.store import ProfileStore
from meetscribe.profiles.suggestions import is_named
from meetscribe.profiles.unnamed import UnnamedStore
from meetscribe.profiles.values import Consent, EmbeddingSpace, Profile, Voiceprint
from meetscribe.runtime.progress import Progress
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Transcript

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_NO_CHECK = -1.0  # the minimum of a cosine similarity: no voiceprint is refused because its pieces differ


@dataclass(frozen=True, slots=True)
class SpeakerVoiceprints:
    """The voiceprints of the speakers of a recording by label, their embedding space, and its calibration if known."""

    space: EmbeddingSpace
    calibration: Calibration | None
    extractions: Mapping[str, Extraction]

    @property
    def voiceprints(self) -> dict[str, Voiceprint]:
        """The voiceprints that were not refused, by label."""
        by_label = {label: each.voiceprint for label, each in self.extractions.items()}
        return {label: voiceprint for label, voiceprint in by_label.items() if voiceprint is not None}

    def require_calibration(self) -> Calibration:
        """Return the calibration; raises SettingsError without one, as voiceprints cannot be compared then."""
        if self.calibration is None:
            raise SettingsError(
                f"no thresholds were measured for the embedder {self.space.identifier}",
                "Use the embedder campplus: --set diarization.embedder=campplus",
            )
        return self.calibration

    def matches(self, profiles: Sequence[Profile]) -> dict[str, Match]:
        """Return the match of each speaker, by label; empty without a calibration."""
        if self.calibration is None:
            return {}
        compared = match_speakers(self.voiceprints, profiles, self.calibration)
        refused = {label: each.refusal for label, each in self.extractions.items() if each.refusal is not None}
        return {**compared, **{label: unmatched(label, refusal) for label, refusal in refused.items()}}


def identify_speakers(transcript: Transcript, runner: StageRunner, progress: Progress) -> Transcript:
    """Return the transcript with the names of known speakers, or with notices that suggest them.

    If `profiles.remember` is set, the voiceprints of the speakers who then have no name, even if one is suggested, are
    stored for that time, otherwise not at all. If the speakers are to be compared but the embedder has no calibration,
    only a notice is added.
    """
    settings, profiles = runner.settings.profiles, ProfileStore().all()
    compared = profiles if settings.compares else ()
    if not transcript.speakers or not (compared or settings.remember):
        return transcript
    progress(0.0)
    speakers = extract_voiceprints(dense_speech(transcript), runner, str(runner.recording.path))
    if compared and speakers.calibration is None:
        return transcript.with_notices(uncalibrated(speakers.space))
    transcript = transcript.with_notices(*other_embedder(compared, speakers.space))
    named = with_matches(transcript, speakers.matches(compared), identify=settings.identify)
    _remember(named, speakers, settings, runner.recording.hash)
    return named


def needs_voiceprints(settings: ProfilesSettings) -> bool:
    """Return whether a run with these settings computes voiceprints of the speakers."""
    return settings.compares or settings.remember is not None


def extract_voiceprints(
    speech: Mapping[str, Sequence[Span]], runner: StageRunner, file: str, min_speech: Seconds = MIN_SPEECH
) -> SpeakerVoiceprints:
    """Return the voiceprints of speakers from the spans in which each speaks alone, by label.

    `file` is the path stored as the source of the voiceprints. Speakers with less than `min_speech` seconds are
    refused. Raises SettingsError if the pipeline's voiceprints cannot be compared across recordings.
    """
    embedder = runner.loaded.diarizer().embedder
    if embedder is None:
        raise SettingsError(
            f"voiceprints of the pipeline {runner.settings.diarization.pipeline} belong to one recording only",
            "Use the bundled pipeline: --set diarization.pipeline=bundled",
        )
    space = EmbeddingSpace.of(embedder)
    weights = Path(runner.settings.diarization.embedder).expanduser()
    calibration = find_calibration(space, weights if weights.exists() else None)
    audio = runner.audio

    def embed(groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
        return runner.loaded.with_fallback(lambda: runner.loaded.diarizer().voiceprints(audio, groups))

    required_agreement = _NO_CHECK if calibration is None else calibration.agreement
    extractor = Extractor(audio, embed, space, required_agreement, file, min_speech)
    return SpeakerVoiceprints(space, calibration, extractor.extract(speech))


def _remember(transcript: Transcript, speakers: SpeakerVoiceprints, settings: ProfilesSettings, recording: str) -> None:
    """Store the voiceprints of speakers without a name, if `profiles.remember` is set; `recording` is the hash."""
    unnamed = {label: each for label, each in speakers.voiceprints.items() if not is_named(transcript, label)}
    if settings.remember is None or not unnamed:
        return
    consent = Consent(
        person="the speakers",
        scope=settings.consent or "",
        declared_by="profiles.consent",
        date=date.today().isoformat(),
    )
    UnnamedStore().keep(recording, unnamed, consent, parse_duration(settings.remember))
