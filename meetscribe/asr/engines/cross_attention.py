"""Log probabilities and word times of a text decoded by a Whisper model of Transformers.

Word times are computed as in openai-whisper (whisper/timing.py): dynamic time warping over the cross-attention of
selected heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from meetscribe.asr.whisper.tokens import TimedText, words_from_pieces
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word

_MEDIAN_WIDTH = 7  # frames
_FRAME: Seconds = 0.02  # duration of a frame of the encoder


@dataclass(frozen=True)
class ScoredText:
    """A text after teacher forcing.

    `prompt_length` is the number of tokens before the text, `tokens` are those of the text, and `end` is the token that
    ends a text. `log_probs` are the log probabilities `(positions, vocabulary)` of the token after each position, where
    the positions are the tokens of the prompt, the text and its end. `attention` is the cross-attention
    `(heads, positions, frames)` of the alignment heads, None if they are unknown.
    """

    prompt_length: int
    tokens: Sequence[int]
    end: int
    log_probs: Tensor
    attention: Tensor | None

    @property
    def log_probability(self) -> float:
        """The mean log probability of the text tokens and the end of the text, in nats."""
        rows = self.log_probs[self.prompt_length - 1 :]
        return float(rows[range(len(self.tokens) + 1), [*self.tokens, self.end]].mean())

    def probability(self, position: int, token: int) -> float:
        """Return the probability of `token` as the one after a position of the prompt."""
        return float(self.log_probs[position, token].exp())

    def words(self, tokenizer: Any, duration: Seconds) -> tuple[Word, ...]:
        """Return the words of a clip of `duration` seconds, with times from its start; none without alignment heads."""
        if self.attention is None or not self.tokens:
            return ()
        texts, tokens = tokenizer.split_to_word_tokens([*self.tokens, self.end])
        edges = np.cumsum([0, *(len(each) for each in tokens[:-1])])
        times = self._times(max(int(duration / _FRAME), 1))
        before = range(self.prompt_length - 1, self.prompt_length - 1 + len(self.tokens))  # the position before each
        probabilities = self.log_probs[before, list(self.tokens)].exp().tolist()
        pieces = (
            TimedText(text, times[first], times[last], sum(probabilities[first:last]) / (last - first))
            for text, first, last in zip(texts, edges, edges[1:], strict=False)
        )
        return words_from_pieces(pieces, duration)

    def _times(self, frames: int) -> npt.NDArray[np.float64]:
        """Return the start in seconds of each token of the text, and of the token that ends it, `(tokens + 1,)`."""
        from transformers.models.whisper.generation_whisper import _dynamic_time_warping, _median_filter

        assert self.attention is not None
        weights = self.attention[..., :frames]
        weights = weights / weights.sum(dim=-1, keepdim=True).clamp_min(1e-30)
        deviation, mean = torch.std_mean(weights, dim=-2, keepdim=True, unbiased=False)
        weights = _median_filter((weights - mean) / deviation.clamp_min(1e-30), _MEDIAN_WIDTH)
        matrix = weights.mean(dim=0)[self.prompt_length - 1 : -1]
        tokens, times = _dynamic_time_warping(-matrix.double().cpu().numpy())
        starts = np.diff(tokens, prepend=-1).astype(bool)
        return np.asarray(times[starts] * _FRAME, dtype=np.float64)


def score_texts(
    model: Any,
    encoded: Any,
    prompt: Sequence[int],
    texts: Sequence[Sequence[int]],
    end: int,
    heads: Sequence[tuple[int, int]] | None,
) -> list[ScoredText]:
    """Run the model on a batch of texts with teacher forcing, each after the same prompt.

    `encoded` is the output of the encoder for the clips, `heads` are (layer, head) pairs.
    """
    rows = [[*prompt, *text, end] for text in texts]
    longest = max(map(len, rows))
    padded = torch.tensor([row + [end] * (longest - len(row)) for row in rows], device=model.device)
    output = model(
        encoder_outputs=encoded, decoder_input_ids=padded, output_attentions=bool(heads), use_cache=False
    )  # attention is causal, so padding does not change what precedes it
    log_probs = output.logits.float().log_softmax(dim=-1)
    scored = []
    for index, (text, row) in enumerate(zip(texts, rows, strict=True)):
        attention = None
        if heads:
            attention = torch.stack(
                [output.cross_attentions[layer][index, head, : len(row)].float() for layer, head in heads]
            )
        scored.append(ScoredText(len(prompt), list(text), end, log_probs[index, : len(row)], attention))
    return scored
