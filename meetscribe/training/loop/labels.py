"""The tokens of an example: inputs and targets of the decoder (Radford et al., 2022, figure 1).

    <|startofprev|> prompt <|startoftranscript|> <|en|> <|transcribe|> <|notimestamps|> text <|endoftext|>
    <|startofprev|> prompt <|startoftranscript|> <|en|> <|transcribe|> <|0.00|> text <|2.40|> <|endoftext|>

The prompt and the tokens up to the task (or <|notimestamps|>) are given in decoding, so they are not targets:
otherwise, a data set in one language would teach the model that every recording is in that language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meetscribe.errors import InputError
from meetscribe.training.data import Example

if TYPE_CHECKING:
    from meetscribe.training.model.base import WhisperBase

IGNORED = -100
"""The target at positions without loss."""

_STEP = 0.02  # seconds between timestamp tokens
_LAST_STAMP = 1500  # of 30 s


@dataclass(frozen=True, slots=True)
class Labels:
    """The input tokens of the decoder, and their targets: the next tokens, or IGNORED."""

    inputs: tuple[int, ...]
    targets: tuple[int, ...]

    @property
    def learnt(self) -> int:
        """The number of tokens with a loss."""
        return sum(target != IGNORED for target in self.targets)


def labels_of(example: Example, base: WhisperBase) -> Labels:
    """Return the labels of an example; a prompt that does not fit is truncated at its start.

    Raises InputError if the text does not fit into the decoder, SettingsError if the model does not know the language.
    """
    tokenizer = base.tokenizer(example.language)
    given = list(tokenizer.sot_sequence)
    if example.timestamps:
        learnt = [*_stamped(example, tokenizer), tokenizer.eot]
    else:
        given.append(tokenizer.no_timestamps)
        learnt = [*_text(tokenizer, example.text), tokenizer.eot]
    room = base.context - len(given) - len(learnt) + 1  # the last token is predicted, but not read
    if room < 0:
        raise InputError(
            f"the text of the clip {example.id} has {len(learnt)} tokens, too many for the decoder",
            "Make the data set again with shorter clips, or leave this clip out.",
        )
    given = [*_prompt(example.prompt, tokenizer, min(room, base.context // 2)), *given]
    tokens = [*given, *learnt]
    targets = [*[IGNORED] * (len(given) - 1), *tokens[len(given) :]]
    return Labels(tuple(tokens[:-1]), tuple(targets))


def _prompt(prompt: str | None, tokenizer: Any, room: int) -> list[int]:
    """Return the start token and the end of the prompt, in at most `room` tokens."""
    if not prompt or room < 2:
        return []
    return [tokenizer.sot_prev, *_text(tokenizer, prompt)[1 - room :]]


def _stamped(example: Example, tokenizer: Any) -> list[int]:
    """Return the tokens of each segment between its timestamps, which never decrease."""
    tokens: list[int] = []
    reached = 0
    for segment in example.segments:
        start = min(max(round(segment.start / _STEP), reached), _LAST_STAMP)
        reached = min(max(round(segment.end / _STEP), start), _LAST_STAMP)
        stamps = tokenizer.timestamp_begin + start, tokenizer.timestamp_begin + reached
        tokens += [stamps[0], *_text(tokenizer, segment.text), stamps[1]]
    return tokens


def _text(tokenizer: Any, text: str) -> Sequence[int]:
    """Return the tokens of a text, with the leading space that Whisper expects."""
    return list(tokenizer.encode(f" {text.strip()}")) if text.strip() else []
