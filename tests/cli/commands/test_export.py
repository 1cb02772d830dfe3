from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application
from meetscribe.formats import FORMATS, load, save, write
from meetscribe.testing import synthetic_meeting
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word

Call = Callable[..., Result]

TRANSCRIPT = synthetic_meeting(seed=2).transcript
WRITTEN = [name for name, row in FORMATS.items() if row.writes]

STARTS = range(0, 3600, 4)
"""The start times of the utterances in an hour."""


@pytest.fixture
def meeting(place: Path) -> Path:
    """A transcript in native JSON in the current folder."""
    save(TRANSCRIPT, place / "meeting.json")
    return place / "meeting.json"


def pipe(data: bytes, *arguments: str) -> Result:
    """Run `meetscribe export` with this on stdin."""
    return CliRunner().invoke(application, ["export", *arguments], input=data, prog_name="meetscribe")


def files(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


def test_text_is_printed(meeting: Path, call: Call) -> None:
    """Without formats and output, the transcript is printed as text; nothing is written."""
    done = call("export", "meeting.json")
    assert (done.exit_code, done.stdout) == (0, f"{TRANSCRIPT}\n")
    assert files(meeting.parent) == {"meeting.json"}


@pytest.mark.parametrize("name", WRITTEN)
def test_one_format_goes_to_stdout(meeting: Path, call: Call, name: str) -> None:
    """Stdout receives exactly the bytes of the single format."""
    done = call("export", "meeting.json", "-f", name)
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    if name not in ("docx", "parquet"):
        assert done.stdout_bytes == write(TRANSCRIPT, name)
    else:
        assert len(done.stdout_bytes) > 1000


def test_an_unknown_recording_is_named_after_the_transcript(meeting: Path, call: Call, place: Path) -> None:
    """In the formats whose lines name it; the name of a known recording is kept."""
    save(TRANSCRIPT, place / "talk.srt")
    assert call("export", "talk.srt", "-f", "rttm").stdout.startswith("SPEAKER talk 1 ")
    assert call("export", "talk.srt", "-f", "stm,json", "-o", "out/").exit_code == 0
    assert (place / "out/talk.stm").read_text().startswith("talk 1 ")
    assert load(place / "out/talk.json").recording is None
    save(TRANSCRIPT, place / "copy.json")
    assert call("export", "copy.json", "-f", "rttm").stdout.startswith("SPEAKER meeting 1 ")


def test_pipes(meeting: Path) -> None:
    """- reads stdin, and the format is detected; -o - writes to stdout."""
    done = pipe(write(TRANSCRIPT, "vtt"), "-", "-f", "json", "-o", "-")
    read = Transcript.from_json(done.stdout_bytes)
    assert [word.text for word in read.words] == [word.text for word in TRANSCRIPT.words]
    assert read.speakers == TRANSCRIPT.speakers
    done = pipe(b"what is this", "-", "-f", "json")
    assert done.exit_code == 3
    assert "stdin: text in an unknown format" in done.stderr


def test_a_transcript_without_words_is_a_warning(place: Path, call: Call) -> None:
    """A transcript with turns only is exported with a warning."""
    (place / "m.rttm").write_text("SPEAKER m 1 0.5 1.5 <NA> <NA> Anna <NA> <NA>\n")
    done = call("export", "m.rttm", "-f", "json")
    assert Transcript.from_json(done.stdout).turns == (Turn(0.5, 2.0, "Anna"),)
    assert "warning: m.rttm contains no words, only turns" in done.stderr


def test_several_formats_go_to_a_folder(meeting: Path, call: Call, place: Path) -> None:
    """Several formats are written to files named after the transcript, in the current folder or the given one."""
    assert call("export", "meeting.json", "-f", "vtt,whisperx").exit_code == 0
    assert files(place) == {"meeting.json", "meeting.vtt", "meeting.whisperx.json"}
    done = call("export", "meeting.whisperx.json", "-f", "srt,whisperx", "-o", "new/folder")
    assert done.exit_code == 0, done.output
    assert files(place / "new" / "folder") == {"meeting.srt", "meeting.whisperx.json"}
    assert done.stderr.count("wrote ") == 2
    assert done.stdout == ""


def test_the_suffix_names_the_format(meeting: Path, call: Call, place: Path) -> None:
    """A file is written in the format of its suffix, or in that of -f."""
    assert call("export", "meeting.json", "-o", "talk.TextGrid").exit_code == 0
    assert (place / "talk.TextGrid").read_bytes() == write(TRANSCRIPT, "textgrid")
    assert call("export", "meeting.json", "-f", "csv", "-o", "talk.data").exit_code == 0
    assert (place / "talk.data").read_bytes() == write(TRANSCRIPT, "csv")


def test_files_are_not_replaced(meeting: Path, call: Call, place: Path) -> None:
    """A file of others and the transcript itself are kept without --overwrite; own exports are replaced."""
    (place / "meeting.srt").write_text("mine")
    done = call("export", "meeting.json", "-f", "vtt,srt")
    assert done.exit_code == 3
    assert "meeting.srt was not written by meetscribe" in done.stderr
    assert files(place) == {"meeting.json", "meeting.srt"}
    assert call("export", "meeting.json", "-f", "json", "-o", "meeting.json").exit_code == 3
    assert load(meeting) == TRANSCRIPT
    assert call("export", "meeting.json", "-f", "vtt,srt", "--overwrite").exit_code == 0
    assert (place / "meeting.srt").read_bytes() == write(TRANSCRIPT, "srt")
    assert call("export", "meeting.json", "-f", "vtt,srt").exit_code == 0


def test_names_from_a_file(meeting: Path, call: Call, place: Path) -> None:
    """--names names the speakers of the output; an unknown label is a warning."""
    (place / "names.toml").write_text('SPEAKER_00 = "Anna"\nSPEAKER_09 = "Eve"\n')
    done = call("export", "meeting.json", "--names", "names.toml")
    assert done.stdout == f"{TRANSCRIPT.rename({'SPEAKER_00': 'Anna'})}\n"
    assert done.stderr.startswith("warning: not named Eve: there is no speaker 'SPEAKER_09'")
    assert load(meeting) == TRANSCRIPT


def test_options(meeting: Path, call: Call) -> None:
    """--set sets the options of a format; the error for an unknown one names the nearest."""
    done = call("export", "meeting.json", "-f", "srt", "--set", "srt.width=20", "--set", "srt.names=always")
    assert done.stdout_bytes == write(TRANSCRIPT, "srt", width=20, names="always")
    assert done.stdout_bytes != write(TRANSCRIPT, "srt")
    for wrong, message in (
        ("srt.widht=20", "did you mean 'width'"),
        ("str.width=20", "unknown format 'str'"),
        ("srt.width=wide", "must be a number"),
        ("srt.dialogue=perhaps", "must be true or false"),
        ("srt.preset=netflx", "did you mean 'netflix'"),
        ("vtt.width=20", "which is not written"),
        ("width=20", "srt.preset=bbc"),
        ("rttm.width=20", "rttm has no options"),
    ):
        done = call("export", "meeting.json", "-f", "srt", "--set", wrong)
        assert done.exit_code == 2, wrong
        assert message in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nowhere.json"], 3, "nowhere.json: No such file"),
        (["meeting.json", "-f", "vtx"], 2, "did you mean 'vtt'"),
        (["meeting.json", "-f", "deepgram"], 2, "deepgram can be read, but not written"),
        (["meeting.json", "--from", "html"], 2, "html can be written, but not read"),
        (["meeting.json", "--from", "srt"], 3, "meeting.json, line 1: expected the times"),
        (["meeting.json", "-o", "talk.xyz"], 2, "talk.xyz has no suffix of a format. Choose formats with -f."),
        (["meeting.json", "-o", "out/"], 2, "out/ is a folder. Choose formats with -f."),
        (["meeting.json", "-f", "srt,vtt", "-o", "-"], 2, "Only one format"),
        (["meeting.json", "-f", "srt,vtt", "-o", "a.srt"], 2, "2 formats cannot be written to one file"),
    ],
)
def test_invalid_arguments_are_errors(meeting: Path, call: Call, arguments: list[str], code: int, message: str) -> None:
    """Invalid arguments give the right exit code and a message."""
    done = call("export", *arguments)
    assert done.exit_code == code, done.output
    assert message in done.stderr


def test_text_formats_import_no_heavy_package() -> None:
    """Text formats are written and read without torch, numpy, pandas or the package of another format."""
    code = (
        "import sys, json\n"
        "from meetscribe.formats import FORMATS, read, write\n"
        "for name, row in FORMATS.items():\n"
        "    if row.writes and not row.package:\n"
        "        data = write(read(sys.argv[1].encode(), '-'), name)\n"
        "        row.reads and read(data, f'a{row.suffixes[0]}')\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(TRANSCRIPT.to_json())], capture_output=True, check=True)
    assert not {"torch", "numpy", "pandas", "pyarrow", "docx", "lxml"} & set(json.loads(done.stdout))


def test_no_model_is_loaded(place: Path) -> None:
    """An hour is exported through a pipe without torch, numpy or pandas, in about a second."""
    said = [
        [Word(f"word{n}", at + n / 10, at + n / 10 + 0.08, speaker=f"S{at % 3}") for n in range(10)] for at in STARTS
    ]
    words = tuple(Segment(tuple(own)) for own in said)
    save(Transcript(words, Meta("en", 3600)), place / "hour.json")
    code = (
        "import sys, json; from meetscribe.cli import main; sys.argv = ['meetscribe', 'export', '-', '-f', 'vtt']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})), file=sys.stderr)"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], input=(place / "hour.json").read_bytes(), capture_output=True, check=True
    )
    assert time.monotonic() - started < 10  # about one, on a machine that does nothing else
    assert done.stdout.count(b"-->") >= 900
    assert not {"torch", "numpy", "pandas", "pyarrow", "docx"} & set(json.loads(done.stderr.splitlines()[-1]))


def test_the_encoding_can_be_given(place: Path, call: Call) -> None:
    """A guessed encoding is reported on stderr; --encoding replaces the guess, and an unknown one is refused."""
    (place / "a.srt").write_bytes("1\n00:00:01,000 --> 00:00:02,000\nGrüße, Zoë.\n".encode("cp1252"))
    result = call("export", "a.srt")
    assert (result.exit_code, result.stdout) == (0, "[0:00:01.0] Grüße, Zoë.\n")
    assert "a.srt: read as cp1252, which is a guess" in result.stderr
    result = call("export", "a.srt", "--encoding", "latin-1")
    assert (result.stdout, result.stderr) == ("[0:00:01.0] Grüße, Zoë.\n", "")
    assert call("export", "a.srt", "--encoding", "nonsense").exit_code == 2
