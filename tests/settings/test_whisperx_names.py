"""The equivalents of whisperX's flags and settings exist, and no flag of whisperX is missing."""

from __future__ import annotations

import re
import shlex
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import pytest

from meetscribe.cli.commands import minutes, run, transcribe
from meetscribe.cli.flags import format_options_from, overrides
from meetscribe.errors import SettingsError
from meetscribe.formats import parse_names
from meetscribe.settings import Settings, find_key, load_settings
from meetscribe.settings.whisperx_names import ALL_FORMATS, EQUIVALENTS, Equivalent


def whisperx_flags() -> set[str]:
    """Return the long flags that the installed whisperX has."""
    spec = find_spec("whisperx")
    assert spec is not None and spec.origin is not None
    source = Path(spec.origin).with_name("__main__.py").read_text(encoding="utf-8")
    return set(re.findall(r'add_argument\("(--[\w-]+)"', source))


def error(*arguments: str, command: click.Command = run.command) -> str:
    """Return the error for arguments of a command."""
    with pytest.raises(click.UsageError) as raised:
        command.make_context("meetscribe", ["a.wav", *arguments])
    return raised.value.format_message()


def test_every_flag_of_whisperx_is_the_same_or_has_an_equivalent() -> None:
    flags = whisperx_flags()
    own = {name for parameter in run.command.params for name in parameter.opts}
    assert len(flags) > 40
    assert flags - own - {"--version"} == {row.flag for row in EQUIVALENTS} - {"--num_speakers"}


@pytest.mark.parametrize("row", [row for row in EQUIVALENTS if row.arguments], ids=lambda row: row.flag)
def test_equivalents_are_valid(row: Equivalent, work_folder: Path) -> None:
    """The arguments are accepted by `meetscribe run`, and change the setting that the row names."""
    (work_folder / "FILE").write_text("Viterbi\n")
    given = run.command.make_context("run", ["a.wav", *shlex.split(row.arguments)]).params
    format_options_from(given, ["srt"])
    assert [*overrides(given)] == ([row.setting] if row.setting else [])
    load_settings(overrides=overrides(given))


def test_all_formats_exist() -> None:
    assert ",".join(parse_names(ALL_FORMATS)) == ALL_FORMATS
    assert f"whisperX's 'all' is {ALL_FORMATS}. For JSON in whisperX's layout, use whisperx" in error("-f", "all")
    assert "there is no format 'aud'. whisperX's 'aud' is audacity." in error("-f", "json,aud")
    assert error("--output_format", "all").endswith(f"all is -f {ALL_FORMATS}, and aud is audacity.")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--diarize"], "Speakers are labelled by default; --no-diarize turns it off."),
        (["--chunk_size", "20"], "Use --set vad.max_chunk=20."),
        (["--vad_onset=0.4"], "Use --set vad.threshold=0.4."),
        (["--hotwords", "A, B"], "Use --vocabulary FILE (a file with one term per line)."),
        (["--compute_type", "int8"], "Use --compute-type int8."),
        (["--batch_size", "16"], "Use --batch-size 16."),
        (["--device_index", "2"], "Use --device cuda:2."),
        (["--logprob_threshold", "-2"], "Use --set asr.log_prob_threshold=-2."),
        (["--initial_prompt=So, well"], "Use --prompt 'So, well'."),
        (["--hf_token", "hf_x"], "Set the variable HF_TOKEN; arguments are visible to other users."),
        (["--fp16", "True"], "Use --compute-type float16."),
        (["--fp16", "False"], "Use --compute-type float32."),
        (["--fp16"], "Use --compute-type float32."),
        (["--verbose", "True"], "This is the default, so omit the option."),
        (["--patience", "2"], "This setting is not available."),
    ],
)
def test_flags_of_whisperx_are_answered(arguments: list[str], hint: str) -> None:
    assert (
        error(*arguments) == f"No such option: {arguments[0].partition('=')[0]}, which is an option of whisperX. {hint}"
    )


def test_one_attempt_shows_the_replacements_of_all_flags_of_whisperx() -> None:
    first, *others = error("--diarize", "--chunk_size=20", "--language", "de", "--hotwords", "A").splitlines()
    assert first.startswith("No such option: --diarize, which is an option of whisperX.")
    assert others == [
        "--chunk_size: Use --set vad.max_chunk=20.",
        "--hotwords: Use --vocabulary FILE (a file with one term per line).",
    ]


def test_other_flags_and_commands_are_answered_as_usual() -> None:
    assert "--model" in error("--modle", "x")
    assert error("--min_speakers", "2", command=transcribe.command).endswith(
        "meetscribe run, which labels the speakers."
    )
    assert "whisperX" not in error("--chunk_size", "3", command=minutes.write)  # its --model is a language model


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("asr.hotwords", "did you mean 'asr.vocabulary'?"),
        ("vad.chunk_size", "did you mean 'vad.max_chunk'?"),
        ("vad_onset", "did you mean 'vad.threshold'?"),
        ("vad.vad_onset", "did you mean 'vad.threshold'?"),
        ("asr.patience", "this setting is not available"),
        ("asr.suppress_numerals", "did you mean 'asr.numerals', which has the opposite meaning?"),
    ],
)
def test_settings_of_whisperx_are_answered(name: str, hint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In files, in --set, in variables and in mappings."""
    with pytest.raises(SettingsError) as raised:
        find_key(name)
    assert str(raised.value).endswith(hint)
    monkeypatch.setenv(f"MEETSCRIBE_ASR__{name.rpartition('.')[2].upper()}", "1")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert hint in str(raised.value)


def test_a_mapping_with_names_of_whisperx_is_answered() -> None:
    given: Any = {"hotwords": ["A"]}
    with pytest.raises(SettingsError, match=r"did you mean 'asr.vocabulary'"):
        Settings(asr=given)
    onset: Any = {"onset": 0.4}  # an item of the vad_options of whisperX's load_model is called vad_onset
    with pytest.raises(SettingsError, match=r"did you mean 'vad.threshold'"):
        Settings(vad=onset)
