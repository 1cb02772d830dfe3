"""Training utterances: sentences of the training half spoken by every voice, kept as shards on disk.

    python samples/recipe/corpus.py --shards 60 -o samples/work/corpus

A shard is one `.npz`: `audio` (int16, all utterances joined, 16 kHz) and `meta`, a JSON list of utterances with
`text`, `voice`, `language`, `first`, `last` (samples), `words` and `phones` ([label, start, end] in seconds).
"""

from __future__ import annotations

import argparse
import json
import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from language import Grammar, german_sentence, short_sentence, training_sentence
from numpy.typing import NDArray
from synthesis import EXTRA_VOICES, VOICES, speak

SAMPLE_RATE = 16_000
UTTERANCES_PER_SHARD = 200
GERMAN_SHARE = 0.08
Kind = Literal["train", "extra", "short"]  # extra: the further voices; short: sentences of at most three words


@dataclass(frozen=True, slots=True)
class Utterance:
    """One spoken sentence: `audio` int16 `(frames,)` at 16 kHz; `words`, `phones` as (label, start, end) in s."""

    text: str
    voice: str
    language: str
    audio: NDArray[np.int16]
    words: tuple[tuple[str, float, float], ...]
    phones: tuple[tuple[str, float, float], ...]


def draw(rng: random.Random, grammar: Grammar, kind: Kind) -> dict[str, object]:
    """One utterance of a random voice, as a shard keeps it."""
    german = kind == "train" and rng.random() < GERMAN_SHARE
    voices = EXTRA_VOICES if kind == "extra" else VOICES
    voice = rng.choice([voice for voice in voices.values() if (voice.language == "de") == german])
    make = short_sentence if kind == "short" else training_sentence
    text = german_sentence(rng) if german else make(rng, grammar)
    speech = speak(text, voice, pitch=rng.uniform(0.95, 1.05), rate=rng.uniform(0.9, 1.15))
    audio = np.clip(speech.samples * 32767, -32768, 32767).astype(np.int16)
    return {
        "text": text,
        "voice": voice.name,
        "language": voice.language,
        "audio": audio,
        "words": [[word.text, round(word.start, 4), round(word.end, 4)] for word in speech.words],
        "phones": [[phone.label, round(phone.start, 4), round(phone.end, 4)] for phone in speech.phones],
    }


def make_shard(path: Path, number: int, kind: Kind) -> Path:
    """Write one shard at `path`; the same number and kind make the same shard."""
    rng = random.Random(f"{kind}-{number}")
    grammar = Grammar(rng)
    utterances = [draw(rng, grammar, kind) for _ in range(UTTERANCES_PER_SHARD)]
    pieces, position = [], 0
    for utterance in utterances:
        audio = utterance.pop("audio")
        assert isinstance(audio, np.ndarray)
        utterance["first"], position = position, position + len(audio)
        utterance["last"] = position
        pieces.append(audio)
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, audio=np.concatenate(pieces), meta=np.array(json.dumps(utterances)))
    return partial.rename(path)


def load_shard(path: Path) -> list[Utterance]:
    """The utterances of one shard."""
    with np.load(path) as shard:
        audio, meta = shard["audio"], json.loads(str(shard["meta"]))
    return [
        Utterance(
            text=item["text"],
            voice=item["voice"],
            language=item["language"],
            audio=audio[item["first"] : item["last"]],
            words=tuple((word, start, end) for word, start, end in item["words"]),
            phones=tuple((phone, start, end) for phone, start, end in item["phones"]),
        )
        for item in meta
    ]


def make_corpus(folder: Path, shards: int, kind: Kind = "train", *, workers: int = 2, first: int = 0) -> list[Path]:
    """Make the shards `first` to `first + shards - 1` that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:04d}.npz" for number in range(first, first + shards)]
    with ProcessPoolExecutor(workers) as pool:
        jobs = [
            pool.submit(make_shard, path, number, kind) for number, path in enumerate(paths, first) if not path.exists()
        ]
        for job in jobs:
            print(job.result(), flush=True)
    return paths


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shards", type=int, default=60, help="how many, of 200 utterances (about 12 minutes) each")
    parser.add_argument("--first", type=int, default=0, help="number of the first shard")
    parser.add_argument("--kind", choices=["train", "extra", "short"], default="train")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path, default=Path("samples/work/corpus"))
    options = parser.parse_args()
    make_corpus(options.output, options.shards, options.kind, workers=options.workers, first=options.first)
