"""Trials of identification: speech of a voice against enrolled persons, with the voice among them or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.stats import beta

from meetscribe.profiles.calibration import Calibration, Thresholds
from meetscribe.profiles.channel import NARROW_DB
from meetscribe.profiles.extraction import PIECE, mean_vector
from meetscribe.profiles.matching import Candidate, band_of, candidates, margin_of
from meetscribe.profiles.values import Channel, Consent, EmbeddingSpace, Profile, Source, Vector, Voiceprint
from meetscribe.timeline import Seconds
from tests.benchmarks.profiles.pieces import SHORT, Pieces
from tests.benchmarks.profiles.voices import Voice

Kind: TypeAlias = Literal["known", "stranger", "alone"]
"""The voice is among the persons enrolled; only the others are; only one other is, so that there is no margin."""

ENROLLED: Seconds = 10.0
"""The speech from which each person is enrolled; it is compared with the rest, strangers with all of their speech."""

_SPACE = EmbeddingSpace("benchmark", None)
_SECONDS: Seconds = 30.0  # so that the length of speech alone stops no trial


@dataclass(frozen=True, slots=True)
class Trial:
    """Speech of a voice in a condition, and the persons compared with it, the closest first."""

    kind: Kind
    voice: str
    condition: str
    seconds: Seconds
    channel: Channel
    compared: tuple[Candidate, ...]

    @property
    def right(self) -> bool:
        """Whether the closest person is the voice."""
        return self.compared[0].name == self.voice

    @property
    def used(self) -> Channel:
        """The kind of channel whose thresholds apply."""
        return "narrowband" if "narrowband" in (self.channel, self.compared[0].channel) else "wideband"

    def band(self, limits: Thresholds) -> str:
        """Return the band of the closest person at these thresholds."""
        return band_of(self.compared[0].score, margin_of(self.compared), _SECONDS, limits)[0]


@dataclass(frozen=True, slots=True)
class Prints:
    """The voiceprints of a set of voices from stored pieces."""

    pieces: Pieces
    voices: Sequence[Voice]

    def speech(self, voice: Voice, condition: str, seconds: Seconds, after: Seconds = 0.0) -> list[Voiceprint]:
        """Return the voiceprint of each stretch of this length after a time."""
        length = SHORT if seconds < PIECE else PIECE
        first, count = int(-(-after // length)), max(1, round(seconds / length))
        rest = self.pieces.vectors[voice.name, condition, length][first:]
        vectors = [mean_vector(rest[start : start + count]) for start in range(0, len(rest) - count + 1, count)]
        return [self._voiceprint(vector, self.channel(voice, condition)) for vector in vectors]

    def enrolment(self, voice: Voice, condition: str) -> Vector | None:
        """Return the voiceprint of the first `ENROLLED` seconds, None if there is less speech."""
        units = self.pieces.vectors[voice.name, condition, PIECE]
        count = round(ENROLLED / PIECE)
        return mean_vector(units[:count]) if len(units) >= count else None

    def channel(self, voice: Voice, condition: str) -> Channel:
        """Return the kind of channel that the product detects."""
        return "narrowband" if self.pieces.levels[voice.name, condition] < NARROW_DB else "wideband"

    def profile(self, voice: Voice, condition: str) -> Profile | None:
        """Return the voice as an enrolled person."""
        vector = self.enrolment(voice, condition)
        if vector is None:
            return None
        consent = Consent(voice.name, "benchmark", "its licence", "2026-11-27")
        return Profile(voice.name, consent, (self._voiceprint(vector, self.channel(voice, condition)),))

    def trials(self, condition: str, seconds: Seconds, enrolled: str) -> Iterator[Trial]:
        """Yield all trials of speech in a condition, with persons enrolled in another."""
        profiles = {voice.name: self.profile(voice, enrolled) for voice in self.voices}
        persons = [(voice, profile) for voice in self.voices if (profile := profiles[voice.name]) is not None]
        for voice in self.voices:
            others = [profile for other, profile in persons if other.kin != voice.kin]
            about = (voice.name, condition, seconds, self.channel(voice, condition))
            own = profiles[voice.name]
            if own is not None:
                for query in self.speech(voice, condition, seconds, ENROLLED):
                    yield Trial("known", *about, candidates(query, [own, *others]))
            for query in self.speech(voice, condition, seconds):
                yield Trial("stranger", *about, candidates(query, others))
                yield from (Trial("alone", *about, candidates(query, [other])) for other in others)

    def _voiceprint(self, vector: Vector, channel: Channel) -> Voiceprint:
        return Voiceprint(vector, _SPACE, channel, _SECONDS, "2026-11-27", Source("voice"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of trials by what happened, and the voices that got a wrong name."""

    named_right: int = 0
    named_wrong: int = 0
    suggested_right: int = 0
    suggested_wrong: int = 0
    abstained: int = 0
    voices: frozenset[str] = frozenset()
    wrong_voices: frozenset[str] = frozenset()

    @property
    def trials(self) -> int:
        """The number of all trials."""
        return self.named_right + self.named_wrong + self.suggested_right + self.suggested_wrong + self.abstained


def outcome(trials: Iterable[Trial], calibration: Calibration) -> Outcome:
    """Return what happens in the trials with the thresholds of a calibration."""
    found = [(trial, trial.band(calibration.channels[trial.used])) for trial in trials]

    def count(band: str, *, right: bool) -> int:
        return sum(each == band and trial.right == right for trial, each in found)

    return Outcome(
        count("named", right=True),
        count("named", right=False),
        count("suggested", right=True),
        count("suggested", right=False),
        sum(band == "unknown" for _, band in found),
        frozenset(trial.voice for trial, _ in found),
        frozenset(trial.voice for trial, band in found if band == "named" and not trial.right),
    )


def upper_bound(wrong: int, trials: int) -> float:
    """Return the one-sided 95 % upper bound of a rate of which `wrong` of `trials` were seen (Clopper-Pearson 1934)."""
    return 1.0 if wrong >= trials else float(beta.ppf(0.95, wrong + 1, trials - wrong))


def equal_error_rate(same: Sequence[float], different: Sequence[float]) -> tuple[float, float]:
    """Return the rate at which misses and false alarms are equally frequent, and that similarity."""
    edges = np.unique(np.concatenate([same, different]))
    misses = np.searchsorted(np.sort(same), edges, side="left") / len(same)
    alarms = 1 - np.searchsorted(np.sort(different), edges, side="left") / len(different)
    place = int(np.argmin(np.abs(misses - alarms)))
    return float((misses[place] + alarms[place]) / 2), float(edges[place])
