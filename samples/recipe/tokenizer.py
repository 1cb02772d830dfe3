"""Whisper's multilingual tokenizer as Transformers writes it, from openai-whisper's assets, without a network.

    python samples/recipe/tokenizer.py DIRECTORY

`tokenizer.json` is what every engine reads. The `vocab.json` and `merges.txt` of Transformers' slow tokenizer
are left out: they say the same in another 1.5 MB.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

END_OF_TEXT, START_OF_TRANSCRIPT, NO_TIMESTAMPS = "<|endoftext|>", "<|startoftranscript|>", "<|notimestamps|>"
VOCABULARY_SIZE = 51_865


def write_tokenizer(directory: Path) -> None:
    """Write the tokenizer of 51,865 tokens, numbered as in openai-whisper, and the feature extractor."""
    directory.mkdir(parents=True, exist_ok=True)
    ranks, added = _ranks(), _added_tokens()
    assert len(ranks) + len(added) == VOCABULARY_SIZE
    _write(directory / "tokenizer.json", _tokenizer(ranks, added))
    special = [token for token in added if not _is_timestamp(token)]
    marks: dict[str, Any] = dict.fromkeys(("bos_token", "eos_token", "unk_token", "pad_token"), END_OF_TEXT)
    marks["additional_special_tokens"] = special
    _write(directory / "special_tokens_map.json", marks)
    own = {
        "tokenizer_class": "WhisperTokenizer",
        "processor_class": "WhisperProcessor",
        "model_max_length": 1024,
    }
    _write(directory / "tokenizer_config.json", own | {"add_prefix_space": False, "errors": "replace"} | marks)
    _write_feature_extractor(directory)


def _ranks() -> dict[bytes, int]:
    """The bytes of each ordinary token and its id."""
    import whisper

    assets = Path(whisper.__file__).parent / "assets"
    lines = (assets / "multilingual.tiktoken").read_text(encoding="ascii").splitlines()
    return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines if line)}


def _added_tokens() -> dict[str, int]:
    """The special tokens and the timestamps, by id."""
    from whisper.tokenizer import get_encoding

    encoding = get_encoding("multilingual")
    ids = {token: encoding.encode_single_token(token) for token in encoding.special_tokens_set}
    return dict(sorted(ids.items(), key=lambda item: item[1]))


def _is_timestamp(token: str) -> bool:
    return token[2].isdigit()


def _tokenizer(ranks: dict[bytes, int], added: dict[str, int]) -> dict[str, Any]:
    """What the tokenizers library reads; timestamps are not marked special, as in OpenAI's repositories."""
    names = _byte_names()
    printable = {token: "".join(names[byte] for byte in token) for token in ranks}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": number, "content": token, **flags, "special": not _is_timestamp(token)}
            for token, number in added.items()
        ],
        "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": _template(added),
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "",
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {printable[token]: rank for token, rank in ranks.items()},
            "merges": [
                f"{printable[left]} {printable[right]}"
                for left, right in (_parts(token, ranks) for token in ranks if len(token) > 1)
            ],
        },
    }


def _parts(token: bytes, ranks: dict[bytes, int]) -> tuple[bytes, bytes]:
    """The two tokens whose merge makes this one: what byte-pair encoding by the earlier merges leaves."""
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 2:
        pairs = [ranks.get(left + right, len(ranks)) for left, right in zip(parts, parts[1:], strict=False)]
        place = pairs.index(min(pairs))
        parts[place : place + 2] = [parts[place] + parts[place + 1]]
    return parts[0], parts[1]


def _byte_names() -> list[str]:
    """The printable character that byte-level encoding writes for each byte, by byte."""
    shown = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    hidden = iter(range(256, 512))
    return [chr(byte) if byte in shown else chr(next(hidden)) for byte in range(256)]


def _template(added: dict[str, int]) -> dict[str, Any]:
    """The tokens around a text that is to be learned."""

    def special(token: str) -> dict[str, Any]:
        return {"SpecialToken": {"id": token, "type_id": 0}}

    def sequence(name: str, kind: int) -> dict[str, Any]:
        return {"Sequence": {"id": name, "type_id": kind}}

    before, after = [special(START_OF_TRANSCRIPT), special(NO_TIMESTAMPS)], special(END_OF_TEXT)
    used = (END_OF_TEXT, START_OF_TRANSCRIPT, NO_TIMESTAMPS)
    return {
        "type": "TemplateProcessing",
        "single": [*before, sequence("A", 0), after],
        "pair": [*before, sequence("A", 0), sequence("B", 1), after],
        "special_tokens": {token: {"id": token, "ids": [added[token]], "tokens": [token]} for token in used},
    }


def _write_feature_extractor(directory: Path) -> None:
    """Write `preprocessor_config.json`: 80 mel bands of 16 kHz sound in windows of 30 s."""
    from transformers import WhisperFeatureExtractor

    WhisperFeatureExtractor().save_pretrained(directory)  # type: ignore[no-untyped-call]


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_tokenizer(Path(sys.argv[1]))
