"""Log probabilities and word times from a model's output for a text."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from meetscribe.asr.engines.cross_attention import ScoredText, score_texts

VOCABULARY, END = 12, 9
PROMPT = [1, 2]
HEADS = [(0, 1), (1, 0)]


class Model:
    """A decoder with two layers of two heads, whose output depends on the tokens before each position."""

    device = "cpu"

    def __call__(self, decoder_input_ids: torch.Tensor, output_attentions: bool, **options: Any) -> Any:
        sums = decoder_input_ids.cumsum(dim=1)
        logits = torch.sin(sums[..., None] * torch.arange(1.0, VOCABULARY + 1))
        heads = torch.arange(4.0).reshape(2, 1, 2, 1, 1)
        attention = torch.exp(-(sums[None, :, None, :, None] / 7 + heads - torch.arange(5.0)).abs())
        return SimpleNamespace(logits=logits, cross_attentions=list(attention) if output_attentions else None)


def score(*texts: list[int], heads: list[tuple[int, int]] | None = None) -> list[ScoredText]:
    return score_texts(Model(), None, PROMPT, texts, END, heads)


def test_padding_does_not_change_a_text() -> None:
    """The shorter text of a batch is scored as if it were alone."""
    short, _ = score([3], [4, 5, 6, 7], heads=HEADS)
    (alone,) = score([3], heads=HEADS)
    torch.testing.assert_close(short.log_probs, alone.log_probs)
    assert short.attention is not None and alone.attention is not None
    torch.testing.assert_close(short.attention, alone.attention)


def test_the_log_probability_is_the_mean_over_the_text_and_its_end() -> None:
    (found,) = score([3, 4])
    logits = Model()(torch.tensor([[*PROMPT, 3, 4, END]]), False).logits[0].log_softmax(dim=-1)
    expected = [logits[1, 3], logits[2, 4], logits[3, END]]
    assert found.log_probability == pytest.approx(float(sum(expected)) / 3)
    assert found.probability(0, 5) == pytest.approx(math.exp(logits[0, 5]))


def test_the_alignment_heads_are_selected_in_order() -> None:
    (found,) = score([3, 4], heads=HEADS)
    output = Model()(torch.tensor([[*PROMPT, 3, 4, END]]), True).cross_attentions
    assert found.attention is not None
    torch.testing.assert_close(found.attention, torch.stack([output[0][0, 1], output[1][0, 0]]))


def split(tokens: list[int]) -> tuple[list[str], list[list[int]]]:
    """Split tokens into words of one token; the last is the end of the text."""
    return [f" word{token}" for token in tokens], [[token] for token in tokens]


def test_words_have_the_times_of_their_attention() -> None:
    """Each of three words is attended to in another third of a clip of 0.6 s."""
    text = [3, 4, 5]
    weights = torch.full((1, 1 + len(text) + 1, 40), 1e-4)
    for place in range(len(text)):
        weights[0, place, 10 * place : 10 * place + 10] = 1.0
    weights[0, 3, 29:] = 1.0
    log_probs = torch.full((5, VOCABULARY), -math.log(VOCABULARY))
    log_probs[0, 3] = math.log(0.5)
    found = ScoredText(1, text, END, log_probs, weights).words(SimpleNamespace(split_to_word_tokens=split), 0.6)
    assert [word.text for word in found] == ["word3", "word4", "word5"]
    assert [word.start for word in found] == pytest.approx([0.0, 0.2, 0.4], abs=0.041)
    assert found[-1].end == pytest.approx(0.6, abs=0.041)
    assert found[0].probability == pytest.approx(0.5)
    assert {word.timing for word in found} == {"engine"}


def test_without_alignment_heads_there_are_no_words() -> None:
    tokenizer = SimpleNamespace(split_to_word_tokens=split)
    assert score([3, 4])[0].words(tokenizer, 1.0) == ()
    assert score([], heads=HEADS)[0].words(tokenizer, 1.0) == ()
