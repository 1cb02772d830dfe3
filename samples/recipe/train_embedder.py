"""Train the samples' speaker embedder, pyannote.audio's `XVectorMFCC`, and write it as a pyannote checkpoint.

    python samples/recipe/train_embedder.py --minutes 12 -o samples/weights/embedder

Speakers are the samples' voices and further ones, each also a little faster and slower (which shifts formants and
pitch, so that it is somebody else), told apart by an additive angular margin softmax (Deng et al., 2019).
"""

from __future__ import annotations

import os

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"

import argparse
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
import torch
import torch.nn.functional as F
from corpus import SAMPLE_RATE, Utterance
from optimising import Training, train_for
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.models.embedding import XVectorMFCC
from torch import Tensor, nn
from train_asr import DEVICE, WORK, load_bank
from windows import Room

DIMENSION = 128
MARGIN, SCALE = 0.25, 24.0
SPEEDS = (1.0, 0.9, 1.11)
BATCH, PEAK_RATE = 36, 2e-3


@dataclass(slots=True)
class Speakers:
    """Audio of every speaker (a voice at a speed), joined, int16 at 16 kHz."""

    audio: list[np.ndarray]

    @classmethod
    def from_bank(cls, bank: list[Utterance], seconds: float = 150.0) -> Speakers:
        """At most `seconds` of each voice, at each speed."""
        by_voice: dict[str, list[np.ndarray]] = {}
        for utterance in bank:
            pieces = by_voice.setdefault(utterance.voice, [])
            if sum(map(len, pieces)) < seconds * SAMPLE_RATE:
                first, last = utterance.words[0][1], utterance.words[-1][2]
                pieces.append(utterance.audio[int(first * SAMPLE_RATE) : int(last * SAMPLE_RATE)])
        joined = [np.concatenate(pieces) for _, pieces in sorted(by_voice.items())]
        return cls([audio if speed == 1.0 else soxr.resample(audio, speed * SAMPLE_RATE, SAMPLE_RATE)
                    for audio in joined for speed in SPEEDS])  # fmt: skip

    def batch(self, rng: random.Random, room: Room) -> tuple[Tensor, Tensor]:
        """(audio `(batch, 1, samples)`, speakers `(batch,)`): crops of one length, with levels and noise."""
        frames = int(rng.uniform(0.6, 2.2) * SAMPLE_RATE)
        chosen = [rng.randrange(len(self.audio)) for _ in range(BATCH)]
        rows = []
        for speaker in chosen:
            first = rng.randrange(len(self.audio[speaker]) - frames)
            crop = self.audio[speaker][first : first + frames] * np.float32(10 ** rng.uniform(-0.9, 0.1) / 32768)
            if rng.random() < 0.7:
                power = float(np.sqrt(np.mean(crop**2))) + 1e-5
                crop = crop + room.noise(rng, frames) * np.float32(power * 10 ** (-rng.uniform(8, 40) / 20))
            rows.append(crop.astype(np.float32))
        return torch.from_numpy(np.stack(rows))[:, None], torch.tensor(chosen)


def margin_loss(embeddings: Tensor, centres: Tensor, speakers: Tensor) -> Tensor:
    """Additive angular margin softmax over unit vectors."""
    cosine = F.normalize(embeddings.float()) @ F.normalize(centres).T
    angle = cosine.clamp(-1 + 1e-5, 1 - 1e-5).acos()
    moved = torch.where(F.one_hot(speakers, len(centres)).bool(), (angle + MARGIN).cos(), cosine)
    return F.cross_entropy(SCALE * moved, speakers)


def train(minutes: float, folders: list[Path], output: Path) -> None:
    """Train for `minutes` and write the checkpoint."""
    rng, room = random.Random(0), Room(2)
    speakers = Speakers.from_bank([utterance for folder in folders for utterance in load_bank(folder)])
    model = XVectorMFCC(dimension=DIMENSION).to(DEVICE)
    centres = nn.Parameter(torch.randn(len(speakers.audio), DIMENSION, device=DEVICE))

    def losses() -> Tensor:
        audio, chosen = speakers.batch(rng, room)
        with torch.autocast(DEVICE, torch.bfloat16):
            embeddings = model(audio.to(DEVICE))
        return margin_loss(embeddings, centres, chosen.to(DEVICE))[None]

    optimizer = torch.optim.AdamW([*model.parameters(), centres], lr=PEAK_RATE, weight_decay=0.01)
    train_for(Training(minutes, optimizer, PEAK_RATE, model.parameters(), norm=2.0), losses)
    save(model, output)


def halved(value: Tensor) -> Tensor:
    """A tensor in half precision; counters, and what half precision cannot hold, as they are."""
    half = value.half() if value.is_floating_point() else value
    return half if bool(half.isfinite().all()) else value


def save(model: XVectorMFCC, output: Path) -> None:
    """Write `pytorch_model.bin` as pyannote.audio keeps its models, in half precision."""
    import pyannote.audio
    import pytorch_lightning

    output.mkdir(parents=True, exist_ok=True)
    specifications = Specifications(problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=2.0)
    checkpoint = {
        "state_dict": {name: halved(value).cpu() for name, value in model.state_dict().items()},
        "hyper_parameters": dict(model.hparams),
        "pytorch-lightning_version": pytorch_lightning.__version__,
        "pyannote.audio": {
            "versions": {"torch": torch.__version__, "pyannote.audio": pyannote.audio.__version__},
            "architecture": {"module": "pyannote.audio.models.embedding", "class": "XVectorMFCC"},
            "specifications": specifications,
        },
    }
    torch.save(checkpoint, output / "pytorch_model.bin")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--corpus", type=Path, nargs="+", default=[WORK / "corpus", WORK / "extra"])
    parser.add_argument("-o", "--output", type=Path, default=Path("samples/weights/embedder"))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train(options.minutes, options.corpus, options.output)
