"""The settings of transcription; nothing is loaded here."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.asr.engines import ENGINES
from meetscribe.asr.languages import language_code
from meetscribe.errors import SettingsError, nearest
from meetscribe.options import option

TASKS = ("transcribe", "translate")
COMPUTE_TYPES = (
    "auto",
    "int8",
    "int8_float16",
    "int8_bfloat16",
    "int8_float32",
    "int16",
    "float16",
    "bfloat16",
    "float32",
)


@dataclass(frozen=True, slots=True)
class AsrSettings:
    """Which engine and model write down what is said, and how.

    `language` is kept as Whisper's code. Raises SettingsError for an unknown value, and for settings that
    cannot go together.
    """

    engine: str = option("whisperx", "what transcribes", choices=tuple(ENGINES))
    model: str = option("auto", "the Whisper model: a directory or an id of the Hugging Face hub", path=True)
    language: str | None = option(None, "the language spoken, by code or name; detected if left out")
    task: str = option("transcribe", "write down what is said, or translate it to English", choices=TASKS)
    batch_size: int = option(0, "chunks transcribed at once; 0 is 8 on a graphics card, else 4")
    beam_size: int = option(5, "how many wordings are weighed against each other")
    compute_type: str = option(
        "auto", "numbers to compute with: float16 on a graphics card, else int8", choices=COMPUTE_TYPES
    )
    prompt: str | None = option(None, "a text in the style and about the subject of the recording")
    vocabulary: tuple[str, ...] = option((), "names and terms that are likely to be said")

    def __post_init__(self) -> None:
        for name, known in (("engine", tuple(ENGINES)), ("task", TASKS), ("compute_type", COMPUTE_TYPES)):
            value = getattr(self, name)
            if value not in known:
                raise SettingsError(f"unknown asr.{name} {value!r}: {nearest(value, known)}")
        if self.language is not None:
            object.__setattr__(self, "language", language_code(self.language))
        if self.batch_size < 0:
            raise SettingsError(f"asr.batch_size must not be negative, but is {self.batch_size}")
        if self.beam_size < 1:
            raise SettingsError(f"asr.beam_size must be at least 1, but is {self.beam_size}")
        if self.task == "translate" and "turbo" in self.model.lower():
            raise SettingsError(
                f"the model {self.model} cannot translate: turbo models were trained without translations",
                "Use a model such as large-v3 or medium, or --task transcribe.",
            )
