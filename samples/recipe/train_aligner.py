"""Train the samples' aligner, a small `Wav2Vec2ForCTC` over characters, and write it as a Transformers directory.

    python samples/recipe/train_aligner.py --minutes 25 -o samples/weights/aligner

The synthesiser's word times are known, so each frame is taught its character instead of leaving it to the CTC loss
to find out: a character's frames carry it (with a share of blank, as CTC decoders expect), pauses are all blank.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
import torch
from corpus import SAMPLE_RATE, Utterance
from optimising import Training, train_for
from torch import Tensor
from train_asr import DEVICE, WORK, load_bank
from transformers import (
    Wav2Vec2Config,
    Wav2Vec2CTCTokenizer,
    Wav2Vec2FeatureExtractor,
    Wav2Vec2ForCTC,
    Wav2Vec2Processor,
)
from windows import Room, Window, empty_window, fill, roughen

STRIDE, RECEPTIVE_FIELD = 320, 400  # samples: of a frame, and of what it hears
BLANK, UNKNOWN, SEPARATOR = 0, 3, 4
CHARACTERS = ["<pad>", "<s>", "</s>", "<unk>", "|", *"ETAOINSHRDLUCMWFGYPBVKXJQZ'ÄÖÜß"]
INDEX = {character: code for code, character in enumerate(CHARACTERS)}
CHARACTER_SHARE, SEPARATOR_SHARE = 0.7, 0.5
BATCH_SECONDS, PEAK_RATE = 80.0, 1.5e-3


def new_model() -> Wav2Vec2ForCTC:
    """An untrained aligner of about 1.2 million parameters, with wav2vec2's own strides (50 frames a second)."""
    return Wav2Vec2ForCTC(
        Wav2Vec2Config(
            vocab_size=len(CHARACTERS), hidden_size=160, num_hidden_layers=3, num_attention_heads=4,
            intermediate_size=480, conv_dim=(32, 48, 64, 96, 128, 128, 128), conv_bias=True,
            feat_extract_norm="group", attn_implementation="eager", num_conv_pos_embeddings=31,
            num_conv_pos_embedding_groups=8, hidden_dropout=0.0, attention_dropout=0.0, activation_dropout=0.0,
            feat_proj_dropout=0.0, final_dropout=0.0, layerdrop=0.0, mask_time_prob=0.0, ctc_loss_reduction="mean",
            pad_token_id=BLANK, bos_token_id=1, eos_token_id=2,
        )
    )  # fmt: skip


def targets(window: Window, frames: int) -> Tensor:
    """What each frame should say, `(frames, characters)`, each row a distribution."""
    wanted = np.zeros((frames, len(CHARACTERS)), np.float32)
    wanted[:, BLANK] = 1.0
    centres = (np.arange(frames) * STRIDE + RECEPTIVE_FIELD / 2) / SAMPLE_RATE
    for word, start, end in window.words:
        letters = [INDEX[c] for c in (char if char == "ß" else char.upper() for char in word) if c in INDEX]
        inside = np.flatnonzero((centres >= start) & (centres < end))
        if not letters or not len(inside):
            continue
        place = ((centres[inside] - start) / (end - start) * len(letters)).astype(int)
        wanted[inside, BLANK] = 1 - CHARACTER_SHARE
        wanted[inside, np.array(letters)[place]] = CHARACTER_SHARE
        border = min(inside[-1] + 1, frames - 1)
        wanted[border] *= 1 - SEPARATOR_SHARE
        wanted[border, SEPARATOR] += SEPARATOR_SHARE
    return torch.from_numpy(wanted)


def batch(rng: random.Random, room: Room, bank: list[Utterance]) -> tuple[Tensor, Tensor]:
    """(audio `(batch, samples)`, targets `(batch, frames, characters)`); half of the audio normalised, half raw."""
    seconds = rng.uniform(3.0, 10.0)
    samples = int(seconds * 50) * STRIDE + RECEPTIVE_FIELD - STRIDE
    windows = []
    for _ in range(max(2, int(BATCH_SECONDS / seconds))):
        if rng.random() < 0.04:
            windows.append(empty_window(rng, room, samples))
            continue
        windows.append(fill(rng, rng.choices(bank, k=6), samples, rng.uniform(0, 0.5), rng.choice([0.2, 0.6, 1.5])))
        roughen(rng, room, windows[-1])
    audio = np.stack([window.audio for window in windows])
    normal = (audio - audio.mean(1, keepdims=True)) / np.sqrt(audio.var(1, keepdims=True) + 1e-7)
    audio = np.where(np.array([[rng.random() < 0.5] for _ in windows]), normal, audio).astype(np.float32)
    frames = (samples - RECEPTIVE_FIELD) // STRIDE + 1
    return torch.from_numpy(audio), torch.stack([targets(window, frames) for window in windows])


def train(minutes: float, corpus: Path, output: Path) -> None:
    """Train for `minutes` and write the directory."""
    rng, room, bank, model = random.Random(0), Room(1), load_bank(corpus), new_model().to(DEVICE)
    model.train()

    def losses() -> Tensor:
        audio, wanted = batch(rng, room, bank)
        with torch.autocast(DEVICE, torch.bfloat16):
            logits = model(audio.to(DEVICE)).logits
        return -(wanted.to(DEVICE) * logits.float().log_softmax(-1)).sum(-1).mean()[None]

    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01)
    training = Training(minutes, optimizer, PEAK_RATE, model.parameters())
    train_for(training, losses, keep=lambda: save(model, output))


def save(model: Wav2Vec2ForCTC, output: Path) -> None:
    """Write model and processor, in half precision."""
    output.mkdir(parents=True, exist_ok=True)
    vocabulary = output / "vocab.json"
    vocabulary.write_text(json.dumps(INDEX, ensure_ascii=False))
    tokenizer = Wav2Vec2CTCTokenizer(str(vocabulary), unk_token="<unk>", pad_token="<pad>", word_delimiter_token="|")
    extractor = Wav2Vec2FeatureExtractor(sampling_rate=SAMPLE_RATE, do_normalize=True, return_attention_mask=True)
    Wav2Vec2Processor(feature_extractor=extractor, tokenizer=tokenizer).save_pretrained(output)
    state = {name: value.half().cpu() for name, value in model.state_dict().items()}
    model.save_pretrained(output, state_dict=state, safe_serialization=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--corpus", type=Path, default=WORK / "corpus")
    parser.add_argument("-o", "--output", type=Path, default=Path("samples/weights/aligner"))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train(options.minutes, options.corpus, options.output)
