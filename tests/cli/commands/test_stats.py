"""`meetscribe stats`: text, JSON, CSV and Parquet, for transcripts, turns and several meetings."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from meetscribe.analytics import TABLES, AnalyticsSettings
from meetscribe.analytics import stats as compute
from meetscribe.cli.application import application
from meetscribe.cli.display.statistics import print_table
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.analytics.test_statistics import TALK, transcript


def stats(*arguments: object, code: int = 0, input: bytes | None = None) -> Result:
    """Run the command and check its exit code."""
    given = ["stats", *map(str, arguments)]
    result = CliRunner().invoke(application, given, prog_name="meetscribe", input=input)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """Return the file of a transcript of three speakers."""
    transcript().save(tmp_path / "talk.json")
    return tmp_path / "talk.json"


@pytest.mark.parametrize("width", [80, 120])
def test_text_fits_the_terminal(talk: Path, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """Summary, speakers and keywords are printed; no line is longer than the terminal is wide."""
    monkeypatch.setenv("COLUMNS", str(width))
    output = stats(talk).output
    assert max(map(cell_len, output.splitlines())) <= width
    for part in ("talk\n", "0:01:10.0, 3 speakers", "decided by overlap", "50.6 %", "  Ben: train, travel, hotel"):
        assert part in output


@pytest.mark.parametrize("suffix", ["json", "vtt", "srt", "rttm", "csv", "parquet", "whisperx"])
def test_any_transcript_has_statistics(tmp_path: Path, suffix: str) -> None:
    """Our JSON, whisperX's, subtitles with voices, tables and turns alone give the same talk times."""
    file = tmp_path / f"talk.{'json' if suffix == 'whisperx' else suffix}"
    transcript().save(file, suffix)
    found = json.loads(stats(file, "--json").stdout)
    times = {row["speaker"]: row["talk_time_s"] for row in found["speakers"]}
    assert times == pytest.approx({"Anna": 31.8, "Ben": 30.0, "Cleo": 1.0}, abs=0.5)


def test_json_has_all_tables(talk: Path) -> None:
    """Unknown values are null; settings and measured errors are there."""
    found = json.loads(stats(talk, "--json", "--window", "35").stdout)
    assert set(TABLES) <= set(found)
    assert (found["settings"]["window"], len(found["timeline"])) == (35, 6)
    assert found["speakers"][2]["speaking_rate_per_min"] is None
    assert {"speakers", "meeting", "transitions", "gaps"} <= set(found["trust"])


def test_printed_tables_mark_what_is_often_wrong(talk: Path) -> None:
    """The head of such a column has the mark; CSV has a column about trust instead."""
    head = stats(talk, "--table", "speakers").stdout.splitlines()[0].split()
    assert {"talk_share", "~interruptions_made"} <= set(head)
    assert not [name for name in head if name.startswith("trust")]
    assert pd.read_csv(io.StringIO(stats(talk, "--csv").stdout))["trust_interruptions_made"].tolist() == ["low"] * 3


@pytest.mark.parametrize("table", ["speakers", "meeting"])
def test_wide_tables_are_turned_on_a_terminal(
    table: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line has the values of one metric, in blocks that fit; elsewhere, a line has those of a speaker."""
    monkeypatch.setenv("COLUMNS", "60")
    found = compute(*[transcript()] * 3)
    print_table(found, table)
    assert max(map(cell_len, capsys.readouterr().out.splitlines())) > 60
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_table(found, table)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(cell_len, lines)) <= 60
    blocks = [line.split()[1:] for line in lines if line.startswith("meeting ")]
    rows, columns = len(found.rows(table)), len({line.split()[0] for line in lines if line})
    assert sum(map(len, blocks)) >= rows
    assert len(lines) == len(blocks) * columns + len(blocks) - 1


def test_turns_without_words_say_how_they_are_counted(talk: Path, tmp_path: Path) -> None:
    """The turns of a transcript and of its RTTM may differ, and the output of the latter says why."""
    transcript().save(tmp_path / "talk.rttm")
    printed = " ".join(stats(tmp_path / "talk.rttm").output.split())
    assert "at most 1 s within a turn of another speaker counts as a backchannel" in printed
    assert "a backchannel" not in " ".join(stats(talk).output.split())


def test_csv_on_stdout_and_in_files(talk: Path, tmp_path: Path) -> None:
    """A table on stdout reads back; a folder gets one file per table and no file is replaced by accident."""
    printed = pd.read_csv(io.StringIO(stats(talk, "--csv").stdout))
    assert printed["speaker"].tolist() == ["Anna", "Ben", "Cleo"]

    folder = tmp_path / "tables"
    stats(talk, "--csv", "-o", folder)
    assert sorted(path.stem for path in folder.iterdir()) == sorted(TABLES)
    stats(talk, "--csv", "-o", folder)
    (folder / "turns.csv").write_text("edited")
    assert stats(talk, "--csv", "-o", folder, code=3).stderr.startswith("error: ")
    stats(talk, "--csv", "-o", folder, "--overwrite")


def test_parquet_keeps_types(talk: Path, tmp_path: Path) -> None:
    """Whole numbers stay whole numbers, also beside unknown values."""
    pytest.importorskip("pyarrow")
    stats(talk, "--parquet", "-o", tmp_path / "p", "--table", "speakers")
    frame = pd.read_parquet(tmp_path / "p" / "speakers.parquet", dtype_backend="numpy_nullable")
    assert str(frame["turns"].dtype) == "Int64"


def test_several_meetings_by_speaker(talk: Path, tmp_path: Path) -> None:
    """One row per person; files of one name in two folders are two meetings."""
    (tmp_path / "b").mkdir()
    transcript(talk=TALK[:2]).save(tmp_path / "b" / "talk.json")
    found = json.loads(stats(talk, tmp_path / "b" / "talk.json", "--by", "speaker", "--json").stdout)
    assert len(found["meeting"]) == len({row["meeting"] for row in found["meeting"]}) == 2
    assert {row["speaker"]: row["meetings"] for row in found["speakers"]} == {"Anna": 2, "Ben": 2, "Cleo": 1}
    assert "All meetings" in stats(talk, tmp_path / "b", "--by", "speaker").output


def test_a_folder_with_subfolders(tmp_path: Path) -> None:
    """A batch mirrors the folders of the recordings; meetings of one name are kept apart."""
    for place in ("", "a", "b"):
        (tmp_path / place).mkdir(exist_ok=True)
        transcript().save(tmp_path / place / f"{'talk' if place else 'other'}.json")
    names = [row["meeting"] for row in json.loads(stats(tmp_path, "--json").stdout)["meeting"]]
    assert names == ["other", "talk", f"talk ({tmp_path / 'b'})"]


def test_thresholds_come_from_all_sources(talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag overrides --set, which overrides the variable and the file."""
    file = tmp_path / "own.toml"
    file.write_text("[analytics]\nwindow = 10\nmonologue = 20\nturn_pause = 2\nmin_words = 7\n")
    monkeypatch.setenv("MEETSCRIBE_ANALYTICS__MONOLOGUE", "29")
    given = ["--config", file, "--set", "analytics.turn_pause=3", "--set", "analytics.window=20", "--window", "35"]
    found = json.loads(stats(talk, *given, "--json").stdout)
    expected = {"window": 35, "turn_pause": 3, "monologue": 29, "min_words": 7}
    assert found["settings"].items() >= expected.items()
    assert found["speakers"][0]["monologues"] == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("analytics.windo=3", "did you mean 'window'"),
        ("asr.model=x", "--set analytics.KEY=VALUE"),
        ("analytics.window", "--set analytics.KEY=VALUE"),
        ("analytics.window=-1", "window must be"),
        ("analytics.window=x", "is not a number"),
    ],
)
def test_wrong_thresholds_are_refused(talk: Path, wrong: str, message: str) -> None:
    """The error says what is wrong with the argument of --set."""
    assert message in stats(talk, "--set", wrong, code=2).stderr


def test_help_names_every_threshold() -> None:
    """The help lists the keys of the table."""
    help = stats("--help").stdout
    assert all(field.name in help for field in fields(AnalyticsSettings))


def test_silent_participants_are_counted(talk: Path) -> None:
    """--participant adds a person without a word."""
    found = json.loads(stats(talk, "--participant", "Dan", "--json").stdout)
    assert found["meeting"][0]["speakers"] == 4
    assert found["speakers"][-1]["speaker"] == "Dan"


def test_stdin_is_read(talk: Path) -> None:
    """A hyphen stands for stdin."""
    assert "3 speakers" in stats("-", input=talk.read_bytes()).output


def test_without_speakers_the_error_names_the_remedy(tmp_path: Path, talk: Path) -> None:
    """A transcript without speakers is an error alone, and a warning among others."""
    Transcript((Segment((Word("Hi.", 0, 1),)),), Meta("en", 1)).save(tmp_path / "plain.json")
    assert "meetscribe attribute" in stats(tmp_path / "plain.json", code=3).stderr
    assert "no speaker is known in plain" in stats(tmp_path / "plain.json", talk).stderr


@pytest.mark.parametrize(
    "options",
    [["--json", "--csv"], ["-o", "x"], ["--csv", "--table", "turns", "--table", "gaps"], ["--window", "0", "--json"]],
)
def test_contradictions_are_refused(talk: Path, options: list[str]) -> None:
    """Each is a usage error."""
    stats(talk, *options, code=2)


def test_hostile_names_change_neither_terminal_nor_spreadsheet(tmp_path: Path) -> None:
    """Control characters are not printed, formulas are defused, long names are cut."""
    names = ["\x1b[31mred", "=HYPERLINK(1)", "n" * 300, "名" * 60, "a\nb"]
    turns = tuple(Turn(30.0 * i, 30.0 * i + 25, name) for i, name in enumerate(names))
    Transcript((), Meta("en", 150, turns=turns)).save(tmp_path / "hostile.json")
    for arguments in ([], ["--table", "speakers"]):
        assert "\x1b" not in stats(tmp_path / "hostile.json", *arguments).output
    assert max(map(cell_len, stats(tmp_path / "hostile.json").output.splitlines())) <= 100
    assert "'=HYPERLINK(1)" in stats(tmp_path / "hostile.json", "--csv").stdout
