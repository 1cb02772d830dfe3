"""The values of a data set: examples, their words and segments, and splits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from meetscribe.timeline import Seconds, Span

Split: TypeAlias = Literal["train", "dev", "test"]
"""The use of an example: training, choice of the checkpoint, or final measurement."""

SPLITS: tuple[Split, ...] = get_args(Split)


@dataclass(frozen=True, slots=True)
class TimedText:
    """A word or a segment with its times in seconds from the start of the clip."""

    text: str
    start: Seconds
    end: Seconds


@dataclass(frozen=True, slots=True)
class Example:
    """A clip and its text.

    `id` is a hash of the source of the audio: recording, channel, span and augmentation. `audio` is the path of the
    16 kHz mono WAV file, relative to the folder of the data set, and `sha256` the hexadecimal digest of its bytes.
    `words` and `segments` hold the same text with times within the clip. `language` is a code such as "en". `speaker`
    is the name of the person or the label, None if unknown or if several people speak. `recording` is "sha256:" and
    the digest of the recording, `span` the part of it in the clip. `prompt` is the preceding text, None if the decoder
    gets none. With `timestamps`, the example is trained with timestamp tokens. `augmentation` lists the changes of the
    audio; it is empty for the original.
    """

    id: str
    audio: str
    sha256: str
    seconds: Seconds
    text: str
    words: tuple[TimedText, ...]
    segments: tuple[TimedText, ...]
    language: str
    speaker: str | None
    recording: str
    span: Span
    prompt: str | None
    timestamps: bool
    split: Split
    augmentation: str = ""
