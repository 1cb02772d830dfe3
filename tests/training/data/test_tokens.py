"""Tokens: the tokenizer of the base counts, and the estimate is rarely too low."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import InputError, WeightsError
from meetscribe.training.data.tokens import estimate_tokens, token_counter
from tests.support.real_weights import real_weights

SAMPLES = Path(__file__).parents[3] / "samples"


def test_words_are_counted_as_the_tokenizer_does() -> None:
    """Word by word, they have as many tokens as together."""
    from tokenizers import Tokenizer

    text = "The support team has usually published the light training, about fifty percent."
    tokenizer = Tokenizer.from_file(str(SAMPLES / "weights" / "asr" / "tokenizer.json"))
    together = len(tokenizer.encode(f" {text}", add_special_tokens=False).ids)
    count = token_counter(str(SAMPLES / "weights" / "asr"))
    assert sum(map(count, text.split())) == together


def test_the_estimate_is_not_too_low() -> None:
    """On real words of several languages and on invented names, with the tokenizer of the published models."""
    count = token_counter(str(real_weights("whisper-base")))
    texts = (
        "We use the Viterbi algorithm, don't we? GPT-4o costs $3.50.",
        "Kestrodyne Nimbuvault Quorvex",
        "Über die Größe müssen wir übermorgen entscheiden.",
        "Это очень важное решение.",
        "会議を始めます",
    )
    for text in texts:
        assert sum(map(count, text.split())) <= sum(map(estimate_tokens, text.split()))


def test_a_model_that_is_not_here_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tokenizer.json cannot be read"):
        token_counter(str(tmp_path))
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="Give the folder of a Whisper model"):
        token_counter(str(tmp_path))
    with pytest.raises(WeightsError, match="meetscribe weights pull nobody/nothing"):
        token_counter("nobody/nothing")
