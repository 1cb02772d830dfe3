"""Equivalents of whisperX's flags and settings: hints for unknown names, and the table in `cli/README.md`."""

from __future__ import annotations

import shlex
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A whisperX flag with an example value, and the equivalent arguments of `meetscribe run`.

    `setting` is the setting that the arguments change. `note` explains a difference or, without `arguments`, why there
    is no equivalent. `otherwise` is the hint for the other value of a flag that is given True or False. If `inverted`,
    the setting has the opposite meaning.
    """

    whisperx: str
    arguments: str = ""
    setting: str = ""
    note: str = ""
    otherwise: str = ""
    inverted: bool = False

    @property
    def flag(self) -> str:
        """The flag without its value."""
        return self.whisperx.split()[0]

    @property
    def name(self) -> str:
        """The name of the parameter in whisperX's Python functions."""
        return self.flag.lstrip("-").replace("-", "_")

    def hint(self, value: str | None = None) -> str:
        """Return the replacement of the flag as a sentence, with `value` in place of the example value."""
        if self.otherwise and value not in (None, self._example):
            text = self.otherwise
        else:
            use = f"use {self._with(value)}" if self.arguments else ""
            text = f"{use} ({self.note})" if use and self.note else use or self.note
        return f"{text[:1].upper()}{text[1:]}."

    @property
    def _example(self) -> str:
        return self.whisperx.removeprefix(self.flag).strip()

    def _with(self, value: str | None) -> str:
        """Return the arguments with a value in place of the example, if they end with the example."""
        if value is None or not self._example or not self.arguments.endswith(self._example):
            return self.arguments
        return self.arguments.removesuffix(self._example) + shlex.quote(value)


ALL_FORMATS = "json,txt,srt,vtt,tsv,audacity"
"""The formats that correspond to -f all of whisperX; replace `json` by `whisperx` for JSON in whisperX's layout."""

_DEFAULT = "this is the default, so omit the option"

EQUIVALENTS = (
    Equivalent("--diarize", "", "diarization.enabled", "speakers are labelled by default; --no-diarize turns it off"),
    Equivalent(
        "--hf_token T", "", "diarization.token", "set the variable HF_TOKEN; arguments are visible to other users"
    ),
    Equivalent("--min_speakers 2", "--min-speakers 2", "diarization.min_speakers"),
    Equivalent("--max_speakers 4", "--max-speakers 4", "diarization.max_speakers"),
    Equivalent("--num_speakers 3", "--speakers 3", "diarization.speakers"),
    Equivalent("--diarize_model DIR", "--set diarization.pipeline=DIR", "diarization.pipeline"),
    Equivalent("--speaker_embeddings", note="voiceprints are not written, because they are biometric data"),
    Equivalent("--batch_size 4", "--batch-size 4", "asr.batch_size"),
    Equivalent("--compute_type int8", "--compute-type int8", "asr.compute_type"),
    Equivalent(*("--fp16 False", "--compute-type float32", "asr.compute_type"), otherwise="use --compute-type float16"),
    Equivalent("--device_index 1", "--device cuda:1", "run.device"),
    Equivalent("--model_dir DIR", "--weights DIR", "run.weights", "the variable HF_HOME moves downloaded models"),
    Equivalent("--model_cache_only True", "--offline", "run.offline", otherwise=_DEFAULT),
    Equivalent("--initial_prompt TEXT", "--prompt TEXT", "asr.prompt"),
    Equivalent('--hotwords "A, B"', "--vocabulary FILE", "asr.vocabulary", "a file with one term per line"),
    Equivalent("--suppress_numerals", "--set asr.numerals=false", "asr.numerals", inverted=True),
    Equivalent("--suppress_tokens -1", note="special tokens are always suppressed"),
    Equivalent("--beam_size 5", "--beam-size 5", "asr.beam_size"),
    Equivalent(
        "--temperature 0", "--set asr.temperatures=0", "asr.temperatures", "the list of all temperatures to try"
    ),
    Equivalent(
        *("--temperature_increment_on_fallback 0.5", "--set asr.temperatures=0,0.5,1", "asr.temperatures"),
        note="all temperatures in steps of 0.5",
    ),
    Equivalent("--logprob_threshold -1", "--set asr.log_prob_threshold=-1", "asr.log_prob_threshold"),
    Equivalent("--no_speech_threshold 0.6", "--set asr.no_speech_threshold=0.6", "asr.no_speech_threshold"),
    Equivalent(
        "--compression_ratio_threshold 2.4",
        "--set asr.compression_ratio_threshold=2.4",
        "asr.compression_ratio_threshold",
    ),
    Equivalent("--condition_on_previous_text True", note="chunks are decoded independently of each other"),
    Equivalent("--best_of 5", note="this setting is not available"),
    Equivalent("--patience 1", note="this setting is not available"),
    Equivalent("--length_penalty 1", note="this setting is not available"),
    Equivalent("--chunk_size 20", "--set vad.max_chunk=20", "vad.max_chunk"),
    Equivalent("--vad_onset 0.4", "--set vad.threshold=0.4", "vad.threshold"),
    Equivalent("--vad_offset 0.3", "--set vad.threshold=0.3", "vad.threshold", "there is one threshold"),
    Equivalent("--vad_method silero", note="speech is always detected by Silero"),
    Equivalent("--no_align", "--no-align", "alignment.enabled", inverted=True),
    Equivalent("--align_model DIR", "--set alignment.model=DIR", "alignment.model"),
    Equivalent("--return_char_alignments", "--char-times", "alignment.char_times"),
    Equivalent("--interpolate_method linear", note="every word has times, and says how they are known (timing)"),
    Equivalent("--segment_resolution sentence", note="segments always end at sentences"),
    Equivalent("--output_dir DIR", "-o DIR"),
    Equivalent("--output_format all", note=f"use -f, such as -f srt; all is -f {ALL_FORMATS}, and aud is audacity"),
    Equivalent("--max_line_width 42", "--set srt.width=42", note="likewise for vtt"),
    Equivalent("--max_line_count 2", "--set srt.preset=netflix", note="all presets have two lines"),
    Equivalent("--highlight_words True", "--set srt.highlight=true", note="likewise for vtt", otherwise=_DEFAULT),
    Equivalent("--print_progress True", "--progress lines", otherwise="use --progress none"),
    Equivalent("--verbose False", "--quiet", otherwise=_DEFAULT),
    Equivalent("--log-level debug", "--debug"),
    Equivalent("--python-version", note="meetscribe doctor describes the installation"),
)
"""All flags of whisperX 3.8 that differ here, and `num_speakers` of its DiarizationPipeline."""

SPEAKER_FLAGS = frozenset(row.flag for row in EQUIVALENTS if row.setting.startswith("diarization."))
"""The flags of whisperX that concern speakers."""

_BY_FLAG = {row.flag: row for row in EQUIVALENTS}
_BY_NAME = {row.name: row for row in EQUIVALENTS}


def flag_hint(flag: str, value: str | None = None) -> str | None:
    """Return the hint for a whisperX flag with this value, None for other flags.

    >>> flag_hint("--chunk_size", "15")
    'Use --set vad.max_chunk=15.'
    """
    return _BY_FLAG[flag].hint(value) if flag in _BY_FLAG else None


def setting_hint(name: str) -> str | None:
    """Return the hint for an unknown setting whose name comes from whisperX, None for other names.

    >>> setting_hint("chunk_size"), setting_hint("vad_method")
    ("did you mean 'vad.max_chunk'?", 'speech is always detected by Silero')
    """
    row = _BY_NAME.get(name)
    if row is None:
        return None
    if not row.setting:
        return row.note or f"use {row.arguments}"
    return f"did you mean {row.setting!r}{', which has the opposite meaning' if row.inverted else ''}?"


def readme_table() -> str:
    """Return the table of equivalents in Markdown."""
    lines = ["| whisperX | meetscribe |", "|---|---|"]
    for row in EQUIVALENTS:
        cells = [f"`{row.arguments}`" if row.arguments else "", row.note]
        lines.append(f"| `{row.whisperx}` | {', '.join(filter(None, cells))} |")
    return "\n".join(lines)
