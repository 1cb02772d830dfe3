"""`meetscribe run` with a fake pipeline: settings, output, messages and files."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from meetscribe import pipeline
from meetscribe.audio import Recording
from meetscribe.errors import IncompleteRunError, OutputError, WeightsError
from meetscribe.formats import write
from meetscribe.settings import Settings
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Finding, RecordingFile, Segment, Transcript
from tests.support.notices import notices

Call = Callable[..., Result]

WRITTEN = ("json", "txt", "srt", "vtt", "csv", "rttm")
"""The default formats of a run."""

TRANSCRIPT = synthetic_meeting(seed=2).transcript


class FakePipeline:
    """A fake pipeline that records its calls, and returns `transcript` or raises `error`."""

    def __init__(self) -> None:
        self.transcript = TRANSCRIPT
        self.error: BaseException | None = None
        self.calls: list[tuple[str, Settings]] = []

    def run(self, recording: Recording, settings: Settings, *, progress: Callable[[str, float], None]) -> Transcript:
        self.calls.append((str(recording.path), settings))
        progress("transcription", 0.0)
        progress("transcription", 0.5)
        if self.error is not None:
            raise self.error
        progress("transcription", 1.0)
        return self.transcript

    @property
    def settings(self) -> Settings:
        return self.calls[-1][1]


@pytest.fixture
def fake(place: Path, monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    (place / "meeting.mp4").write_bytes(b"anything")
    fake = FakePipeline()
    monkeypatch.setattr(pipeline, "run", fake.run)
    return fake


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_alone_is_enough(fake: FakePipeline, call: Call, place: Path) -> None:
    """`meetscribe FILE` prints the transcript and writes the default formats to the current folder."""
    done = call("meeting.mp4")
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{TRANSCRIPT}\n"
    assert files(place) == {"meeting.mp4", *(f"meeting.{name}" for name in WRITTEN)}
    assert Transcript.load("meeting.json") == TRANSCRIPT
    assert fake.calls == [("meeting.mp4", Settings())]


def test_options_may_come_before_the_file(fake: FakePipeline, call: Call, place: Path) -> None:
    """The order of file and options does not matter, with or without `run`."""
    for arguments in (["run", "-f", "txt", "meeting.mp4"], ["-f", "txt", "meeting.mp4", "--overwrite"]):
        assert call(*arguments).exit_code == 0
    assert files(place) == {"meeting.mp4", "meeting.txt"}


def test_messages_are_on_stderr(fake: FakePipeline, call: Call) -> None:
    """Stages, warnings and files are printed on separate lines, in this order."""
    fake.transcript = TRANSCRIPT.with_meta(notices=notices("mind the gap"))
    lines = call("meeting.mp4", "-f", "vtt,json").stderr.splitlines()
    assert lines[0] == "transcription …"
    assert re.fullmatch(r"transcription done in \d+\.\d s", lines[1])
    assert lines[2:] == ["warning: mind the gap", "wrote meeting.json", "wrote meeting.vtt"]


def test_quiet_leaves_warnings(fake: FakePipeline, call: Call) -> None:
    fake.transcript = TRANSCRIPT.with_meta(notices=notices("mind the gap"))
    done = call("meeting.mp4", "--quiet")
    assert done.stderr == "warning: mind the gap\n"
    assert done.stdout == f"{TRANSCRIPT}\n"


def test_findings_are_listed(fake: FakePipeline, call: Call) -> None:
    """Each of the first ten findings has a line with its time, text and reason; the others are counted."""
    found = Finding("removed", 62.5, 64, "no speech was detected there", "Thank you.")
    fake.transcript = TRANSCRIPT.with_meta(notices=notices("mind"), findings=(found, *[replace(found, text="")] * 11))
    lines = call("meeting.mp4", "-f", "vtt").stderr.splitlines()
    assert lines[2:5] == [
        "warning: mind",
        "  [0:01:02.5] removed “Thank you.”: no speech was detected there",
        "  [0:01:02.5] removed: no speech was detected there",
    ]
    assert lines[-2:] == ["  and 2 more; native JSON lists them all", "wrote meeting.vtt"]


def test_an_empty_transcript_is_written(fake: FakePipeline, call: Call, place: Path) -> None:
    """Without words, the files are valid and stdout is empty."""
    fake.transcript = TRANSCRIPT.with_segments(())
    done = call("meeting.mp4", "-o", "out")
    assert (done.exit_code, done.stdout) == (0, "")
    assert files(place / "out") == {f"meeting.{name}" for name in WRITTEN}


def test_flags_become_settings(fake: FakePipeline, call: Call, place: Path) -> None:
    """Every flag sets its setting."""
    (place / "names.txt").write_text("Ünal\n\n  pyannote \n", encoding="utf-8")
    done = call(
        *("meeting.mp4", "--language", "German", "--task", "transcribe", "--vocabulary", "names.txt"),
        *("--prompt", "A talk.", "--no-align", "--allow-empty", "--speakers", "3", "--min-speakers", "2"),
        *("--max-speakers", "4", "--no-diarize", "--asr", "whisperx", "--model", "medium"),
        *("--device", "cpu", "--compute-type", "int8", "--batch-size", "2", "--beam-size", "1"),
        *("--workers", "2", "--char-times", "--threads", "3", "--offline"),
        *("--set", "attribution.pause=0.5", "--set", "vad.pad = 0.1"),
    )
    assert done.exit_code == 0, done.output
    assert fake.settings.non_defaults() == {
        "asr": {
            "engine": "whisperx",
            "model": "medium",
            "language": "de",
            "batch_size": 2,
            "workers": 2,
            "beam_size": 1,
            "compute_type": "int8",
            "prompt": "A talk.",
            "vocabulary": ["Ünal", "pyannote"],
        },
        "vad": {"pad": 0.1},
        "alignment": {"enabled": False, "char_times": True},
        "diarization": {"enabled": False, "speakers": 3, "min_speakers": 2, "max_speakers": 4},
        "attribution": {"pause": 0.5},
        "run": {"device": "cpu", "threads": 3, "offline": True, "allow_empty": True},
    }


def test_title_and_date_are_stored(fake: FakePipeline, call: Call) -> None:
    """--title and --date replace those of the recording's metadata; without them the metadata is kept."""
    fake.transcript = TRANSCRIPT.with_meta(title="Tag", recorded_at="2026-11-01")
    assert call("meeting.mp4", "-f", "json", "--title", "Stand-up", "--date", "2026-11-27T10:00").exit_code == 0
    meta = Transcript.load("meeting.json").meta
    assert (meta.title, meta.recorded_at) == ("Stand-up", "2026-11-27T10:00")
    assert call("meeting.mp4", "-f", "json").exit_code == 0
    meta = Transcript.load("meeting.json").meta
    assert (meta.title, meta.recorded_at) == ("Tag", "2026-11-01")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["meeting.mp4", "--date", "yesterday"], "'yesterday' is not a date. Write it as 2026-11-27"),
        (["meeting.mp4", "meeting.mp4", "--date", "2026-11-27"], "--date requires a single recording"),
        (["meeting.mp4", "--force", "--title", "Stand-up"], "--title requires a single recording"),
    ],
)
def test_invalid_titles_and_dates_are_usage_errors(
    fake: FakePipeline, call: Call, arguments: list[str], message: str
) -> None:
    done = call("run", *arguments)
    assert (done.exit_code, fake.calls) == (2, [])
    assert message in " ".join(done.stderr.split())


def test_flags_win_over_files(fake: FakePipeline, call: Call, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The precedence is flag, --set, variable, file."""
    (place / "a.toml").write_text("[asr]\nmodel = 'file'\nprompt = 'file'\nbeam_size = 2\nbatch_size = 2")
    monkeypatch.setenv("MEETSCRIBE_ASR__MODEL", "variable")
    monkeypatch.setenv("MEETSCRIBE_ASR__PROMPT", "variable")
    call(
        "meeting.mp4",
        "--config",
        "a.toml",
        "--set",
        "asr.model=set",
        "--model",
        "flag",
        "--set",
        "asr.beam_size=3",
    )
    asr = fake.settings.asr
    assert (asr.model, asr.prompt, asr.beam_size, asr.batch_size) == ("flag", "variable", 3, 2)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["-"], 3, "error: recordings cannot be read from a pipe\nSave the recording to a file"),
        (["missing.wav"], 3, "error: no such file: missing.wav\n"),
        (["https://example.org/a.mp3"], 3, "error: https://example.org/a.mp3 is an address"),
        (["x" * 300], 3, "error: " + "x" * 300 + " cannot be read: File name too long"),
        (["meeting.mp4", "-f", "json,xlsx"], 2, "error: unknown format 'xlsx'"),
        (
            ["meeting.mp4", "--language", "Germain"],
            2,
            "error: unknown language 'Germain': did you mean 'german'?",
        ),
        (
            ["meeting.mp4", "--set", "asr.modle=x"],
            2,
            "error: unknown setting 'asr.modle': did you mean 'model'?",
        ),
        (["meeting.mp4", "--set", "asr.model"], 2, "error: --set asr.model has no value"),
        (["meeting.mp4", "--vocabulary", "none.txt"], 3, "error: --vocabulary none.txt: No such file"),
        (["meeting.mp4", "--config", "none.toml"], 2, "error: the settings file none.toml cannot be read"),
        (
            ["meeting.mp4", "--speakers", "2", "--min-speakers", "3"],
            2,
            "error: no number of speakers satisfies speakers = 2 and min_speakers = 3\n",
        ),
        (["meeting.mp4", "-o", "meeting.mp4"], 3, "error: meeting.mp4 is not a folder"),
        (
            ["meeting.mp4", "-o", "meeting.mp4/out"],
            3,
            "error: meeting.mp4/out is not writable: Not a directory",
        ),
    ],
)
def test_invalid_input_is_an_error_before_any_work(
    fake: FakePipeline, call: Call, place: Path, arguments: list[str], code: int, message: str
) -> None:
    """Invalid input is an error with a remedy and an exit code, before any work and without output."""
    done = call(*arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith(message), done.stderr
    assert fake.calls == []
    assert files(place) == {"meeting.mp4"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["meeting.mp4", "--speakers", "two"],
        ["meeting.mp4", "--task", "summarize"],
        ["meeting.mp4", "--no-such-flag"],
        ["meeting.mp4", "--jobs", "0"],
        ["run"],
    ],
)
def test_wrong_usage_is_code_2(fake: FakePipeline, call: Call, arguments: list[str]) -> None:
    done = call(*arguments)
    assert done.exit_code == 2
    assert "Usage: meetscribe run" in done.stderr
    assert fake.calls == []


def test_the_vocabulary_must_be_text(fake: FakePipeline, call: Call, place: Path) -> None:
    (place / "names.bin").write_bytes(b"\xff\xfe\xff")
    done = call("meeting.mp4", "--vocabulary", "names.bin")
    assert (done.exit_code, fake.calls) == (3, [])
    assert "is not UTF-8 text" in done.stderr


def test_the_output_folder_is_created(fake: FakePipeline, call: Call, place: Path) -> None:
    """The output folder and its parents are created; files have mode 0600."""
    assert call("meeting.mp4", "-o", "a/b", "-f", "txt").exit_code == 0
    assert files(place / "a" / "b") == {"meeting.txt"}
    assert stat.S_IMODE((place / "a" / "b" / "meeting.txt").stat().st_mode) == 0o600


def test_own_files_are_replaced(fake: FakePipeline, call: Call) -> None:
    """A second run replaces the files of the first."""
    assert call("meeting.mp4").exit_code == 0
    other = RecordingFile("meeting.mp4")  # without a hash, so that no word ids are kept
    fake.transcript = synthetic_meeting(seed=9).transcript.with_meta(recording=other)
    assert call("meeting.mp4").exit_code == 0
    assert Transcript.load("meeting.json") == fake.transcript


@pytest.mark.parametrize("changed", ["json", "txt", "srt"])
def test_other_files_are_not_replaced(fake: FakePipeline, call: Call, place: Path, changed: str) -> None:
    """Files that meetscribe did not write, or that were edited since, are kept without --overwrite."""
    assert call("meeting.mp4").exit_code == 0
    fake.calls.clear()
    target = place / f"meeting.{changed}"
    target.write_text(target.read_text() + "\nmy own notes\n")
    done = call("meeting.mp4")
    assert (done.exit_code, fake.calls) == (3, [])
    assert f"meeting.{changed}" in done.stderr and "--overwrite" in done.stderr
    assert target.read_text().endswith("my own notes\n")
    assert call("meeting.mp4", "--overwrite").exit_code == 0
    assert "my own notes" not in target.read_text()


def test_exports_with_options_are_own_files(fake: FakePipeline, call: Call, place: Path) -> None:
    """A run replaces what export wrote with other options, but not if it was edited since."""
    assert call("meeting.mp4").exit_code == 0
    done = call("export", "meeting.json", "-o", "meeting.srt", "--set", "srt.names=always", "--overwrite")
    assert done.exit_code == 0, done.stderr
    exported = (place / "meeting.srt").read_text()
    assert call("meeting.mp4").exit_code == 0
    assert (place / "meeting.srt").read_text() != exported
    (place / "meeting.srt").write_text(f"{exported}my own notes")
    assert call("meeting.mp4").exit_code == 3


def test_own_files_are_replaced_without_native_json(fake: FakePipeline, call: Call, place: Path) -> None:
    """A run with -f txt only writes no JSON to compare with, and replaces its own text all the same."""
    assert call("meeting.mp4", "-f", "txt").exit_code == 0
    fake.transcript = synthetic_meeting(seed=9).transcript
    assert call("meeting.mp4", "-f", "txt").exit_code == 0
    assert (place / "meeting.txt").read_bytes() == write(fake.transcript, "txt")


def test_options_of_formats(fake: FakePipeline, call: Call, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They come from --set, variables and tables of the settings file, like settings."""
    (place / "meetscribe.toml").write_text('[srt]\nnames = "always"\nwidth = 30\n[vtt]\npreset = "bbc"\n')
    monkeypatch.setenv("MEETSCRIBE_SRT__WIDTH", "25")
    done = call("meeting.mp4", "-f", "srt", "--set", "srt.dialogue=yes", "--set", "attribution.pause=2")
    assert done.exit_code == 0, done.stderr
    expected = write(TRANSCRIPT, "srt", names="always", width=25, dialogue=True)
    assert (place / "meeting.srt").read_bytes() == expected != write(TRANSCRIPT, "srt")
    assert fake.settings.attribution.pause == 2.0
    transcribed = call("export", "meeting.srt", "-f", "srt", "-o", "other.srt")
    assert transcribed.exit_code == 0, transcribed.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "srt.names=allways"], "did you mean 'always'"),
        (["--set", "srt.nmaes=always"], "did you mean 'names'"),
        (["--set", "srt.width=wide"], "srt.width must be a number, not 'wide'"),
        (["--set", "txt.template={spaker}"], "did you mean 'speaker'"),
        (["--set", "vtt.width=20", "-f", "srt"], "Add the format to -f."),
    ],
)
def test_invalid_options_of_formats_are_errors_before_any_work(
    fake: FakePipeline, call: Call, arguments: list[str], message: str
) -> None:
    done = call("meeting.mp4", *arguments)
    assert (done.exit_code, fake.calls) == (2, [])
    assert message in done.stderr


def test_one_format_on_stdout(fake: FakePipeline, call: Call, place: Path) -> None:
    """`-o -` prints the format of -f and writes no file; several formats and batches are refused."""
    done = call("meeting.mp4", "-o", "-", "-f", "srt", "--set", "srt.names=always")
    assert (done.exit_code, done.stdout) == (0, write(TRANSCRIPT, "srt", names="always").decode())
    assert files(place) == {"meeting.mp4"}
    for arguments in (["meeting.mp4"], ["meeting.mp4", "--force", "-f", "txt"], ["watch", ".", "-f", "txt"]):
        refused = call(*arguments, "-o", "-")
        assert refused.exit_code == 2 and "-f" in refused.stderr or "folder" in refused.stderr


def test_user_files_with_output_names_are_kept(fake: FakePipeline, call: Call, place: Path) -> None:
    """A user's file with the name of an output is kept, with or without other outputs beside it."""
    (place / "meeting.txt").write_text("my own notes")
    assert call("meeting.mp4").exit_code == 3
    assert call("meeting.mp4", "-f", "json").exit_code == 0
    assert call("meeting.mp4").exit_code == 3
    assert (place / "meeting.txt").read_text() == "my own notes"


def test_corrections_are_carried_over(fake: FakePipeline, call: Call, place: Path) -> None:
    """A name follows its speaker to another label; exports from before the naming are replaced."""
    assert call("meeting.mp4").exit_code == 0
    Transcript.load("meeting.json").rename({"SPEAKER_00": "Anna"}).save("meeting.json")
    other = {"SPEAKER_00": "SPEAKER_02", "SPEAKER_01": "SPEAKER_01", "SPEAKER_02": "SPEAKER_00"}
    fake.transcript = TRANSCRIPT.with_segments(
        Segment(tuple(replace(word, speaker=other[word.speaker or ""]) for word in segment.words))
        for segment in TRANSCRIPT.segments
    ).with_meta(turns=tuple(replace(turn, speaker=other[turn.speaker]) for turn in TRANSCRIPT.turns))
    done = call("meeting.mp4")
    assert (done.exit_code, "warning" in done.stderr) == (0, False)
    assert (
        done.stdout
        == str(TRANSCRIPT.rename({"SPEAKER_00": "Anna", "SPEAKER_02": "X"})).replace("X", "SPEAKER_00") + "\n"
    )
    assert Transcript.load("meeting.json").name_of("SPEAKER_02") == "Anna"
    assert call("meeting.mp4", "-f", "srt").exit_code == 0
    assert "Anna: " in (place / "meeting.srt").read_text()


def test_corrections_that_do_not_apply_are_reported_and_kept(fake: FakePipeline, call: Call, place: Path) -> None:
    """A correction that no longer applies is a warning, and the previous transcript is kept under another name."""
    assert call("meeting.mp4", "-f", "json").exit_code == 0
    before = Transcript.load("meeting.json").rename({"SPEAKER_00": "Anna"})
    before.save("meeting.json")
    fake.transcript = TRANSCRIPT.with_meta(turns=(), exclusive=()).with_segments(
        Segment(tuple(replace(word, speaker=None) for word in segment.words)) for segment in TRANSCRIPT.segments
    )
    done = call("meeting.mp4", "-f", "json")
    assert done.exit_code == 0
    assert "warning: a correction no longer applies: rename SPEAKER_00 to Anna" in done.stderr
    assert "warning: the transcript with all corrections was renamed to meeting.before-1.json" in done.stderr
    assert files(place) == {"meeting.mp4", "meeting.json", "meeting.before-1.json"}
    assert Transcript.load("meeting.before-1.json") == before
    assert Transcript.load("meeting.json").meta.edits == ()


def test_corrections_of_another_recording_are_kept(fake: FakePipeline, call: Call, place: Path) -> None:
    """Corrections are not applied to another recording with the same name, and are kept."""
    assert call("meeting.mp4", "-f", "json").exit_code == 0
    Transcript.load("meeting.json").rename({"SPEAKER_00": "Anna"}).save("meeting.json")
    fake.transcript = TRANSCRIPT.with_meta(recording=RecordingFile("meeting.mp4", "sha256:1"))
    done = call("meeting.mp4", "-f", "json")
    assert "the corrections in meeting.json belong to another recording" in done.stderr
    assert "Anna" not in done.stdout
    assert Transcript.load("meeting.before-1.json").name_of("SPEAKER_00") == "Anna"


def test_a_vocabulary_corrects_the_words(fake: FakePipeline, call: Call, place: Path) -> None:
    """--corrections makes edits in every file; a second run makes none again."""
    (place / "corrections.toml").write_text(f'"{TRANSCRIPT.words[1].text}" = "Viterbi"\n')
    for made in (3, 0):  # the word occurs three times
        done = call("meeting.mp4", "-f", "json,txt", "--corrections", "corrections.toml")
        assert done.exit_code == 0, done.output
        assert re.search(rf"^{made} corrections? from corrections.toml$", done.stderr, re.MULTILINE)
        assert "Viterbi" in done.stdout and "Viterbi" in (place / "meeting.txt").read_text()
    (place / "corrections.toml").write_text("a = 1\n")
    assert call("meeting.mp4", "--corrections", "corrections.toml").exit_code == 2


def test_names_from_a_file(fake: FakePipeline, call: Call, place: Path) -> None:
    """--names names the speakers; an unknown label is a warning."""
    (place / "names.toml").write_text('SPEAKER_00 = "Anna"\nSPEAKER_09 = "Eve"\n')
    done = call("meeting.mp4", "-f", "json", "--names", "names.toml")
    assert "Anna: " in done.stdout
    assert "warning: not named Eve: there is no speaker 'SPEAKER_09'" in done.stderr
    assert Transcript.load("meeting.json").name_of("SPEAKER_00") == "Anna"
    again = call("meeting.mp4", "-f", "json", "--names", "names.toml")
    assert (again.exit_code, again.stdout) == (0, done.stdout)
    assert len(Transcript.load("meeting.json").meta.edits) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('A = "Anna"\nB = "anna"\n', "A and B have the same name, anna"),
        ("A = 1\n", "A has no name"),
        ("Anna", "names.toml is not TOML"),
        (None, "--names names.toml cannot be read"),
    ],
)
def test_invalid_names_are_an_error_before_any_work(
    fake: FakePipeline, call: Call, place: Path, text: str | None, message: str
) -> None:
    """An invalid file of names is an error before any work; two speakers cannot have the same name."""
    if text is not None:
        (place / "names.toml").write_text(text)
    done = call("meeting.mp4", "--names", "names.toml")
    assert (done.exit_code, fake.calls) == (2, [])
    assert message in done.stderr


def test_a_folder_in_the_way_is_an_error(fake: FakePipeline, call: Call, place: Path) -> None:
    (place / "meeting.srt").mkdir()
    assert call("meeting.mp4").exit_code == 3
    assert fake.calls == []


def test_an_incomplete_run_is_written(fake: FakePipeline, call: Call, place: Path) -> None:
    """A transcript without a stage is printed and written; the exit code is 6."""
    fake.error = IncompleteRunError("diarization failed: no pipeline", "Fetch it.", TRANSCRIPT)
    done = call("meeting.mp4", "-f", "json")
    assert (done.exit_code, done.stdout) == (6, f"{TRANSCRIPT}\n")
    assert Transcript.load("meeting.json") == TRANSCRIPT
    assert done.stderr.endswith("wrote meeting.json\nerror: diarization failed: no pipeline\nFetch it.\n")


def test_other_files_are_written_if_one_fails(
    fake: FakePipeline, call: Call, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transcript is printed and the other files are written; the exit code is 6, or 3 without any file."""
    from meetscribe import formats

    write_file = formats.write_file

    def fails_for(*names: str) -> Callable[..., None]:
        def fail(path: Path, data: bytes) -> None:
            if path.suffix[1:] in names:
                raise OutputError(f"{path}: No space left on device")
            write_file(path, data)

        return fail

    monkeypatch.setattr(formats, "write_file", fails_for("srt"))
    done = call("meeting.mp4", "-f", "srt,txt")
    assert (done.exit_code, done.stdout) == (6, f"{TRANSCRIPT}\n")
    assert files(place) == {"meeting.mp4", "meeting.txt"}
    assert "error: meeting.srt: No space left on device" in done.stderr
    done = call("meeting.mp4", "-f", "srt,txt", "--overwrite", "--progress", "json")
    end = json.loads([line for line in done.stderr.splitlines() if line.startswith("{")][-1])
    assert (end["status"], end["outputs"]) == ("incomplete", [str(place / "meeting.txt")])
    monkeypatch.setattr(formats, "write_file", fails_for("srt", "txt"))
    done = call("meeting.mp4", "-f", "srt,txt", "--overwrite")
    assert (done.exit_code, done.stdout) == (3, f"{TRANSCRIPT}\n")


def test_errors_have_no_traceback(fake: FakePipeline, call: Call) -> None:
    """The traceback of an error is printed only with --debug."""
    fake.error = WeightsError("no model", "Fetch it.")
    done = call("meeting.mp4", "--quiet")
    assert (done.exit_code, done.stderr) == (4, "error: no model\nFetch it.\n")
    done = call("meeting.mp4", "--quiet", "--debug")
    assert done.exit_code == 4
    assert "Traceback" in done.stderr and done.stderr.endswith("error: no model\nFetch it.\n")


def test_an_interruption_is_130(fake: FakePipeline, call: Call, place: Path) -> None:
    """Ctrl-C prints a note and leaves no partial file."""
    fake.error = KeyboardInterrupt()
    done = call("meeting.mp4")
    assert done.exit_code == 130
    assert done.stderr.splitlines()[-1].startswith("interrupted: ")
    assert files(place) == {"meeting.mp4"}


def test_the_name_of_the_recording_is_kept(fake: FakePipeline, call: Call, place: Path) -> None:
    """Outputs have the name of the recording, including its dots."""
    (place / "in").mkdir()
    (place / "in" / "team.sync 3.MP4").write_bytes(b"x")
    assert call(str(place / "in" / "team.sync 3.MP4"), "-f", "txt").exit_code == 0
    assert files(place) == {"meeting.mp4", "in", "team.sync 3.txt"}


def test_speakers_are_shown_by_name(fake: FakePipeline, call: Call) -> None:
    fake.transcript = TRANSCRIPT.with_meta(edits={"SPEAKER_00": "Anna"})
    assert "Anna: " in call("meeting.mp4").stdout


def test_a_name_that_is_not_utf8(fake: FakePipeline, call: Call, place: Path) -> None:
    """A recording whose name is not UTF-8 is processed."""
    name = b"caf\xe9.wav".decode("utf-8", "surrogateescape")
    try:
        (place / name).write_bytes(b"x")
    except (OSError, UnicodeError):
        pytest.skip("this file system knows no such names")
    done: Any = call(name, "-f", "txt")
    assert done.exit_code == 0
