"""Utterances of real voices, each cut to its speech, with its words.

To tune on: LibriSpeech's readers 1688, 1998, 2033 (test-other), 652 and 5536 (of mix_000), and the AMI excerpts dev00
and trn05. Held out: the readers 2414, 2609, 1993, 6313 and 7976 (of mix_002), and the AMI excerpts trn00 and trn06. No
speaker and no utterance is in both parts. The words of AMI have manual times, the others those of a forced aligner if
it is installed (`aligned_words`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Word
from tests.benchmarks.real.making.aligned_words import with_aligned_times
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import Part, Recording, find_recordings, untimed_words

Samples = npt.NDArray[np.float32]

_FRAME = SAMPLE_RATE // 50
_FLOOR_DB = -35.0  # of a frame with speech, relative to the loudest
_JOINED: Seconds = 0.5  # speech closer than this is one turn
_LEVEL = 0.07  # root mean square of every utterance
_ALONE: Seconds = 0.1  # between an utterance of AMI and the words of others
_MIN_WORDS = 3
_BORDER = "5536"  # a reader of both mixes, used in the first only


@dataclass(frozen=True, slots=True)
class Utterance:
    """Speech of one speaker: samples `(frames,)`, words, and spans of speech, from the start of the samples."""

    speaker: str
    samples: Samples
    words: tuple[Word, ...]
    speech: tuple[Span, ...]

    @property
    def duration(self) -> Seconds:
        """The length in seconds."""
        return len(self.samples) / SAMPLE_RATE


def find_utterances(places: Places, part: Part) -> list[Utterance]:
    """Return the utterances of a part of the recordings that are present."""
    found: list[Utterance] = []
    for recording in find_recordings(places):
        if recording.part == part and recording.set in ("readers", "mixes", "ami"):
            found += _utterances(recording, load_audio(recording.path))
    return found


def _utterances(recording: Recording, audio: Audio) -> Iterator[Utterance]:
    """Yield the utterances of a recording in which nobody else speaks."""
    if recording.set == "readers":
        yield _aligned(
            cut_to_speech(recording.name.partition("-")[0], audio.samples[:], " ".join(_texts(recording.words)))
        )
    elif recording.set == "mixes":
        for turn in recording.turns:
            words = [word for word in recording.words if turn.start <= word.start < turn.end]
            if words and not (recording.part == "held out" and turn.speaker == _BORDER):
                yield _aligned(cut_to_speech(turn.speaker, audio.slice(turn.span), " ".join(_texts(words))))
    else:
        for words in runs_alone(recording.words):
            span = Span(words[0].start - _ALONE, words[-1].end + _ALONE)
            yield _with_times(f"{recording.name}-{words[0].speaker}", audio.slice(span), words, max(0.0, span.start))


def _aligned(utterance: Utterance) -> Utterance:
    return replace(utterance, words=with_aligned_times(utterance.words, utterance.samples))


def _texts(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words]


def cut_to_speech(speaker: str, samples: Samples, text: str) -> Utterance:
    """Return an utterance without the silence around it; its words are spread over it."""
    speech = active_spans(samples)
    first, last = round(speech[0].start * SAMPLE_RATE), round(speech[-1].end * SAMPLE_RATE)
    moved = tuple(Span(span.start - speech[0].start, span.end - speech[0].start) for span in speech)
    words = untimed_words(text, Span(0.0, (last - first) / SAMPLE_RATE), speaker)
    return Utterance(speaker, level(samples[first:last]), words, moved)


def _with_times(speaker: str, samples: Samples, words: Sequence[Word], start: Seconds) -> Utterance:
    """Return an utterance whose words have true times in the recording, of which the samples begin at `start`."""
    moved = tuple(
        replace(word, start=max(0.0, word.start - start), end=word.end - start, speaker=speaker) for word in words
    )
    return Utterance(speaker, level(samples), moved, (Span(moved[0].start, moved[-1].end),))


def runs_alone(words: Sequence[Word]) -> list[list[Word]]:
    """Return runs of words of one speaker, without long pauses, during which and around which nobody else speaks."""
    runs: list[list[Word]] = []
    for _, own in groupby(sorted(words, key=lambda word: (word.speaker or "", word.start)), key=lambda w: w.speaker):
        runs.append([])
        for word in own:
            if runs[-1] and word.start - runs[-1][-1].end >= _JOINED:
                runs.append([])
            runs[-1].append(word)
    return [run for run in runs if len(run) >= _MIN_WORDS and _alone(run, words)]


def _alone(run: Sequence[Word], words: Sequence[Word]) -> bool:
    """Return whether nobody else speaks during a run and shortly before and after it."""
    wide = Span(run[0].start - _ALONE, run[-1].end + _ALONE)
    return not any(word.speaker != run[0].speaker and word.span.overlap(wide) > 0 for word in words)


def active_spans(samples: Samples) -> tuple[Span, ...]:
    """Return where the samples are at most 35 dB below their loudest 20 ms, with pauses under half a second filled."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = (frames.astype(np.float64) ** 2).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (_FLOOR_DB / 10))
    limit = round(_JOINED * SAMPLE_RATE / _FRAME)
    groups = np.split(loud, np.flatnonzero(np.diff(loud) > limit) + 1)
    return tuple(Span(group[0] * _FRAME / SAMPLE_RATE, (group[-1] + 1) * _FRAME / SAMPLE_RATE) for group in groups)


def level(samples: Samples) -> Samples:
    """Return the samples at the common level."""
    scaled: Samples = (samples * (_LEVEL / max(1e-6, float(np.sqrt((samples**2).mean()))))).astype(np.float32)
    return scaled
