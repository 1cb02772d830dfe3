"""Names of known persons in a transcript, assigned by edits or suggested by notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from meetscribe.errors import JSON, Notice
from meetscribe.profiles.matching import Match
from meetscribe.profiles.suggestions import SAME_PERSON, SUGGESTED, is_named
from meetscribe.profiles.values import EmbeddingSpace, Profile, same_name
from meetscribe.transcript import Rename, Transcript
from meetscribe.transcript.edits.labels import names_by_label
from meetscribe.transcript.edits.word_edits import now, with_edits


def with_matches(transcript: Transcript, matches: Mapping[str, Match], *, identify: bool) -> Transcript:
    """Return the transcript with names or suggestions for the matches of its speakers.

    Speakers who already have a name are skipped. With `identify`, a speaker in the band "named" gets the name as an
    edit, unless another speaker has this name. All other matches in the bands "named" and "suggested" become notices
    that suggest the name. For the reason "better-speaker", a notice asks whether the two speakers are the same person.
    """
    for label, match in matches.items():
        if match.name is None or is_named(transcript, label):
            continue
        if identify and match.band == "named" and not _is_taken(transcript, match.name):
            transcript = with_edits(transcript, [rename_of(match, "profile")])
        elif match.band != "unknown":
            transcript = transcript.with_notices(_suggestion(match))
        elif match.reason == "better-speaker":
            transcript = transcript.with_notices(_same_person(match))
    return transcript


def rename_of(match: Match, source: str) -> Rename:
    """Return the edit that names a speaker after the closest person, with the score and the margin.

    `source` is the source of the name that the edit records: "profile" or "confirmed".
    """
    return Rename({match.speaker: match.name or ""}, now(), source, match.score, match.margin)


def other_embedder(profiles: Sequence[Profile], space: EmbeddingSpace) -> tuple[Notice, ...]:
    """Return a notice with the persons who have only voiceprints of other embedders, or nothing."""
    names = [profile.name for profile in profiles if profile.voiceprints and not profile.within(space)]
    if not names:
        return ()
    text = (
        f"not compared, because their voiceprints are from another embedder than {space.identifier}: "
        f"{', '.join(names)}; enrol them again"
    )
    return (Notice("profiles.other-embedder", text, {"names": [*names], "embedder": space.identifier}),)


def uncalibrated(space: EmbeddingSpace) -> Notice:
    """Return the notice that speakers are not compared because the thresholds are unknown."""
    text = f"known speakers were not identified: no thresholds were measured for the embedder {space.identifier}"
    return Notice("profiles.uncalibrated", text, {"embedder": space.identifier})


def _suggestion(match: Match) -> Notice:
    text = f"{match.speaker} may be {match.name} ({evidence(match)}); to confirm, run: meetscribe profiles confirm"
    return Notice(SUGGESTED, text, {**_data(match), "certain": match.band == "named"})


def _same_person(match: Match) -> Notice:
    text = (
        f"{match.speaker} also sounds like {match.name} ({evidence(match)}), but {match.other} is closer; "
        "if they are the same person, run: meetscribe speakers merge"
    )
    return Notice(SAME_PERSON, text, {**_data(match), "other": match.other})


def _data(match: Match) -> dict[str, JSON]:
    score, margin = (value if value is None else round(value, 4) for value in (match.score, match.margin))
    return {"speaker": match.speaker, "name": match.name, "score": score, "margin": margin}


def evidence(match: Match) -> str:
    """Return a description of the similarity and the margin of a match."""
    margin = "" if match.margin is None else f", {match.margin:.2f} above the next person"
    return f"similarity {match.score or 0:.2f}{margin}"


def _is_taken(transcript: Transcript, name: str) -> bool:
    """Return whether a speaker has this name, or this label, after all edits."""
    return any(same_name(name, each) for each in _shown(transcript))


def _shown(transcript: Transcript) -> Iterable[str]:
    yield from names_by_label(transcript.meta.edits).values()
    yield from transcript.speakers
