"""The settings of transcription; nothing is loaded here."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.asr.protocol import ENGINES
from meetscribe.asr.whisper.languages import language_code
from meetscribe.errors import SettingsError, nearest
from meetscribe.options import option
from meetscribe.timeline import Seconds

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

    engine: str = option(next(iter(ENGINES)), "what transcribes", choices=tuple(ENGINES))
    model: str = option("auto", "the Whisper model: a directory or an id of the Hugging Face hub", path=True)
    language: str | None = option(None, "the language spoken, by code or name; detected if left out")
    multilingual: bool = option(False, "several languages are spoken: find that of each chunk")
    task: str = option("transcribe", "write down what is said, or translate it to English", choices=TASKS)
    batch_size: int = option(0, "chunks transcribed at once; 0 leaves it to the plan for this machine")
    workers: int = option(0, "batches transcribed at the same time; 0 leaves it to the plan for this machine")
    beam_size: int = option(5, "how many wordings are weighed against each other")
    compute_type: str = option(
        "auto", "numbers to compute with: float16 on a graphics card, else int8", choices=COMPUTE_TYPES
    )
    prompt: str | None = option(None, "a text in the style and about the subject of the recording")
    vocabulary: tuple[str, ...] = option((), "names and terms that are likely to be said")
    numerals: bool = option(True, "write numbers in digits, if the model does; otherwise in words")
    quality: bool = option(True, "check_result what is heard, and decode again what cannot be right")
    remove_in_silence: bool = option(True, "filter_hallucinations invented words where nobody is heard; each is listed")
    remove_repeats: bool = option(True, "cut the rounds of a loop beyond the second; each is listed")
    compression_ratio_threshold: float | None = option(2.4, "text that zlib makes smaller than by this is repetitive")
    log_prob_threshold: float | None = option(-1.0, "the least mean log probability of a token")
    no_speech_threshold: float | None = option(0.6, "the probability of no speech from which silence is believed")
    temperatures: tuple[float, ...] = option(
        (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), "what is not right is decoded again at these, one after the other"
    )
    coverage: bool = option(True, "listen again where a voice is heard, but no words were")
    min_uncovered: Seconds = option(1.0, "the shortest voice without words that is listened to again, in seconds")
    seed: int = option(0, "what is drawn at temperatures above 0 is the same for the same seed")

    def __post_init__(self) -> None:
        for name, known in (("engine", tuple(ENGINES)), ("task", TASKS), ("compute_type", COMPUTE_TYPES)):
            value = getattr(self, name)
            if value not in known:
                raise SettingsError(f"unknown asr.{name} {value!r}: {nearest(value, known)}")
        if self.language is not None:
            object.__setattr__(self, "language", language_code(self.language))
        for name in ("batch_size", "workers"):
            if getattr(self, name) < 0:
                raise SettingsError(f"asr.{name} must not be negative, but is {getattr(self, name)}")
        if self.beam_size < 1:
            raise SettingsError(f"asr.beam_size must be at least 1, but is {self.beam_size}")
        if not self.temperatures or min(self.temperatures) < 0:
            raise SettingsError(f"asr.temperatures must be numbers of at least 0, not {self.temperatures}")
        if self.multilingual and self.language is not None:
            raise SettingsError(
                "asr.multilingual finds the language of each chunk, but asr.language names one for all",
                "Leave one of them out.",
            )
        if self.task == "translate" and "turbo" in self.model.lower():
            raise SettingsError(
                f"the model {self.model} cannot translate: turbo models were trained without translations",
                "Use a model such as large-v3 or medium, or --task transcribe.",
            )
