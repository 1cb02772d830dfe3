"""The sources and the settings of a data set."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from meetscribe.errors import SettingsError, nearest
from meetscribe.timeline import Seconds

SplitBy: TypeAlias = Literal["speaker", "recording", "passage"]
"""The unit that is never divided between splits: the recordings of a named speaker, a recording, or a minute of it.

This minute, "passage", is not a `Passage` of usable words.
"""

Augmentation: TypeAlias = Literal["speed", "gain", "noise", "codec"]

SPLIT_BY: tuple[SplitBy, ...] = get_args(SplitBy)
AUGMENTATIONS: tuple[Augmentation, ...] = get_args(Augmentation)

WINDOW: Seconds = 30.0
"""The length of Whisper's input; longer audio would be truncated."""


@dataclass(frozen=True, slots=True)
class DataSettings:
    """The settings of a data set.

    Clips last `min_seconds` to `max_seconds`. They begin and end in pauses of at least `min_pause`, contain no pause
    longer than `max_pause`, and keep at most `pad` seconds of audio before the first and after the last word. `dev` and
    `test` are the held-out shares of the audio, `timestamps` and `prompts` the shares of the examples with timestamp
    tokens and with a prompt. Each training clip gets `copies` copies, changed by all of `augment`. `seed` determines
    every random choice. With `drop_shared`, training clips that share audio or text with dev or test, and clips of dev
    that share some with test, are left out; otherwise they are an error. `language` replaces that of the transcripts,
    not that of single words. Raises SettingsError for values out of range.
    """

    min_seconds: Seconds = 5.0
    max_seconds: Seconds = WINDOW
    min_pause: Seconds = 0.1
    max_pause: Seconds = 5.0
    pad: Seconds = 0.2
    dev: float = 0.1
    test: float = 0.1
    split_by: SplitBy = "speaker"
    drop_shared: bool = False
    timestamps: float = 0.5
    prompts: float = 0.3
    augment: tuple[Augmentation, ...] = ()
    copies: int = 1
    seed: int = 0
    language: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "augment", tuple(self.augment))
        for name in ("min_seconds", "min_pause", "max_pause", "pad", "dev", "test", "timestamps", "prompts"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise SettingsError(f"{name} must be a number, at least 0, not {value!r}")
        for name in ("timestamps", "prompts"):
            if getattr(self, name) > 1:
                raise SettingsError(f"{name} is a share: it must be at most 1, not {getattr(self, name)!r}")
        if self.dev + self.test >= 1:
            raise SettingsError(f"dev and test leave nothing to train on: {self.dev:g} + {self.test:g}")
        if not self.min_seconds < self.max_seconds <= WINDOW:
            raise SettingsError(
                f"clips of {self.min_seconds:g} to {self.max_seconds:g} s are impossible",
                f"The shortest must be below the longest, which is at most {WINDOW:g} s.",
            )
        if self.copies < 1:
            raise SettingsError(f"copies must be at least 1, not {self.copies}")
        _check_choice("split_by", self.split_by, SPLIT_BY)
        for kind in self.augment:
            _check_choice("augment", kind, AUGMENTATIONS)


@dataclass(frozen=True, slots=True)
class Sources:
    """Transcripts, or folders of transcripts, in any format with times.

    Transcripts in `meetings` are divided into splits; those in `dev` and `test` go to these splits. `audio` is the
    recording, or a folder with the recordings; without it, they are searched for beside the transcripts.
    """

    meetings: tuple[Path, ...]
    dev: tuple[Path, ...] = ()
    test: tuple[Path, ...] = ()
    audio: Path | None = None


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise SettingsError, naming the nearest choice, if the value is not a choice."""
    if value not in choices:
        raise SettingsError(f"{name} cannot be {value!r}: {nearest(value, choices)}")
