"""Attention heads for word times: those of the base, or heads re-estimated from words with known times.

Training changes the attention of the decoder. The heads of the base are kept unless heads chosen on the training clips
give more accurate times on the clips of dev.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import torch

from meetscribe.asr.engines.cross_attention import score_texts
from meetscribe.timeline import Seconds
from meetscribe.training.data import Example, read_clip
from meetscribe.training.model.base import WhisperBase

Heads: TypeAlias = tuple[tuple[int, int], ...]
"""(layer, head) pairs."""

MOST_CLIPS = 8
"""The largest number of clips used to choose or compare heads."""

_FRAMES_PER_SECOND = 50
_MARGIN = 5  # tolerance on each side of a word, in frames; chosen by hand


@dataclass(frozen=True, slots=True)
class HeadChoice:
    """The chosen heads, and the mean error of word boundaries on dev with the base's and with the re-estimated heads.

    The errors are None if no clip of train or none of dev has word times; `base_error` is None if the base has no
    heads. An error is infinite if the words of no clip can be compared.
    """

    heads: Heads
    is_new: bool
    base_error: Seconds | None = None
    new_error: Seconds | None = None


def choose_heads(base: WhisperBase, folder: Path, train: Sequence[Example], dev: Sequence[Example]) -> HeadChoice:
    """Return the heads with the most accurate word times; `base` must be loaded with "eager" attention."""
    current: Heads = tuple((int(layer), int(head)) for layer, head in _configured(base))
    known, held_out = ([each for each in part if _has_words(each)][:MOST_CLIPS] for part in (train, dev))
    if not known or not held_out:
        return HeadChoice(current, False)
    estimated = estimate_heads(base, folder, known, len(current) or base.model.config.decoder_attention_heads)
    old, new = (word_error(base, folder, held_out, heads) if heads else None for heads in (current, estimated))
    is_new = old is None or (new is not None and new < old)
    return HeadChoice(estimated if is_new else current, is_new, old, new)


def estimate_heads(base: WhisperBase, folder: Path, examples: Sequence[Example], count: int) -> Heads:
    """Return the `count` heads with the most attention on the next word, by the log share summed over all tokens."""
    config = base.model.config
    totals = np.zeros((config.decoder_layers, config.decoder_attention_heads))
    for example in examples:
        tokens, words = _tokens(base, example)
        start = _start_tokens(base, example)
        row = torch.tensor([[*start, *tokens]], device=base.device)
        with torch.inference_mode():
            features = base.features([read_clip(folder, example)]).to(base.device)
            attention = base.model(
                input_features=features, decoder_input_ids=row, output_attentions=True, use_cache=False
            ).cross_attentions
        # A token of the text is predicted at the position before it.
        weights = torch.stack([layer[0] for layer in attention]).float().cpu().numpy()[..., len(start) - 1 : -1, :]
        totals += np.log(_shares(weights, example, words) + 1e-4).sum(axis=-1)
    best = np.argsort(-totals, axis=None)[:count]
    return tuple(sorted((int(each // totals.shape[1]), int(each % totals.shape[1])) for each in best))


def word_error(base: WhisperBase, folder: Path, examples: Sequence[Example], heads: Heads) -> Seconds:
    """Return the mean absolute error of word starts and ends with these heads, given the reference text.

    It is in seconds, and infinite if the words of no clip can be compared.
    """
    errors: list[float] = []
    for example in examples:
        tokenizer = base.tokenizer(example.language)
        tokens, _ = _tokens(base, example)
        with torch.inference_mode():
            encoded = base.model.get_encoder()(base.features([read_clip(folder, example)]).to(base.device))
            (text,) = score_texts(base.model, encoded, _start_tokens(base, example), [tokens], tokenizer.eot, heads)
        found = text.words(tokenizer, example.seconds)
        if len(found) != len(example.words):
            continue
        for word, reference in zip(found, example.words, strict=True):
            errors += [abs(word.start - reference.start), abs(word.end - reference.end)]
    return sum(errors) / len(errors) if errors else float("inf")


def _configured(base: WhisperBase) -> Sequence[Sequence[int]]:
    """Return the alignment heads in the generation config, empty if there are none."""
    return getattr(base.model.generation_config, "alignment_heads", None) or ()


def _has_words(example: Example) -> bool:
    """Return whether each word of the text has times; false in scripts without spaces."""
    return bool(example.words) and [word.text for word in example.words] == example.text.split()


def _start_tokens(base: WhisperBase, example: Example) -> list[int]:
    """Return the tokens before the text: start, language and task, without timestamps."""
    tokenizer = base.tokenizer(example.language)
    return [*tokenizer.sot_sequence, tokenizer.no_timestamps]


def _tokens(base: WhisperBase, example: Example) -> tuple[list[int], list[int]]:
    """Return the tokens of the text, and the word index of each."""
    tokenizer: Any = base.tokenizer(example.language)
    parts = [tokenizer.encode(f" {word.text}") for word in example.words]
    return [token for part in parts for token in part], [at for at, part in enumerate(parts) for _ in part]


def _shares(weights: npt.NDArray[np.float32], example: Example, words: Sequence[int]) -> npt.NDArray[np.float32]:
    """Return the share `(layers, heads, tokens)` of the attention `weights` that lies on the word of each token.

    `weights` has the shape `(layers, heads, tokens, frames)`.
    """
    shares = np.empty(weights.shape[:-1], dtype=np.float32)
    for token, at in enumerate(words):
        word = example.words[at]
        first = max(int(word.start * _FRAMES_PER_SECOND) - _MARGIN, 0)
        last = int(word.end * _FRAMES_PER_SECOND) + _MARGIN
        shares[..., token] = weights[..., token, first:last].sum(axis=-1)
    return shares
