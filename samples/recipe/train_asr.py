"""Train the samples' Whisper on the corpus, in stages, and write it as a Transformers directory.

    python samples/recipe/train_asr.py --stage short --minutes 28      # single sentences, encoder cut to length
    python samples/recipe/train_asr.py --stage mixed --minutes 75      # several with pauses, and whole 30 s windows
    python samples/recipe/train_asr.py --stage polish --minutes 12
    python samples/recipe/train_asr.py --stage export

Three losses: the next token; the phone of every encoder frame, from the synthesiser's timing; and guided attention,
which asks the first decoder layer to look at the word just written and the last one at the word to write next (so
that its heads are true `alignment_heads`).
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from corpus import SAMPLE_RATE, Utterance, load_shard
from optimising import Training, train_for
from tiny_whisper import FULL_VOCABULARY, Size, TinyWhisper
from tokens import Vocabulary
from torch import Tensor
from windows import Room, Window, empty_window, fill, roughen

from meetscribe.training.loop.batches import pad
from meetscribe.training.loop.labels import IGNORED, Labels

WORK = Path("samples/work")
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
LOSS_WEIGHTS = (1.0, 0.3, 0.3)  # of token, phone, guidance
SCRAMBLED_SHARE = 0.6  # of the sentences that are only words in random order, as many are used
WHOLE, WHOLE_SHARE = (
    30.0,
    0.10,
)  # seconds of the window that engines use, and the share of batches that have it


@dataclass(frozen=True, slots=True)
class Stage:
    """How windows are made: seconds of audio in a batch, longest window, and the share of empty ones."""

    batch_seconds: float
    seconds: float
    empty: float
    rate: float  # peak learning rate


STAGES = {
    "short": Stage(100.0, 7.0, 0.03, 2e-3),
    "mixed": Stage(100.0, 10.0, 0.05, 2e-3),
    "polish": Stage(100.0, 10.0, 0.05, 7e-4),  # as mixed, once more from a lower rate
}


@dataclass(slots=True)
class Batch:
    """mel `(batch, 80, frames)`, tokens and targets `(batch, length)`, phone of each encoder frame, attention guide."""

    mel: Tensor
    tokens: Tensor
    targets: Tensor
    phones: Tensor
    next_guide: Tensor  # (batch, length, 2): first and last + 1 encoder frame of the target's word; -1 where none
    last_guide: Tensor  # the same of the input token's word

    def to(self, device: str) -> Batch:
        """The batch on a device."""
        return Batch(*(getattr(self, item.name).to(device) for item in fields(self)))


class LogMel:
    """Whisper's log-mel spectrogram of a batch, normalised per window as the engines do."""

    def __init__(self) -> None:
        from transformers import WhisperFeatureExtractor

        self.filters = torch.from_numpy(WhisperFeatureExtractor().mel_filters.T.astype(np.float32))
        self.window = torch.hann_window(400)

    def __call__(self, audio: Tensor) -> Tensor:
        """`(batch, samples)` to `(batch, 80, samples / 160)`."""
        power = torch.stft(audio, 400, 160, window=self.window, return_complex=True)[..., :-1].abs() ** 2
        mel = (self.filters @ power).clamp(min=1e-10).log10()
        mel = torch.maximum(mel, mel.amax(dim=(1, 2), keepdim=True) - 8.0)
        return (mel + 4.0) / 4.0


class Composer:
    """Draws batches of one stage from a bank of utterances."""

    def __init__(self, bank: list[Utterance], vocabulary: Vocabulary, stage: str, seed: int) -> None:
        self.stage, self.name, self.vocabulary = STAGES[stage], stage, vocabulary
        self.rng, self.room, self.mel = random.Random(seed), Room(seed), LogMel()
        heard = [u for u in bank if " the " in u.text or u.language == "de" or self.rng.random() < SCRAMBLED_SHARE]
        self.by_language = {code: [u for u in heard if u.language == code] for code in ("en", "de")}
        self.share_german = len(self.by_language["de"]) / len(bank)

    def seconds(self) -> float:
        """The length of the next batch's windows."""
        if self.name == "short":
            return self.rng.choice([3.0, 4.0, 5.0, 6.0, 7.0])
        if self.rng.random() < WHOLE_SHARE:
            return WHOLE
        return self.rng.choice([3.0, 4.0, 5.0, 6.0, self.rng.uniform(6.0, self.stage.seconds)])

    def window(self, seconds: float) -> Window:
        """One window of this stage."""
        rng, frames = self.rng, int(seconds * 50) * 320
        if rng.random() < self.stage.empty:
            return empty_window(rng, self.room, frames)
        bank = self.by_language["de" if rng.random() < self.share_german else "en"]
        if self.name == "short":
            limit = frames - SAMPLE_RATE // 4
            chosen = [next(u for u in iter(lambda: rng.choice(bank), None) if len(u.audio) < limit)]
            lead = rng.uniform(0, (frames - len(chosen[0].audio)) / SAMPLE_RATE)
        else:
            # Most whole windows hold one chunk of speech and are empty behind it, as engines pad them.
            most = 4 if seconds < WHOLE else rng.choice([1, 1, 2, 3, 12])
            chosen, lead = rng.choices(bank, k=most), rng.uniform(0, 0.6)
            while len(chosen[0].audio) > frames - SAMPLE_RATE:
                chosen[0] = rng.choice(bank)
        made = fill(rng, chosen, frames, lead, rng.choice([0.3, 0.5, 1.2]))
        roughen(rng, self.room, made)
        return made

    def batch(self) -> Batch:
        """The next batch."""
        seconds = self.seconds()
        made = [self.window(seconds) for _ in range(max(2, int(self.stage.batch_seconds / seconds)))]
        scripts = [self.vocabulary.script(w, self.rng) for w in made]
        labels = [Labels(tuple(script.tokens[:-1]), tuple(script.targets[1:])) for script in scripts]
        tokens, targets = pad(labels, self.vocabulary.end)
        guides = torch.full((2, *tokens.shape, 2), -1, dtype=torch.long)
        for row, script in enumerate(scripts):
            count = len(script.tokens) - 1
            guides[0, row, :count] = torch.tensor(script.guide[1:])
            guides[1, row, :count] = torch.tensor(script.guide[:-1])
        phones = torch.stack([self.vocabulary.phone_frames(w) for w in made])
        audio = torch.from_numpy(np.stack([w.audio for w in made]))
        return Batch(self.mel(audio), tokens, targets, phones, guides[0], guides[1])


def guidance_loss(attention: Tensor, guide: Tensor) -> Tensor:
    """How little of the attention `(batch, heads, tokens, frames)` lies on the words: mean -ln of the share."""
    frames = torch.arange(attention.shape[-1], device=attention.device)
    inside = (frames >= guide[..., :1]) & (frames < guide[..., 1:])  # (batch, tokens, frames)
    share = (attention * inside[:, None]).sum(-1)  # (batch, heads, tokens)
    guided = (guide[..., 0] >= 0)[:, None].expand_as(share)
    return -(share[guided] + 1e-4).log().mean() if bool(guided.any()) else attention.sum() * 0.0


def losses(model: TinyWhisper, batch: Batch, others: int) -> Tensor:
    """The token, phone and guidance losses, `(3,)`; `others` tokens share the last row of the vocabulary."""
    with torch.autocast(batch.mel.device.type, torch.bfloat16):
        logits, phones, attention = model(batch.mel, batch.tokens)
    logits = logits.float()
    logits[..., -1] = logits[..., -1] + math.log(others)
    token = F.cross_entropy(logits.flatten(0, 1), batch.targets.flatten(), ignore_index=IGNORED)
    phone = F.cross_entropy(phones.float().flatten(0, 1), batch.phones.flatten())
    # The first layer finds the word just written (with two of its heads), so that the last one can go on from there.
    followed = guidance_loss(attention[0][:, :2], batch.last_guide)
    return torch.stack([token, phone, guidance_loss(attention[-1], batch.next_guide) + followed])


def load_bank(folder: Path) -> list[Utterance]:
    """All utterances of the shards in `folder`."""
    return [utterance for path in sorted(folder.glob("[0-9]*.npz")) if "partial" not in path.name
            for utterance in load_shard(path)]  # fmt: skip


def batches(stage: str, vocabulary: Vocabulary, folder: Path) -> Iterator[Batch]:
    """Endless batches; shards that arrive while training are taken in."""
    known = -1
    while True:
        count = len(list(folder.glob("[0-9]*.npz")))
        if count != known:
            composer, known = (
                Composer(load_bank(folder), vocabulary, stage, seed=time.time_ns() % 2**31),
                count,
            )
        for _ in range(200):
            yield composer.batch()


def train(stage: str, minutes: float, checkpoint: Path, corpus: Path) -> None:
    """Train for `minutes`, from the checkpoint where there is one, and keep the checkpoint."""
    vocabulary = Vocabulary.standard(corpus)
    model = TinyWhisper(Size(), len(vocabulary.kept) + 1, len(vocabulary.phones))
    if checkpoint.exists():
        model.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True)["model"])
    model.to(DEVICE)
    made, others = batches(stage, vocabulary, corpus), FULL_VOCABULARY - len(vocabulary.kept)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=0.01)
    train_for(
        Training(minutes, optimizer, STAGES[stage].rate, model.parameters()),
        lambda: losses(model, next(made).to(DEVICE), others),
        ("token", "phone", "guide"),
        LOSS_WEIGHTS,
        keep=lambda: save(model, vocabulary, checkpoint),
    )


def save(model: TinyWhisper, vocabulary: Vocabulary, checkpoint: Path) -> None:
    """Keep the compact model; replaced in one move."""
    partial = checkpoint.with_suffix(".partial")
    torch.save({"model": model.state_dict(), "size": asdict(model.size), "kept": vocabulary.kept}, partial)
    partial.replace(checkpoint)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stage", choices=[*STAGES, "export"], required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--corpus", type=Path, default=WORK / "corpus")
    parser.add_argument("--checkpoint", type=Path, default=WORK / "asr.pt")
    parser.add_argument("-o", "--output", type=Path, default=Path("samples/weights/asr"))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.stage == "export":
        from export_asr import export

        export(options.checkpoint, options.output)
    else:
        train(options.stage, options.minutes, options.checkpoint, options.corpus)
