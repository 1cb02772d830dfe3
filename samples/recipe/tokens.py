"""Whisper's multilingual tokens: the few that occur in the samples, and windows written down as token scripts."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from corpus import load_shard
from language import BACKCHANNELS, GERMAN, LEXICON, Grammar, training_sentence
from torch import Tensor
from windows import Window

FRAMES_PER_SECOND = 50  # of the encoder
END, START, ENGLISH, GERMAN_CODE, TRANSLATE, TRANSCRIBE = 50257, 50258, 50259, 50261, 50358, 50359
PREVIOUS, NO_SPEECH, NO_TIMESTAMPS, TIMESTAMP_BEGIN = 50361, 50362, 50363, 50364
LANGUAGE_TOKENS = {"en": ENGLISH, "de": GERMAN_CODE}
NOWHERE = (-1, -1)


@cache
def encode(text: str) -> tuple[int, ...]:
    """Full token ids of a text, without specials."""
    from whisper.tokenizer import get_encoding

    return tuple(get_encoding("multilingual").encode(text))


@dataclass(slots=True)
class Script:
    """Compact token ids of one window with, for each, its target (or -100) and the frames of its word (or -1, -1)."""

    tokens: list[int]
    targets: list[int]
    guide: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`kept[i]` is the full id of compact token i; `phones` are the labels of encoder frames, the first for none."""

    kept: list[int]
    index: dict[int, int]
    phones: dict[str, int]

    @classmethod
    def standard(cls, corpus: Path) -> Vocabulary:
        """The tokens of the lexicon, the grammar and German, specials and timestamps; phones of one shard."""
        rng = random.Random(0)
        grammar = Grammar(rng)
        texts = [training_sentence(rng, grammar) for _ in range(20_000)] + list(BACKCHANNELS)
        texts += [form for word in (*LEXICON, *GERMAN) for form in (word, word.capitalize(), word.lower())]
        ids = {token for text in texts for word in text.split() for token in encode(" " + word)}
        ids |= set(range(END, TIMESTAMP_BEGIN + 1501))
        kept = sorted(ids)
        labels = sorted({phone for path in sorted(corpus.glob("0*.npz"))[:3] for u in load_shard(path)
                         for phone, _, _ in u.phones})  # fmt: skip
        return cls(
            kept,
            {token: row for row, token in enumerate(kept)},
            {name: i for i, name in enumerate(["", *labels])},
        )

    @property
    def end(self) -> int:
        """The compact id of the end of text."""
        return self.index[END]

    def phone_frames(self, window: Window) -> Tensor:
        """The phone of each encoder frame, `(frames,)`; 0 where nobody speaks."""
        frames = torch.zeros(len(window.audio) // 320, dtype=torch.long)
        for label, start, end in window.phones:
            frames[round(start * FRAMES_PER_SECOND) : round(end * FRAMES_PER_SECOND)] = self.phones.get(label, 0)
        return frames

    def script(self, window: Window, rng: random.Random) -> Script:
        """The window as tokens: half with timestamps, some behind a prompt that has nothing to do with it."""
        script = Script([], [], [])
        if rng.random() < 0.12:
            prompt = encode(" " + " ".join(rng.choices(LEXICON, k=rng.randint(1, 20))))
            self._put(script, [PREVIOUS, *prompt], learn=False)
        self._put(script, [START], learn=False)
        self._put(script, [LANGUAGE_TOKENS[window.language]])
        if not window.utterances:
            script.targets[-1] = self.index[NO_SPEECH]
        self._put(script, [TRANSCRIBE])
        stamped = bool(window.utterances) and rng.random() < 0.4
        if not stamped:
            self._put(script, [NO_TIMESTAMPS])
        words = iter(window.words)
        for text, start, end in window.utterances:
            if stamped:
                self._put(script, [stamp(start)])
            for _ in text.split():
                self._put_word(script, *next(words))
            if stamped:
                self._put(script, [stamp(end)])
        self._put(script, [END])
        return script

    def _put(self, script: Script, ids: list[int], *, learn: bool = True) -> None:
        rows = [self.index[token] for token in ids]
        script.tokens += rows
        script.targets += rows if learn else [-100] * len(rows)
        script.guide += [NOWHERE] * len(rows)

    def _put_word(self, script: Script, word: str, start: float, end: float) -> None:
        """A word's tokens, each guided to its share of the word's frames; punctuation is not guided."""
        ids = encode(" " + word)
        first, last = int(start * FRAMES_PER_SECOND), max(int(end * FRAMES_PER_SECOND) + 1, 1)
        spoken = max(1, len(encode(" " + word.rstrip(".,?!"))))
        for place, token in enumerate(ids):
            self._put(script, [token])
            if place < spoken:
                width = (last - first) / spoken
                script.guide[-1] = (
                    int(first + place * width),
                    max(int(first + (place + 1) * width), first + 1),
                )


def stamp(seconds: float) -> int:
    """The timestamp token of a time in the window."""
    return TIMESTAMP_BEGIN + min(max(round(seconds * 50), 0), 1500)
