"""Score who spoke: turns, and words with their speakers, of meetscribe and whisperX on the same networks."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from meetscribe.attribution import AttributionSettings, attribute
from meetscribe.evaluation import (
    UNKNOWN_SPEAKER,
    DiarizationErrorRate,
    ErrorRate,
    WordDiarizationErrorRate,
    cpwer,
    der,
    wder,
)
from meetscribe.evaluation.normalization import plain_word
from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.benchmarks.perturbation import Observation
from tests.benchmarks.real.outputs import Output
from tests.benchmarks.real.recordings import Recording
from tests.benchmarks.real.scoring import normalized
from tests.benchmarks.whisperx_speakers import assign_speakers

COLLAR = 0.25
"""Seconds on each side of a boundary of a reference turn that the tolerant score leaves out."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TurnScore:
    """Errors of turns at collar 0 and at 0.25 s, and the number of recordings with the right number of speakers."""

    exact: DiarizationErrorRate
    tolerant: DiarizationErrorRate
    counted: int
    recordings: int = 1

    def __add__(self, other: TurnScore) -> TurnScore:
        return TurnScore(
            self.exact + other.exact,
            self.tolerant + other.tolerant,
            self.counted + other.counted,
            self.recordings + other.recordings,
        )


@dataclass(frozen=True, slots=True)
class SpeakerScore:
    """Errors of turns, and errors of words with speakers."""

    turns: TurnScore
    cpwer: ErrorRate
    wder: WordDiarizationErrorRate

    def __add__(self, other: SpeakerScore) -> SpeakerScore:
        return SpeakerScore(self.turns + other.turns, self.cpwer + other.cpwer, self.wder + other.wder)


def score_turns(reference: Sequence[Turn], turns: Sequence[Turn]) -> TurnScore:
    """Score turns against the reference; overlap is scored."""
    counted = len({turn.speaker for turn in turns}) == len({turn.speaker for turn in reference})
    return TurnScore(der(reference, turns), der(reference, turns, collar=COLLAR), int(counted))


Words = Callable[[Output, Diarization], list[Word]]


def score_all(
    recordings: Iterable[Recording],
    words: Mapping[str, Mapping[str, Output]],
    turns: Mapping[str, Mapping[str, Output]],
) -> dict[str, dict[str, SpeakerScore]]:
    """Return the scores of recordings with turns by set and row; the outputs are given by system and recording."""
    scores: dict[str, dict[str, SpeakerScore]] = {}
    for recording in recordings:
        for name, (system, diarizer, give) in ROWS.items():
            output, found = words.get(system, {}).get(recording.key), turns.get(diarizer, {}).get(recording.key)
            if recording.turns and output is not None and found is not None:
                diarization = found.as_diarization()
                one = score_speakers(recording, give(output, diarization), diarization)
                own = scores.setdefault(recording.set, {})
                own[name] = own[name] + one if name in own else one
    return scores


def score_speakers(recording: Recording, words: Sequence[Word], found: Diarization) -> SpeakerScore:
    """Score turns, and words with speakers, against the reference."""
    ordered = [sorted(each, key=lambda word: word.start) for each in (recording.words, words)]
    streams = [_streams(each, recording.language) for each in ordered]
    rate = cpwer(*streams)
    plain_rate = ErrorRate(rate.errors, rate.length, rate.insertions, rate.deletions, rate.substitutions)
    return SpeakerScore(score_turns(recording.turns, found.turns), plain_rate, wder(*map(_pairs, ordered)))


def _streams(words: Iterable[Word], language: str) -> dict[str, list[str]]:
    """Return the normalized words of each speaker."""
    streams: dict[str, list[Word]] = {}
    for word in words:
        streams.setdefault(word.speaker or UNKNOWN_SPEAKER, []).append(word)
    return {speaker: normalized(own, language) for speaker, own in streams.items()}


def _pairs(words: Iterable[Word]) -> list[Pair]:
    return [(text, word.speaker or UNKNOWN_SPEAKER) for word in words if (text := plain_word(word.text))]


def ours(output: Output, found: Diarization) -> list[Word]:
    """Return the words with the speakers that meetscribe gives them."""
    meta = Meta(output.language, output.duration)
    transcript = Transcript(tuple(segments_of(output)), meta)
    return list(attribute(transcript, found, AttributionSettings()).words)


def segments_of(output: Output) -> list[Segment]:
    """Return the words of an output in its segments."""
    starts = [start for start, _, _ in output.segments]
    groups: dict[int, list[Word]] = {}
    for word in output.as_words():
        groups.setdefault(bisect.bisect_right(starts, word.start), []).append(word)
    return [Segment(tuple(words)) for _, words in sorted(groups.items())]


def by_segment(output: Output, found: Diarization) -> list[Word]:
    """Return the words with the speakers of whisperX without an aligner: each segment has the speaker of most of it."""
    segments = [Word("segment", start, end) for start, end, _ in output.segments]
    speakers = _assigned(segments, found)
    starts = [start for start, _, _ in output.segments]
    return [_with(word, speakers[max(0, bisect.bisect_right(starts, word.start) - 1)]) for word in output.as_words()]


def by_word(output: Output, found: Diarization) -> list[Word]:
    """Return the words with the speakers by whisperX's rule: each word has the speaker of most of it."""
    words = output.as_words()
    return [_with(word, speaker) for word, speaker in zip(words, _assigned(words, found), strict=True)]


def _assigned(words: Sequence[Word], found: Diarization) -> list[str]:
    if not words or not found.turns:
        return [UNKNOWN_SPEAKER] * len(words)
    return assign_speakers(Observation(tuple(words), found.turns))


def _with(word: Word, speaker: str) -> Word:
    return Word(word.text, word.start, word.end, speaker=speaker or None)


ROWS: dict[str, tuple[str, str, Words]] = {
    "ours": ("ours", "speakers", ours),
    "ours, count given": ("ours", "speakers given", ours),
    "whisperX": ("whisperX", "speakers pyannote", by_segment),
    "ours, whisperX's rule": ("ours", "speakers", by_word),
}
"""The rows of the table: system of the words, diarizer, and the function that gives words their speakers."""
