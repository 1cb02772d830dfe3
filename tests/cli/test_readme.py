"""The READMEs of the command line and of the settings agree with the code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from meetscribe import Meta, Segment, Transcript, Word, cli, errors, settings
from meetscribe.cli.batch import MANIFEST
from meetscribe.cli.flags import FLAGS
from meetscribe.cli.options import PROGRESS_KINDS
from meetscribe.errors import MeetscribeError
from meetscribe.formats import srt
from meetscribe.settings import ROOMS, Settings, load_settings
from meetscribe.settings.whisperx_names import ALL_FORMATS, readme_table

CLI = (Path(cli.__file__).parent / "README.md").read_text(encoding="utf-8")
SETTINGS = (Path(settings.__file__).parent / "README.md").read_text(encoding="utf-8")


def first_column(text: str, head: str) -> list[str]:
    """Return the first cells of the table whose header starts with `head`."""
    lines = text[text.index(f"| {head} |") :].splitlines()
    return [line.strip("|").split("|")[0].strip().strip("`") for line in lines[2 : lines.index("")]]


def test_exit_codes() -> None:
    """The table lists the exit codes of all errors, success and interruption."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MeetscribeError)]
    assert set(map(int, first_column(CLI, "code"))) == {kind.exit_code for kind in kinds} | {0, 130, 143}


def test_progress_and_batches() -> None:
    assert first_column(CLI, "`--progress`") == list(PROGRESS_KINDS)
    assert MANIFEST in CLI


def test_the_example_of_a_settings_file_loads(place: Path) -> None:
    (place / "meetscribe.toml").write_text(re.findall(r"```toml\n(.*?)```", SETTINGS, re.DOTALL)[0])
    loaded = load_settings()
    assert (loaded.asr.language, loaded.diarization.max_speakers) == ("en", 4)


def test_the_python_example_runs(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, object] = {}
    exec(re.findall(r"```python\n(.*?)```", SETTINGS, re.DOTALL)[0], names)
    assert isinstance(names["settings"], Settings)
    assert names["settings"].asr.model == "large-v3"


def test_flags_and_variables_in_the_text_exist() -> None:
    tables = "|".join(ROOMS)
    used = set(re.findall(rf"--set ((?:{tables})\.\w+)", SETTINGS)) | set(re.findall(r"--(model|config)", SETTINGS))
    assert used == {"attribution.pause", "model", "config"}
    assert "--model" in {flag.name for flag in FLAGS}


def test_the_table_for_users_of_whisperx_is_generated() -> None:
    assert readme_table() in CLI
    assert f"`-f all` is `-f {ALL_FORMATS}`" in CLI


def test_the_files_that_the_table_describes_are_written(tmp_path: Path) -> None:
    """Names stand where the table for users of whisperX says."""
    words = [Word(text, start, start + 0.5, speaker=name) for text, start, name in (("So.", 1.5, "A"), ("Oh.", 3, "A"))]
    transcript = Transcript(tuple(Segment((word,)) for word in words), Meta("en", 5.0))

    def written(name: str) -> str:
        transcript.save(tmp_path / name)
        return (tmp_path / name).read_text(encoding="utf-8")

    assert written("a.srt").count("A: ") == 1
    assert srt.write(transcript, names="always").count("A: ") == 2
    assert "<v A>So.</v>" in written("a.vtt")
    assert written("a.txt").startswith("[0:00:01.5] A: So.")
    assert written("a.tsv").splitlines()[0] == "start\tend\ttext\tspeaker"
    assert written("a.labels.txt").splitlines()[0].endswith("\tA: So.")
    assert set(json.loads(written("a.whisperx.json"))) >= {"segments", "word_segments"}
