"""Series of ten meetings of real voices: names are given in the first one only, and all speakers are found by us.

The first meeting is clean and all regular speakers of a half are in it; a person names them. In each of the others
there are three of them and a stranger, in turn in a room, on the telephone (Opus at 8 kbit/s, G.711), and clean with
pauses. No utterance of the first meeting is used again. Diarization, attribution, extraction and matching are those of
a run; only the words are made: one every 0.4 s of speech.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from meetscribe.attribution import attribute
from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.diarization import Diarizer
from meetscribe.profiles import codec
from meetscribe.profiles.calibration import Calibration
from meetscribe.profiles.dense_speech import dense_speech
from meetscribe.profiles.extraction import Extraction, Extractor
from meetscribe.profiles.matching import match_speakers
from meetscribe.profiles.values import Consent, EmbeddingSpace, Profile, Voiceprint
from meetscribe.results import code_digest
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.benchmarks.profiles.trials import upper_bound
from tests.benchmarks.profiles.voices import Voice
from tests.benchmarks.real.making.acoustics import write
from tests.benchmarks.real.making.meetings import CONDITIONS, Condition, Meeting, assemble
from tests.benchmarks.real.making.voices import Utterance, active_spans
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import Part

MEETINGS = 10
REGULAR: Seconds = 30.0
"""The least speech of a voice that takes part regularly."""

_FIRST: Seconds = 12.0  # of each speaker in the first meeting
_LATER: Seconds = 12.0
_TOGETHER = 3  # regular speakers in a later meeting
_CUT: Seconds = 6.0
_WORD: Seconds = 0.4
_CODE = ("diarization", "attribution", "profiles.dense_speech", "profiles.extraction", "profiles.channel")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker found in a meeting: who it is in truth, and the voiceprint, None if it was refused."""

    truth: str
    voiceprint: Voiceprint | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting to make: what is said, and the condition with one codec."""

    name: str
    utterances: tuple[Utterance, ...]
    condition: Condition
    codec: str
    seed: int


def plans(voices: Sequence[Voice], part: Part, seed: int = 1) -> list[Plan]:
    """Return the meetings of a series of the voices of a part."""
    random = np.random.default_rng(seed)
    own = [voice for voice in voices if voice.part == part]
    regulars = _one_of_each_kin([voice for voice in own if voice.duration >= REGULAR])
    strangers = [voice for voice in own if voice.kin not in {each.kin for each in regulars}]
    first, later = {}, {}
    for voice in regulars:
        first[voice.name], later[voice.name] = _divided(_utterances(voice), _FIRST)
    opening = tuple(utterance for own in first.values() for utterance in own)
    pauses, room, phone = CONDITIONS
    kinds = [(room, "flac"), (phone, "opus"), (pauses, "flac"), (phone, "g711")]
    found = [Plan(f"{part} {seed} 1", opening, pauses, "flac", seed)]
    for number in range(1, MEETINGS):
        names = [str(name) for name in random.permutation(list(later))[:_TOGETHER]]
        stranger = strangers[(number + seed) % len(strangers)]
        said = [each for name in names for each in _some(later[name], _LATER, random)]
        said += _some(_utterances(stranger), _LATER, random)
        condition, codec_name = kinds[number % len(kinds)]
        found.append(Plan(f"{part} {seed} {number + 1}", tuple(said), condition, codec_name, 10 * seed + number))
    return found


def _one_of_each_kin(voices: Sequence[Voice]) -> list[Voice]:
    return list({voice.kin: voice for voice in reversed(voices)}.values())[::-1]


def _utterances(voice: Voice) -> list[Utterance]:
    """Return the speech of a voice in utterances of at most about `_CUT` seconds, or as it was recorded."""
    found = []
    for piece in voice.pieces:
        parts = 1 if len(voice.pieces) > 1 else round(len(piece) / SAMPLE_RATE / _CUT) or 1
        for samples in np.array_split(piece, parts):
            spans = active_spans(samples)
            words = tuple(
                Word("word", at, min(at + 0.9 * _WORD, span.end), speaker=voice.name)
                for span in spans
                for at in np.arange(span.start, span.end, _WORD).tolist()
            )
            found.append(Utterance(voice.name, samples, words, spans))
    return found


def _divided(utterances: Sequence[Utterance], seconds: Seconds) -> tuple[list[Utterance], list[Utterance]]:
    """Return the first utterances with this many seconds in all, and the others."""
    lengths = np.cumsum([utterance.duration for utterance in utterances])
    count = min(int(np.searchsorted(lengths, seconds)) + 1, len(utterances) - 1)
    return list(utterances[:count]), list(utterances[count:])


def _some(utterances: Sequence[Utterance], seconds: Seconds, random: np.random.Generator) -> list[Utterance]:
    """Return random utterances with this many seconds in all, or all of them."""
    chosen: list[Utterance] = []
    for index in random.permutation(len(utterances)):
        if sum(each.duration for each in chosen) < seconds:
            chosen.append(utterances[int(index)])
    return chosen


def find_speakers(plan: Plan, diarizer: Diarizer) -> list[Speaker]:
    """Make a meeting, and return the speakers that are found in it."""
    meeting = assemble(plan.utterances, plan.condition, plan.seed)
    with tempfile.TemporaryDirectory() as folder:
        audio = load_audio(write(Path(folder) / "meeting", meeting.samples, plan.codec))
    diarization = diarizer.diarize(audio)
    spoken = sorted((word.attributed(None, None, None, False) for word in meeting.words), key=lambda word: word.start)
    words = Transcript((Segment(tuple(spoken)),), Meta("en", audio.duration))
    transcript = attribute(words, diarization)
    found = _extractor(audio, diarizer).extract(dense_speech(transcript))
    return [_speaker(label, transcript, meeting, found[label]) for label in transcript.speakers]


def _extractor(audio: Audio, diarizer: Diarizer) -> Extractor:
    def embed(groups: Sequence[Sequence[Span]]) -> Any:
        return diarizer.voiceprints(audio, groups)

    return Extractor(audio, embed, EmbeddingSpace.of(str(diarizer.embedder)), _agreement(diarizer), "meeting")


def _agreement(diarizer: Diarizer) -> float:
    from meetscribe.profiles.calibration import find_calibration

    found = find_calibration(EmbeddingSpace.of(str(diarizer.embedder)))
    return -1.0 if found is None else found.agreement


def _speaker(label: str, transcript: Transcript, meeting: Meeting, extraction: Extraction) -> Speaker:
    """Return a speaker who was found; in truth, it is the one who says most of the words."""
    truth = {(word.start, word.end): word.speaker or "" for word in meeting.words}
    said = [truth.get((word.start, word.end), "") for word in transcript.words if word.speaker == label]
    return Speaker(max(set(said), key=said.count), extraction.voiceprint)


def named_by_hand(speakers: Sequence[Speaker]) -> list[Profile]:
    """Return the profiles after a person has named the speakers of the first meeting."""
    profiles: dict[str, Profile] = {}
    for speaker in speakers:
        if speaker.voiceprint is not None and speaker.truth not in profiles:
            consent = Consent(speaker.truth, "benchmark", "its licence", "2026-11-27")
            profiles[speaker.truth] = Profile(speaker.truth, consent, (speaker.voiceprint,))
    return list(profiles.values())


def results(speakers: Sequence[Speaker], profiles: Sequence[Profile], calibration: Calibration) -> Iterator[str]:
    """Yield what happens to each speaker of a later meeting: a band and whether it is right, or the reason for none."""
    known = {profile.name for profile in profiles}
    own = {str(number): each.voiceprint for number, each in enumerate(speakers) if each.voiceprint is not None}
    found = match_speakers(own, profiles, calibration)
    for number, speaker in enumerate(speakers):
        match = found.get(str(number))
        who = "regular" if speaker.truth in known else "stranger"
        if match is None or match.band == "unknown":
            yield f"{who} abstained"
        else:
            yield f"{who} {match.band} {'right' if match.name == speaker.truth else 'wrong'}"


def print_series(
    diarizer: Diarizer, calibration: Calibration | None, voices: Sequence[Voice], places: Places, minutes: float
) -> int:
    """Print the results of the series of both halves; return 1 if there was no time for all, or no calibration."""
    if calibration is None:
        print("there are no thresholds for this embedder: measure and store them first, with --write")
        return 1
    end = time.monotonic() + 60 * minutes
    counts: dict[tuple[str, str], list[str]] = {}
    for part in get_args(Part):
        series = plans(voices, part)
        found = [_stored(plan, diarizer, places, end) for plan in series]
        if missing := sum(each is None for each in found):
            print(f"{missing} meetings of the series of voices {part} are left; run the command again")
            return 1
        first, *later = [each for each in found if each is not None]
        profiles = named_by_hand(first)
        for plan, speakers in zip(series[1:], later, strict=True):
            counts.setdefault((part, _sound(plan)), []).extend(results(speakers, profiles, calibration))
    for line in table(counts):
        print(line)
    return 0


def _sound(plan: Plan) -> str:
    return plan.condition.name if plan.codec == "flac" else f"{plan.condition.name}, {plan.codec}"


def table(counts: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[str]:
    """Yield the counts by half and condition, and in all; a wrong name counts for regular speakers and strangers."""
    head = ("regular", "named", "wrong", "suggested", "wrong", "abstained", "strangers", "named", "suggested", "bound")
    yield f"{'':<24}" + "".join(f"{cell:>10}" for cell in head)
    rows: dict[str, list[str]] = {}
    for (part, sound), found in counts.items():
        rows.setdefault(f"{part}: {sound}", []).extend(found)
    for part in dict.fromkeys(part for part, _ in counts):
        rows[f"{part}: all"] = [each for (own, _), found in counts.items() if own == part for each in found]
    for name, found in sorted(rows.items()):
        of = found.count
        regular = [
            of(f"regular {kind}") for kind in ("named right", "named wrong", "suggested right", "suggested wrong")
        ]
        strangers = [of("stranger named wrong"), of("stranger suggested wrong")]
        total, abstained = sum(each.startswith("regular") for each in found), of("regular abstained")
        bound = upper_bound(regular[1] + strangers[0], len(found))
        numbers = (total, *regular, abstained, len(found) - total, *strangers)
        yield f"{name:<24}" + "".join(f"{number:>10}" for number in numbers) + f"{bound:>10.1%}"


def _stored(plan: Plan, diarizer: Diarizer, places: Places, end: float) -> list[Speaker] | None:
    """Return the speakers of a meeting, from the store or found now; None if the time is over."""
    folder = places.results / "profiles" / "series"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{plan.name} {diarizer.embedder} {code_digest(_CODE)[:8]}".replace(" ", "-").replace("/", "-")
    file = folder / f"{name}.json"
    if file.is_file():
        rows = json.loads(file.read_text(encoding="utf-8"))
        return [Speaker(row["truth"], _read(row["voiceprint"])) for row in rows]
    if time.monotonic() > end:
        return None
    found = find_speakers(plan, diarizer)
    rows = [{"truth": each.truth, "voiceprint": each.voiceprint and _members(each.voiceprint)} for each in found]
    file.write_text(json.dumps(rows), encoding="utf-8")
    return found


def _read(members: Any) -> Voiceprint | None:
    return None if members is None else codec.voiceprint_from_json(members)


def _members(voiceprint: Voiceprint) -> Any:
    return codec.voiceprint_to_json(voiceprint)
