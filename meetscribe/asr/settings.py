"""The settings of speech recognition."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields, replace

from meetscribe.asr.engine_table import BUILT_IN, ENGINES, NEUTRAL, EngineEntry, engine_entry
from meetscribe.asr.languages import language_code
from meetscribe.errors import SettingsError, nearest
from meetscribe.options import option
from meetscribe.text.languages import name_of
from meetscribe.text.scripts import SCRIPTS
from meetscribe.timeline import Seconds

SCRIPT_NAMES = ("auto", *dict.fromkeys(script for scripts in SCRIPTS.values() for script in scripts))
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
    """Engine, model, decoding options and quality control of speech recognition.

    `language` is stored as a code of the engine. Raises SettingsError for an unknown value, for conflicting values,
    and for a value that the engine cannot honour. A threshold of None switches its check off.
    """

    engine: str = option(next(iter(BUILT_IN)), "recognition engine", choices=lambda: tuple(ENGINES))
    model: str = option("auto", "model of the engine: a name, a directory or a Hugging Face id", path=True)
    language: str | None = option(None, "spoken language, by code or name; detected by default")
    multilingual: bool = option(False, "detect the language of each chunk, for recordings in several languages")
    script: str = option(
        "auto", "script of Chinese or Serbian text; auto: the script of most of the text", choices=SCRIPT_NAMES
    )
    task: str = option("transcribe", "transcribe in the spoken language, or translate to English", choices=TASKS)
    batch_size: int = option(0, "chunks decoded per batch; 0 chooses by the free memory")
    workers: int = option(0, "batches decoded in parallel; 0 chooses by the number of CPU cores")
    beam_size: int = option(5, "beam size")
    compute_type: str = option(
        "auto",
        "numeric type of the computation; auto: float16 on a GPU, else int8, or float32 if the engine has no int8",
        choices=COMPUTE_TYPES,
    )
    prompt: str | None = option(None, "text in the style and on the subject of the recording, given to the model")
    vocabulary: tuple[str, ...] = option((), "names and terms likely to occur, given to the model")
    numerals: bool = option(True, "allow digits; otherwise numbers are written in words")
    quality: bool = option(True, "check the decoded text, and decode doubtful chunks again")
    remove_in_silence: bool = option(
        True,
        "remove words hallucinated outside speech, or the text of a chunk in which the engine reports no speech, and "
        "list them as findings",
    )
    remove_repeats: bool = option(True, "cut repetition loops after the second round, and list what was cut")
    # The next three defaults are Whisper's (Radford et al., 2022, section 4.5).
    compression_ratio_threshold: float | None = option(2.4, "zlib compression ratio above which text is repetitive")
    log_prob_threshold: float | None = option(-1.0, "mean log probability below which text is doubtful")
    no_speech_threshold: float | None = option(0.6, "no-speech probability above which improbable text is removed")
    temperatures: tuple[float, ...] = option(
        (0.0, 0.4, 0.8), "temperature of the first decoding, then those to try in order while the text is doubtful"
    )
    coverage: bool = option(True, "decode again where speech was detected but no words were found")
    min_uncovered: Seconds = option(1.0, "shortest speech without words that is decoded again, in seconds")
    seed: int = option(0, "random seed for sampling at temperatures above 0")

    def __post_init__(self) -> None:
        entry = engine_entry(self.engine)
        for name, known in (("task", TASKS), ("compute_type", COMPUTE_TYPES), ("script", SCRIPT_NAMES)):
            value = getattr(self, name)
            if value not in known:
                raise SettingsError(f"unknown asr.{name} {value!r}: {nearest(value, known)}")
        if self.language is not None:
            object.__setattr__(self, "language", language_code(self.language, entry.languages))
            self._check_script(self.language)
        self._check_ranges()
        self._check_engine(entry)
        if self.multilingual and self.language is not None:
            raise SettingsError(
                "asr.multilingual detects the language of each chunk, but asr.language sets one for all",
                "Leave one of them out.",
            )

    def _check_ranges(self) -> None:
        """Raise SettingsError for numbers out of range."""
        for name in ("batch_size", "workers"):
            if getattr(self, name) < 0:
                raise SettingsError(f"asr.{name} must not be negative, but is {getattr(self, name)}")
        if self.beam_size < 1:
            raise SettingsError(f"asr.beam_size must be at least 1, but is {self.beam_size}")
        if not self.temperatures or min(self.temperatures) < 0:
            raise SettingsError(f"asr.temperatures must be numbers of at least 0, not {self.temperatures}")

    def _check_script(self, language: str) -> None:
        """Raise SettingsError if the language is not written in the script."""
        known = SCRIPTS.get(language, ())
        if self.script not in ("auto", *known):
            scripts = f"is written in the scripts {' and '.join(known)}" if known else "has a single script"
            raise SettingsError(
                f"asr.script is {self.script}, but {name_of(language).title()} {scripts}", "Leave it out."
            )

    def _check_engine(self, entry: EngineEntry) -> None:
        """Raise SettingsError for settings that the engine or the model does not support.

        A default is accepted in any case, because `supported_settings` replaces it by the neutral value.
        """
        unsupported = entry.unsupported | ({"model"} if entry.models is None else set())
        for name in sorted(unsupported):
            if getattr(self, name) not in (NEUTRAL[name], _DEFAULTS[name]):
                raise SettingsError(
                    f"the engine {self.engine} does not support asr.{name}, which is {getattr(self, name)!r}",
                    f"Leave asr.{name} out, or use another engine.",
                )
        if self.task == "translate" and (models := entry.load_models()) is not None:
            models.check(self.model, self.task)


_DEFAULTS = {field.name: field.default for field in fields(AsrSettings) if field.default is not MISSING}


def second_pass(settings: AsrSettings, language: str | None = None) -> AsrSettings:
    """Return the settings for a second decoding of speech without words: once and greedily, to limit the time.

    A clip takes at most 224 decoder steps, the length of Whisper's longest text. `language` is that of the recording,
    None to keep the setting.
    """
    settings = replace(settings, temperatures=(0.0,), beam_size=1)
    return settings if language is None else replace(settings, language=language)
