"""Lay utterances out as a meeting, and mix them as heard in a room, with noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.timeline import Seconds, Span, Turn, merge_turns, union
from meetscribe.transcript import Word
from tests.benchmarks.real.making.acoustics import babble, impulse_response, in_room, pink_noise
from tests.benchmarks.real.making.voices import Utterance

Samples = npt.NDArray[np.float32]

_LEAD: Seconds = 0.7
_MARGIN: Seconds = 0.3  # between speech and a span that is known to be silent
_SPREAD_DB = 4.0  # between the levels of speakers
_DISTANT_DB = (0.0, 6.0)  # direct sound above reverberation, of speakers far from and near the microphone
_SHARE_BABBLE = 0.5
_BABBLERS = 5
_LONGEST_OVERLAP: Seconds = 1.5
_OVERLAP_SHARE = 0.6  # of the shorter utterance, at most


@dataclass(frozen=True, slots=True)
class Condition:
    """How a meeting sounds: gaps between utterances in seconds, the share that overlap, the reverberation time, the
    levels of noise below the speech in dB, of which each meeting gets one, and the codecs, likewise.
    """

    name: str
    gaps: tuple[Seconds, Seconds]
    overlap: float = 0.0
    reverberation: Seconds = 0.0
    noise_db: tuple[float, ...] = ()
    codecs: tuple[str, ...] = ("flac",)


CONDITIONS = (
    Condition("pauses", (0.3, 6.0), noise_db=(40.0,)),
    Condition("room", (0.0, 1.0), 0.25, 0.5, (20.0, 10.0, 15.0, 5.0)),
    Condition("phone", (0.1, 2.0), 0.1, 0.0, (20.0,), ("opus", "g711")),
)
"""The conditions: long pauses, nearly silent; a reverberant room with overlap and noise; telephones."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting: samples `(frames,)`, the words with their speakers, the turns, and the spans without speech."""

    samples: Samples
    words: tuple[Word, ...]
    turns: tuple[Turn, ...]
    quiet: tuple[Span, ...]


def in_turn(utterances: Sequence[Utterance], random: np.random.Generator) -> list[Utterance]:
    """Return the utterances in random order, in which a speaker rarely follows himself."""
    left = [utterances[index] for index in random.permutation(len(utterances))]
    ordered: list[Utterance] = []
    while left:
        last = ordered[-1].speaker if ordered else None
        ordered.append(left.pop(next((i for i, each in enumerate(left) if each.speaker != last), 0)))
    return ordered


def lay_out(utterances: Sequence[Utterance], condition: Condition, random: np.random.Generator) -> list[Seconds]:
    """Return the start of each utterance; a speaker never overlaps himself, and at most two speak at once."""
    starts: list[Seconds] = []
    ends: list[Seconds] = [_LEAD, _LEAD]
    for before, utterance in zip([None, *utterances], utterances, strict=False):
        start = ends[-1] + float(random.uniform(*condition.gaps))
        if before is not None and before.speaker != utterance.speaker and random.random() < condition.overlap:
            most = min(_LONGEST_OVERLAP, _OVERLAP_SHARE * min(before.duration, utterance.duration))
            start = max(ends[-2], ends[-1] - float(random.uniform(0.2, 1.0)) * most)
        starts.append(start)
        ends.append(max(ends[-1], start + utterance.duration))
    return starts


def assemble(utterances: Sequence[Utterance], condition: Condition, seed: int) -> Meeting:
    """Return a meeting of the utterances; the same seed gives the same meeting."""
    random = np.random.default_rng(seed)
    utterances = in_turn(utterances, random)
    starts = lay_out(utterances, condition, random)
    samples = _mix(utterances, starts, condition, random)
    if condition.noise_db:
        noise_db = condition.noise_db[seed % len(condition.noise_db)]
        samples = samples + _noise(utterances, samples, noise_db, random)
    spans = [
        Span(s.start + start, s.end + start)
        for each, start in zip(utterances, starts, strict=True)
        for s in each.speech
    ]
    words = tuple(
        replace(word, start=word.start + start, end=word.end + start)
        for each, start in zip(utterances, starts, strict=True)
        for word in each.words
    )
    return Meeting(
        samples.astype(np.float32) * np.float32(min(1.0, 0.9 / float(np.abs(samples).max()))),
        tuple(sorted(words, key=lambda word: word.start)),
        _turns(utterances, starts),
        silence_between(spans, len(samples) / SAMPLE_RATE),
    )


def _turns(utterances: Sequence[Utterance], starts: Sequence[Seconds]) -> tuple[Turn, ...]:
    """Return the turns of all speakers, in order."""
    turns = (
        Turn(round(span.start + start, 3), round(span.end + start, 3), each.speaker)
        for each, start in zip(utterances, starts, strict=True)
        for span in each.speech
    )
    return merge_turns(turns, 0.0)


def silence_between(speech: Sequence[Span], duration: Seconds) -> tuple[Span, ...]:
    """Return the spans at least 0.3 s away from any speech."""
    edges = [0.0, *(edge for span in union(speech) for edge in (span.start, span.end)), duration]
    pairs = [(edges[i] + _MARGIN, edges[i + 1] - _MARGIN) for i in range(0, len(edges), 2)]
    return tuple(Span(round(start, 3), round(end, 3)) for start, end in pairs if end - start > 0)


def _mix(
    utterances: Sequence[Utterance], starts: Sequence[Seconds], condition: Condition, random: np.random.Generator
) -> Samples:
    """Return the sum of the utterances at their starts, each speaker at a level and a place in the room."""
    gains = {each.speaker: 10 ** (random.uniform(-_SPREAD_DB, _SPREAD_DB) / 20) for each in utterances}
    responses = {
        speaker: impulse_response(condition.reverberation, float(random.uniform(*_DISTANT_DB)), random)
        for speaker in (gains if condition.reverberation else ())
    }
    end = max(start + each.duration for each, start in zip(utterances, starts, strict=True))
    mixed = np.zeros(round((end + _LEAD + condition.reverberation) * SAMPLE_RATE) + 1, np.float32)
    for each, start in zip(utterances, starts, strict=True):
        heard = in_room(each.samples, responses[each.speaker]) if responses else each.samples
        first = round(start * SAMPLE_RATE)
        mixed[first : first + len(heard)] += heard * np.float32(gains[each.speaker])
    return mixed


def _noise(utterances: Sequence[Utterance], speech: Samples, noise_db: float, random: np.random.Generator) -> Samples:
    """Return pink noise and babble of the same voices, together `noise_db` below the speech."""
    voices = [utterances[index].samples for index in random.permutation(len(utterances))[:_BABBLERS]]
    noise = (1 - _SHARE_BABBLE) * pink_noise(len(speech), random) + _SHARE_BABBLE * babble(voices, len(speech), random)
    power = float((np.concatenate([each.samples for each in utterances]) ** 2).mean())
    scaled: Samples = (noise / noise.std() * np.sqrt(power) * 10 ** (-noise_db / 20)).astype(np.float32)
    return scaled
