"""Match the speakers of a meeting with known persons: named, suggested or unknown.

A speaker is compared with all voiceprints of a person, and the best similarity is the score. The margin is the lead
over the next person in mean similarity, so that several voiceprints of one person do not compete with each other.
Speakers and persons are matched one to one (Kuhn 1955), and a match counts only if each is the other's best match.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from meetscribe.profiles.calibration import Calibration, Thresholds
from meetscribe.profiles.extraction import Refusal
from meetscribe.profiles.values import Channel, Profile, Voiceprint
from meetscribe.timeline import Seconds
from meetscribe.transcript.label_matching import optimal_pairs

Band: TypeAlias = Literal["named", "suggested", "unknown"]

Reason: TypeAlias = Literal[
    "match",  # named
    "likely",  # suggested: not similar enough, or too little speech, for a name
    "too-little-speech",  # the voiceprint was refused, as in `Refusal`
    "disagreement",  # likewise
    "no-voiceprint",  # likewise
    "no-profiles",  # there are no persons to compare with
    "low-similarity",
    "small-margin",  # two persons are similarly close
    "better-speaker",  # another speaker is closer to the person, or is matched with the person one to one
]
"""The reason for a band."""

NAMED_SECONDS: Seconds = 10.0
"""The minimum speech of a speaker in the band "named".

It is the shortest speech that the evaluation compares with enrolled voices (README.md).
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person compared with a speaker: the best similarity with its channel, and the mean similarity."""

    name: str
    score: float
    mean: float
    channel: Channel


@dataclass(frozen=True, slots=True)
class Match:
    """The result for a speaker; `margin` is None without a second person.

    `candidates` are all persons compared, the closest first. `other` is the other speaker, for the reason
    "better-speaker".
    """

    speaker: str
    band: Band
    reason: Reason
    candidates: tuple[Candidate, ...] = ()
    margin: float | None = None
    thresholds: Thresholds | None = None
    other: str | None = None

    @property
    def name(self) -> str | None:
        """The closest person."""
        return self.candidates[0].name if self.candidates else None

    @property
    def score(self) -> float | None:
        """The similarity to the closest person."""
        return self.candidates[0].score if self.candidates else None


def match_speakers(
    speakers: Mapping[str, Voiceprint], profiles: Sequence[Profile], calibration: Calibration
) -> dict[str, Match]:
    """Return the match of each speaker of one recording by label; no two speakers are assigned the same person."""
    compared = {label: candidates(voiceprint, profiles) for label, voiceprint in speakers.items()}
    closest = _closest_speakers(compared)
    return {
        label: _match(label, voiceprint, compared[label], closest, calibration)
        for label, voiceprint in speakers.items()
    }


def candidates(voiceprint: Voiceprint, profiles: Sequence[Profile]) -> tuple[Candidate, ...]:
    """Return the persons with voiceprints in the same embedding space, the closest first."""
    persons = []
    for profile in profiles:
        known = profile.within(voiceprint.space)
        scores = [float(each.vector @ voiceprint.vector) for each in known]
        if scores:
            best = max(range(len(known)), key=scores.__getitem__)
            persons.append(Candidate(profile.name, scores[best], sum(scores) / len(scores), known[best].channel))
    return tuple(sorted(persons, key=lambda each: (-each.score, each.name)))


def _closest_speakers(compared: Mapping[str, tuple[Candidate, ...]]) -> dict[str, tuple[str, ...]]:
    """Return for each person the closest speaker, and the speaker of the one-to-one matching if it differs.

    The matching maximises the sum of similarities. A match is mutual only if both are the same speaker.
    """
    labels = list(compared)
    names = list(dict.fromkeys(each.name for persons in compared.values() for each in persons))
    scores = {(label, each.name): each.score for label, persons in compared.items() for each in persons}
    table = [[scores.get((label, name), -1.0) for name in names] for label in labels]
    matched = {names[column]: labels[row] for row, column in optimal_pairs(table, maximize=True)}
    closest = {name: max(labels, key=lambda label: scores.get((label, name), -1.0)) for name in names}
    return {name: tuple(dict.fromkeys((closest[name], matched.get(name, closest[name])))) for name in names}


def _match(
    label: str,
    voiceprint: Voiceprint,
    compared: tuple[Candidate, ...],
    closest: Mapping[str, tuple[str, ...]],
    calibration: Calibration,
) -> Match:
    """Return the match of a speaker, given its candidates and the closest speakers of each person."""
    if not compared:
        return Match(label, "unknown", "no-profiles")
    best = compared[0]
    margin = margin_of(compared)
    limits = calibration.of(voiceprint.channel, best.channel)
    band, reason = band_of(best.score, margin, voiceprint.seconds, limits)
    others = [speaker for speaker in closest[best.name] if speaker != label]
    if band != "unknown" and others:
        return Match(label, "unknown", "better-speaker", compared, margin, limits, others[0])
    return Match(label, band, reason, compared, margin, limits)


def margin_of(compared: Sequence[Candidate]) -> float | None:
    """Return the lead of the closest person over the next in mean similarity, None without a second person."""
    best, *others = compared
    return best.mean - max(each.mean for each in others) if others else None


def band_of(score: float, margin: float | None, seconds: Seconds, limits: Thresholds) -> tuple[Band, Reason]:
    """Return the band for a score, a margin and seconds of speech, and the reason; a margin of None suffices."""
    if score < limits.suggested:
        return "unknown", "low-similarity"
    if margin is not None and margin < limits.suggested_margin:
        return "unknown", "small-margin"
    strict = score >= limits.named and (margin is None or margin >= limits.named_margin)
    return ("named", "match") if strict and seconds >= NAMED_SECONDS else ("suggested", "likely")


def unmatched(label: str, refusal: Refusal) -> Match:
    """Return the result for a speaker without a voiceprint."""
    return Match(label, "unknown", refusal)
