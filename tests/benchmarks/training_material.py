"""Make recordings and transcripts with invented names and terms, spoken by synthesisers, to train and test a model on.

    python -m tests.benchmarks.training_material out --minutes 20

writes a recording and a transcript for each voice, and the data set `out/dataset` made of them. No sentence and no
voice of dev and test is in train: only the terms are. The same arguments and the same versions of flite, espeak-ng and
festival give the same files.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.storage.files import replace_file, sha256_digest
from meetscribe.timeline import Seconds
from meetscribe.training.data import SPLITS, DataSummary, Sources, Split, prepare
from meetscribe.training.data.clips.files import wav_bytes
from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word

Samples = npt.NDArray[np.float32]

TERMS = (
    "Kestrodyne Nimbuvault Fluxarium Quorvex Dravolite Zanthera Morvantis Pelligrade Tarquinade Brisolenne "
    "Velquist Brandaro Takovic Illandra Perrichand Ostermeel Havrenko Lindivar Samorque Yelvington "
    "Corbessa Drennick Malvorno Esperwick"
).split()
"""Names of products, persons and places that do not exist, so that no model knows how they are written."""

VOICES: dict[Split, tuple[str, ...]] = {
    "train": tuple("sally bella robert craig kurt emma oscar diana fiona kevin miles helen".split()),
    "dev": ("karl", "irene"),
    "test": ("angus", "derek", "grace", "lewis", "peter"),
}
"""The voices of each split, by their names in the recipe of the samples.

No voice of flite or festival is in two splits in another pitch; those of espeak-ng differ in their formants.
"""

SENTENCES: dict[Split, tuple[str, ...]] = {
    "train": (
        "The team in {} has finished the second draft.",
        "We should ask {} before we change the contract.",
        "Nobody expected {} to be ready before the summer.",
        "The support for {} costs more than last year.",
        "Please send the new plan to {} and to {} today.",
        "I spoke with {} about the delay on Tuesday.",
        "Our customers prefer {} because it is easy to use.",
        "After the meeting, {} wrote a long report.",
        "The price of {} will rise in the spring.",
        "Does {} still work with the old system?",
        "The office moved from {} to {} in March.",
        "Everybody who uses {} needs a password.",
        "It was {} who found the mistake in the numbers.",
        "We compared {} with {} and found no difference.",
        "The training for {} takes about three hours.",
        "Let us move {} to the top of the list.",
        "The sales of {} doubled within two months.",
        "Without {} we cannot open the new branch.",
        "My colleague bought {} for the whole department.",
        "The manual for {} is shorter than I thought.",
        "They invited {} to the workshop next week.",
        "A visitor from {} asked about the budget.",
        "The update of {} failed twice this morning.",
        "Most of the questions were about {} and its cost.",
    ),
    "dev": (
        "Who is going to call {} this afternoon?",
        "The engineers tested {} for eleven days.",
        "Half of the money was spent on {}.",
        "There is a problem with {} that we have to solve.",
    ),
    "test": (
        "Yesterday {} explained the results to the board.",
        "You can order {} online or in the shop.",
        "The lawyers are looking at the case of {}.",
        "In my opinion {} deserves another chance.",
        "The first version of {} was written by two students.",
        "How many people have already heard of {}?",
        "Our partners would like to see {} on the agenda.",
        "The bridge near {} is closed until Friday.",
    ),
}
"""The sentences of each split, with a place for each term."""

SHARES: dict[Split, float] = {"train": 1.0, "dev": 0.1, "test": 0.3}
"""The seconds of each split, as a part of those of train."""

_PAUSES = (0.4, 0.9)
_NOISE = 0.0005  # of full scale; the synthesisers' silence is exact zeros
_RECIPE = Path(__file__).parents[2] / "samples" / "recipe"


@dataclass(frozen=True, slots=True)
class Material:
    """The transcripts of each split, beside their recordings; how often each term is said in each split."""

    transcripts: dict[Split, tuple[Path, ...]]
    counts: dict[Split, Counter[str]]

    @property
    def sources(self) -> Sources:
        """The sources of the data set."""
        return Sources(self.transcripts["train"], self.transcripts["dev"], self.transcripts["test"])


def make_material(folder: Path, minutes: float = 20.0, seed: int = 0) -> Material:
    """Write recordings and transcripts with about `minutes` of speech to train on; return them."""
    transcripts: dict[Split, tuple[Path, ...]] = {}
    counts: dict[Split, Counter[str]] = {}
    for split in SPLITS:
        rng = random.Random(f"{seed} {split}")
        lines = _lines(split, rng)
        seconds = 60 * minutes * SHARES[split] / len(VOICES[split])
        counts[split] = Counter()
        transcripts[split] = tuple(record(folder, voice, seconds, lines, counts[split]) for voice in VOICES[split])
    return Material(transcripts, counts)


def make_data_set(folder: Path, minutes: float = 20.0, seed: int = 0, base: str | None = None) -> DataSummary:
    """Write the material and the data set `dataset` made of it; return the summary of the data set."""
    return prepare(folder / "dataset", make_material(folder, minutes, seed).sources, base=base)


def _lines(split: Split, rng: random.Random) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield sentences with their terms without end; each term comes equally often."""
    terms = _shuffled(TERMS, rng)
    for sentence in _shuffled(SENTENCES[split], rng):
        own = tuple(next(terms) for _ in range(sentence.count("{}")))
        yield sentence.format(*own), own


def _shuffled(items: Sequence[str], rng: random.Random) -> Iterator[str]:
    """Yield all items in random order, again and again."""
    for _ in cycle((None,)):
        yield from rng.sample(items, len(items))


def record(
    folder: Path, voice: str, seconds: Seconds, lines: Iterator[tuple[str, tuple[str, ...]]], counts: Counter[str]
) -> Path:
    """Write what a voice says in a number of seconds, and its transcript; return the path of the transcript.

    `lines` are the sentences with the terms in them, which are added to `counts`.
    """
    rng = np.random.default_rng(len(voice) + sum(map(ord, voice)))
    parts: list[Samples] = []
    segments: list[Segment] = []
    length = 0
    while length < seconds * SAMPLE_RATE:
        text, terms = next(lines)
        counts.update(terms)
        pause = np.zeros(round(rng.uniform(*_PAUSES) * SAMPLE_RATE), np.float32)
        spoken = recipe("synthesis").speak(text, _voice(voice))
        start = (length + len(pause)) / SAMPLE_RATE
        words = [Word(word.text, start + word.start, start + word.end, speaker=voice) for word in spoken.words]
        segments.append(Segment(tuple(words)))
        parts += [pause, spoken.samples]
        length += len(pause) + len(spoken.samples)
    samples = np.concatenate(parts) + rng.normal(0, _NOISE, length).astype(np.float32)
    return _save(folder, voice, samples, segments)


def _save(folder: Path, voice: str, samples: Samples, segments: Sequence[Segment]) -> Path:
    """Write a recording and its transcript; return the path of the transcript."""
    folder.mkdir(parents=True, exist_ok=True)
    recording, transcript = folder / f"{voice}.wav", folder / f"{voice}.json"
    replace_file(recording, wav_bytes(samples))
    with recording.open("rb") as data:
        file = RecordingFile(recording.name, sha256_digest(data))
    Transcript(tuple(segments), Meta("en", len(samples) / SAMPLE_RATE, file)).save(transcript)
    return transcript


def _voice(name: str) -> Any:
    module = recipe("synthesis")
    return (module.VOICES | module.EXTRA_VOICES)[name]


def recipe(name: str) -> Any:
    """Return a module of the samples' recipe; `synthesis` needs flite, espeak-ng and festival."""
    if str(_RECIPE) not in sys.path:
        sys.path.append(str(_RECIPE))  # the modules import each other by these names
    return importlib.import_module(name)


def main() -> None:
    """Write the material and the data set, and print what is in them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=20.0, help="speech to train on (default: 20)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--base", help="model whose tokenizer counts the tokens (default: an estimate)")
    given = parser.parse_args()
    material = make_material(given.folder, given.minutes, given.seed)
    summary = prepare(given.folder / "dataset", material.sources, base=given.base)
    print(f"{'split':<6} {'voices':>6} {'clips':>6} {'minutes':>8} {'words':>6} {'each term':>12}")
    for split in SPLITS:
        own, counts = summary.splits[split], material.counts[split]
        often = f"{min(counts.values())} to {max(counts.values())} times" if len(counts) == len(TERMS) else "missing"
        sizes = f"{len(VOICES[split]):>6} {own.examples:>6} {own.seconds / 60:>8.1f} {own.words:>6}"
        print(f"{split:<6} {sizes} {often:>12}")


if __name__ == "__main__":
    main()
