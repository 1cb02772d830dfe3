"""Count the tokens of labels with the tokenizer of the base model, or estimate their number without one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from meetscribe import weights
from meetscribe.errors import InputError, WeightsError, os_reason
from meetscribe.storage.files import LINES_BYTES, is_folder, read_file

CountTokens: TypeAlias = Callable[[str], int]
"""Returns the number of tokens of a word with the space before it."""

CONTEXT = 448
"""The context length of Whisper's decoder in tokens, for prompt and label together."""

MAX_TEXT = CONTEXT - 5
"""The most tokens of a text: four tokens precede it (start, language, task, no timestamps), and one follows."""

MAX_PROMPT = CONTEXT // 2 - 1
"""The most tokens of a prompt, as Whisper truncates it, after its start token."""

TIMES_PER_SEGMENT = 2
"""The timestamp tokens of a segment: its start and its end."""


def estimate_tokens(word: str) -> int:
    """Return a conservative estimate: one token per two letters of an ASCII word, or per byte of others, plus one.

    >>> estimate_tokens("meeting"), estimate_tokens("für")
    (5, 5)
    """
    size = len(word.encode())
    return 1 + (-(-size // 2) if word.isascii() else size)


def token_counter(base: str | None) -> CountTokens:
    """Return a function that counts tokens with the tokenizer of a base model, or estimates them if `base` is None.

    `base` is the folder of a Whisper model in the layout of Transformers, or the name of a model on this machine.
    Raises InputError if its tokenizer cannot be read, WeightsError if the model is not on this machine.
    """
    if base is None:
        return estimate_tokens
    from tokenizers import Tokenizer

    path = _folder(base) / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_buffer(read_file(path, LINES_BYTES))
    except (OSError, ValueError) as error:
        reason = os_reason(error) if isinstance(error, OSError) else str(error)
        raise InputError(
            f"{path} cannot be read: {reason}", "Give the folder of a Whisper model with --base."
        ) from error
    return lambda word: len(tokenizer.encode(f" {word}", add_special_tokens=False).ids)


def _folder(base: str) -> Path:
    """Return the folder of a model, given by its path or name; raises WeightsError if it is not on this machine."""
    if is_folder(Path(base).expanduser()):
        return Path(base).expanduser()
    found = weights.locate(weights.whisper_spec(base, layout="transformers"))
    if found is None:
        raise WeightsError(f"the model {base} is not on this machine", f"Fetch it: meetscribe weights pull {base}")
    return found
