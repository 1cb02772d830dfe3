"""Make a meeting that nobody held: a recording, and the exact truth of who said which word when.

    python samples/recipe/make_meeting.py --seed 7 --minutes 3 --speakers 4 -o out/meeting

writes `meeting.flac` (16 kHz), `meeting.words.jsonl` (start, end, speaker, word; from the synthesisers' own timing),
`meeting.rttm` (a speaker's words joined over gaps under 0.5 s), `meeting.stm`, `meeting.plan.json` (what was planted).
The same seed and the same versions of flite, espeak-ng and festival make the same files.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from script import Line, Script
from synthesis import EXTRA_VOICES, VOICES, Speech, speak, versions
from windows import SAMPLE_RATE, Samples, coloured_noise

SPEAKERS = [name for name, voice in VOICES.items() if voice.language == "en"]
ALL_VOICES = VOICES | EXTRA_VOICES
EDGE = 0.06  # seconds of the synthesiser's silence that are kept around a line
JOINED = 0.5  # seconds: a speaker's words closer than this are one turn of the truth


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line where it lies in the recording: its audio from `start`, and its words as (text, start, end) in seconds."""

    line: Line
    start: float
    audio: Samples
    words: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """How one speaker of one meeting talks: level in decibels, pitch and rate as factors."""

    level: float
    pitch: float
    rate: float


def trimmed(speech: Speech) -> tuple[Samples, float]:
    """(audio without the silence around the words, the second it began at); edges fade."""
    first = max(0, int((speech.words[0].start - EDGE) * SAMPLE_RATE))
    last = min(len(speech.samples), int((speech.words[-1].end + EDGE) * SAMPLE_RATE))
    audio = speech.samples[first:last].astype(np.float32)
    ramp = np.linspace(0, 1, min(160, len(audio)), dtype=np.float32)
    audio[: len(ramp)] *= ramp
    audio[-len(ramp) :] *= ramp[::-1]
    return audio, first / SAMPLE_RATE


def lay_out(lines: Sequence[Line], manners: dict[str, Manner], rng: random.Random) -> list[Spoken]:
    """Every line spoken and placed on the time line."""
    placed: list[Spoken] = []
    busy_until: dict[str, float] = {}  # a speaker never talks over themselves
    floor_start, floor_end = 0.0, 1.0
    for line in lines:
        manner = manners[line.speaker]
        speech = speak(line.text, ALL_VOICES[line.speaker], pitch=manner.pitch, rate=manner.rate)
        audio, cut = trimmed(speech)
        if line.kind == "backchannel":
            start = floor_start + rng.uniform(0.3, 0.8) * (floor_end - floor_start)
        else:
            start = max(floor_end + line.pause, floor_start + 0.3)
        start = max(start, busy_until.get(line.speaker, 0.0) + 0.1)
        gain = np.float32(10 ** ((manner.level - (4 if line.kind == "backchannel" else 0)) / 20))
        words = tuple((word.text, word.start - cut + start, word.end - cut + start) for word in speech.words)
        placed.append(Spoken(line, start, audio * gain, words))
        busy_until[line.speaker] = words[-1][2]
        if line.kind != "backchannel":
            floor_start, floor_end = start, words[-1][2]
    return placed


def mix(spoken: Sequence[Spoken], channels: Sequence[Sequence[str]], noise: float, seed: int) -> Samples:
    """The recording, `(frames, channels)`: a channel holds the speakers named for it, over `noise` dB of room tone."""
    end = max(item.start + len(item.audio) / SAMPLE_RATE for item in spoken) + 1.0
    audio = np.zeros((int(end * SAMPLE_RATE), len(channels)), np.float32)
    for item in spoken:
        first = round(item.start * SAMPLE_RATE)
        for channel, names in enumerate(channels):
            if item.line.speaker in names:
                audio[first : first + len(item.audio), channel] += item.audio
    audio *= 0.7 / np.abs(audio).max()
    generator = np.random.default_rng(seed)
    for channel in range(len(channels)):
        audio[:, channel] += coloured_noise(generator, len(audio), 0.5) * np.float32(10 ** (noise / 20))
    return np.clip(audio, -1, 1)


def turns(spoken: Sequence[Spoken]) -> list[tuple[float, float, str]]:
    """(start, end, speaker) of the truth: words of one speaker, joined over short gaps."""
    joined: list[tuple[float, float, str]] = []
    for name in sorted({item.line.speaker for item in spoken}):
        own = sorted((start, end) for item in spoken if item.line.speaker == name for _, start, end in item.words)
        begin, until = own[0]
        for start, end in own[1:]:
            if start - until >= JOINED:
                joined.append((begin, until, name))
                begin = start
            until = max(until, end)
        joined.append((begin, until, name))
    return sorted(joined)


def overlapped(spoken: Sequence[Spoken]) -> float:
    """The share of the time somebody speaks in which two or more do."""
    grid = np.zeros(int(max(end for item in spoken for _, _, end in item.words) * 100) + 1, int)
    for start, end, _ in turns(spoken):
        grid[int(start * 100) : int(end * 100)] += 1
    return float((grid > 1).sum() / max(1, (grid > 0).sum()))


def write_truth(folder: Path, name: str, spoken: Sequence[Spoken], about: dict[str, object]) -> None:
    """The words, turns, lines and planted things of a recording, beside it."""
    words = sorted((round(start, 3), round(end, 3), item.line.speaker, text)
                   for item in spoken for text, start, end in item.words)  # fmt: skip
    lines = [json.dumps({"start": s, "end": e, "speaker": who, "word": text}) for s, e, who, text in words]
    (folder / f"{name}.words.jsonl").write_text("\n".join(lines) + "\n")
    rttm = [f"SPEAKER {name} 1 {start:.3f} {end - start:.3f} <NA> <NA> {who} <NA> <NA>"
            for start, end, who in turns(spoken)]  # fmt: skip
    (folder / f"{name}.rttm").write_text("\n".join(rttm) + "\n")
    ordered = sorted(spoken, key=lambda item: item.words[0][1])
    stm = [f"{name} 1 {item.line.speaker} {item.words[0][1]:.3f} {item.words[-1][2]:.3f} {item.line.text}"
           for item in ordered]  # fmt: skip
    (folder / f"{name}.stm").write_text("\n".join(stm) + "\n")
    kinds = {"decisions": "decision", "actions": "action", "questions": "question"}
    plan = {key: [described(item) for item in ordered if item.line.planted and item.line.planted.kind == kind]
            for key, kind in kinds.items()}  # fmt: skip
    (folder / f"{name}.plan.json").write_text(json.dumps({**plan, "made": about}, indent=1) + "\n")


def described(item: Spoken) -> dict[str, object]:
    """A planted thing with its sentence, speaker and time."""
    planted = item.line.planted
    assert planted is not None
    found: dict[str, object] = {"what": planted.what, "owner": planted.owner, "due": planted.due}
    found = {key: value for key, value in found.items() if value is not None}
    start, end = round(item.words[0][1], 3), round(item.words[-1][2], 3)
    return {**found, "text": item.line.text, "speaker": item.line.speaker, "start": start, "end": end}


def make_meeting(
    folder: Path, name: str, seed: int, minutes: float, speakers: Sequence[str], *,
    overlap: float = 0.07, noise: float = -62.0, stereo: bool = False,
) -> float:  # fmt: skip
    """Write a meeting (an interview with one speaker per channel where `stereo`); returns its share of overlap."""
    rng = random.Random(seed)
    script = Script(list(speakers), rng, overlap)
    lines = script.interview(minutes) if stereo else script.write(minutes)
    manners = {who: Manner(rng.uniform(-7, 0), rng.uniform(0.97, 1.03), rng.uniform(0.95, 1.08)) for who in speakers}
    spoken = lay_out(lines, manners, rng)
    channels = [[who] for who in speakers] if stereo else [list(speakers)]
    folder.mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / f"{name}.flac", mix(spoken, channels, noise, seed), SAMPLE_RATE)
    about = {"seed": seed, "minutes": minutes, "speakers": list(speakers), "synthesisers": versions()}
    write_truth(folder, name, spoken, about)
    return overlapped(spoken)


def main() -> None:
    """Make a meeting as the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--speakers", type=int, default=3, choices=range(2, len(SPEAKERS) + 1))
    parser.add_argument("--voices", help="names of the speakers, separated by commas, instead of random ones")
    parser.add_argument("--overlap", type=float, default=0.07, help="rough share of speech that overlaps [0.07]")
    parser.add_argument("--name", default="meeting", help="of the files [meeting]")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write to")
    options = parser.parse_args()
    drawn = random.Random(options.seed).sample(SPEAKERS, options.speakers)
    speakers = options.voices.split(",") if options.voices else drawn
    share = make_meeting(options.output, options.name, options.seed, options.minutes, speakers, overlap=options.overlap)
    print(f"{options.output / options.name}.flac: {', '.join(speakers)}; {share:.1%} of speech overlaps")


if __name__ == "__main__":
    main()
