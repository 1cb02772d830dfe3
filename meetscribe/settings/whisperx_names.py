"""Equivalents of whisperX's flags and settings: hints for unknown names, and the table in `cli/README.md`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A whisperX flag with an example value, and the equivalent arguments of `meetscribe run`.

    `setting` is the setting that the arguments change. `note` explains a difference or, without `arguments`, why there
    is no equivalent.
    """

    whisperx: str
    arguments: str = ""
    setting: str = ""
    note: str = ""

    @property
    def flag(self) -> str:
        """The flag without its value."""
        return self.whisperx.split()[0]

    @property
    def name(self) -> str:
        """The name of the parameter in whisperX's Python functions."""
        return self.flag.lstrip("-").replace("-", "_")

    @property
    def hint(self) -> str:
        """The replacement of the flag, as a sentence."""
        use = f"use {self.arguments}" if self.arguments else ""
        text = f"{use} ({self.note})" if use and self.note else use or self.note
        return f"{text[:1].upper()}{text[1:]}."


ALL_FORMATS = "json,txt,srt,vtt,tsv,audacity"
"""The formats that correspond to -f all of whisperX; replace `json` by `whisperx` for JSON in whisperX's layout."""

EQUIVALENTS = (
    Equivalent("--diarize", "", "diarization.enabled", "speakers are labelled by default; --no-diarize turns it off"),
    Equivalent("--hf_token T", "--set diarization.token=T", "diarization.token", "or the variable HF_TOKEN"),
    Equivalent("--min_speakers 2", "--min-speakers 2", "diarization.min_speakers"),
    Equivalent("--max_speakers 4", "--max-speakers 4", "diarization.max_speakers"),
    Equivalent("--num_speakers 3", "--speakers 3", "diarization.speakers"),
    Equivalent("--diarize_model DIR", "--set diarization.pipeline=DIR", "diarization.pipeline"),
    Equivalent("--speaker_embeddings", note="voiceprints are not written, because they are biometric data"),
    Equivalent("--batch_size 4", "--batch-size 4", "asr.batch_size"),
    Equivalent("--compute_type int8", "--compute-type int8", "asr.compute_type"),
    Equivalent("--fp16 False", "--compute-type float32", "asr.compute_type"),
    Equivalent("--device_index 1", "--device cuda:1", "run.device"),
    Equivalent("--model_dir DIR", "--weights DIR", "run.weights", "the variable HF_HOME moves downloaded models"),
    Equivalent("--model_cache_only True", "--offline", "run.offline"),
    Equivalent("--initial_prompt TEXT", "--prompt TEXT", "asr.prompt"),
    Equivalent('--hotwords "A, B"', "--vocabulary FILE", "asr.vocabulary", "a file with one term per line"),
    Equivalent("--suppress_numerals", "--set asr.numerals=false", "asr.numerals"),
    Equivalent("--suppress_tokens -1", note="special tokens are always suppressed"),
    Equivalent("--beam_size 5", "--beam-size 5", "asr.beam_size"),
    Equivalent(
        "--temperature 0", "--set asr.temperatures=0", "asr.temperatures", "the list of all temperatures to try"
    ),
    Equivalent("--temperature_increment_on_fallback 0.5", "--set asr.temperatures=0,0.5,1", "asr.temperatures"),
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
    Equivalent("--no_align", "--no-align", "alignment.enabled"),
    Equivalent("--align_model DIR", "--set alignment.model=DIR", "alignment.model"),
    Equivalent("--return_char_alignments", "--char-times", "alignment.char_times"),
    Equivalent("--interpolate_method linear", note="every word has times, and says how they are known (timing)"),
    Equivalent("--segment_resolution sentence", note="segments always end at sentences"),
    Equivalent("--output_dir DIR", "-o DIR"),
    Equivalent("--output_format all", note=f"use -f, such as -f srt; all is -f {ALL_FORMATS}, and aud is audacity"),
    Equivalent("--max_line_width 42", "--set srt.width=42", note="likewise for vtt"),
    Equivalent("--max_line_count 2", "--set srt.preset=netflix", note="all presets have two lines"),
    Equivalent("--highlight_words True", "--set srt.highlight=true", note="likewise for vtt"),
    Equivalent("--print_progress True", "--progress lines"),
    Equivalent("--verbose False", "--quiet"),
    Equivalent("--log-level debug", "--debug"),
    Equivalent("--python-version", note="meetscribe doctor describes the installation"),
)
"""All flags of whisperX 3.8 that differ here, and `num_speakers` of its DiarizationPipeline."""

SPEAKER_FLAGS = frozenset(row.flag for row in EQUIVALENTS if row.setting.startswith("diarization."))
"""The flags of whisperX that concern speakers."""

_BY_FLAG = {row.flag: row for row in EQUIVALENTS}
_BY_NAME = {row.name: row for row in EQUIVALENTS}


def flag_hint(flag: str) -> str | None:
    """Return the hint for a whisperX flag, None for other flags.

    >>> flag_hint("--chunk_size")
    'Use --set vad.max_chunk=20.'
    """
    return _BY_FLAG[flag].hint if flag in _BY_FLAG else None


def setting_hint(name: str) -> str | None:
    """Return the hint for an unknown setting whose name comes from whisperX, None for other names.

    >>> setting_hint("chunk_size"), setting_hint("vad_method")
    ("did you mean 'vad.max_chunk'?", 'speech is always detected by Silero')
    """
    row = _BY_NAME.get(name)
    if row is None:
        return None
    return f"did you mean {row.setting!r}?" if row.setting else row.note or f"use {row.arguments}"


def readme_table() -> str:
    """Return the table of equivalents in Markdown."""
    lines = ["| whisperX | meetscribe |", "|---|---|"]
    for row in EQUIVALENTS:
        cells = [f"`{row.arguments}`" if row.arguments else "", row.note]
        lines.append(f"| `{row.whisperx}` | {', '.join(filter(None, cells))} |")
    return "\n".join(lines)
