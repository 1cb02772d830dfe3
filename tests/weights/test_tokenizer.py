"""The tokenizer that the recipe writes equals that of openai-whisper."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tokenizers import Tokenizer

SPECIAL = {
    "<|endoftext|>": 50257,
    "<|startoftranscript|>": 50258,
    "<|en|>": 50259,
    "<|translate|>": 50358,
    "<|transcribe|>": 50359,
    "<|startoflm|>": 50360,
    "<|startofprev|>": 50361,
    "<|nospeech|>": 50362,
    "<|notimestamps|>": 50363,
    "<|0.00|>": 50364,
    "<|30.00|>": 51864,
}
LETTERS = [
    *map(chr, range(32, 127)),
    *"\n\t äöüßéñøçÄÖÜ€—’“”",
    *map(chr, range(0x400, 0x450)),
    *"我们的时间ありがとう안녕하세요🙂👍🏽",
]


@pytest.fixture(scope="module")
def tokenizer(random_whisper: Path) -> Tokenizer:
    """Return the tokenizer that the engines load."""
    return Tokenizer.from_file(str(random_whisper / "tokenizer.json"))


def test_every_id_has_its_token(tokenizer: Tokenizer, random_whisper: Path) -> None:
    """All 51,865 tokens exist, special tokens have the ids of Whisper, and the file is small."""
    assert tokenizer.get_vocab_size() == 51865
    assert all(tokenizer.id_to_token(number) is not None for number in range(51865))
    assert {token: tokenizer.token_to_id(token) for token in SPECIAL} == SPECIAL
    assert (random_whisper / "tokenizer.json").stat().st_size < 3_000_000


def test_texts_have_the_tokens_of_openai_whisper(tokenizer: Tokenizer) -> None:
    """Any text has the same tokens as in openai-whisper, and is restored from them."""
    theirs = pytest.importorskip("whisper.tokenizer").get_encoding("multilingual")
    rng = random.Random(0)
    known = [word for word in (theirs.decode([number]) for number in range(50257)) if "\ufffd" not in word]
    for turn in range(200):
        text = "".join(rng.choices(known if turn % 2 else LETTERS, k=rng.randint(1, 40)))
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        assert ids == theirs.encode(text, disallowed_special=())
        assert tokenizer.decode(ids) == text
