from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.formats.recording_files import find_transcripts, load_regions, recording_name, transcript_files_below
from meetscribe.testing import synthetic_meeting
from meetscribe.timeline import Span

TRANSCRIPT = synthetic_meeting(seed=3).transcript
TURN = "SPEAKER a 1 0.0 2.5 <NA> <NA> Ann <NA> <NA>\n"
STM = "a 1 Ann 0.0 1.0 so it is\nb 1 Ben 0.0 1.0 no\n"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("out/planning.words.jsonl", "planning"),
        ("a.b.seglst.json", "a.b"),
        ("a.ref.stm", "a"),
        ("a.HYP.json", "a"),
        (".ref.json", ".ref"),
        ("a.unknown", "a"),
    ],
)
def test_names_of_recordings(file: str, name: str) -> None:
    """The suffix of the format and the role of the file are removed, but never the whole name."""
    assert recording_name(Path(file)) == name


def test_the_most_detailed_format_of_a_folder_is_read(tmp_path: Path) -> None:
    """Of several files of one recording one is read; other files are ignored."""
    TRANSCRIPT.save(tmp_path / "a.json")
    TRANSCRIPT.save(tmp_path / "a.srt")
    (tmp_path / "a.rttm").write_text(TURN)
    (tmp_path / "notes.docx").write_bytes(b"x")
    (tmp_path / "a.minutes.json").write_text("{}")
    (tmp_path / "meetscribe.manifest.jsonl").write_text('{"input": "a.wav"}\n')
    found = find_transcripts(tmp_path)
    assert {name: read() for name, read in found.items()} == {"a": TRANSCRIPT}


def test_formats_with_word_times_come_first(tmp_path: Path) -> None:
    """Text and captions hold the times of utterances and cues only."""
    for name in ("a.txt", "a.srt", "a.ass", "a.whisper.json"):
        TRANSCRIPT.save(tmp_path / name)
    assert [path.name for path in transcript_files_below(tmp_path)] == ["a.whisper.json"]
    (tmp_path / "a.whisper.json").rename(tmp_path / "a.fireflies.json")
    assert [path.name for path in transcript_files_below(tmp_path)] == ["a.srt"]


def test_a_file_may_hold_several_recordings(tmp_path: Path) -> None:
    (tmp_path / "all.stm").write_text(STM)
    for path in (tmp_path, tmp_path / "all.stm"):
        found = find_transcripts(path)
        assert {name: read().text for name, read in found.items()} == {"a": "so it is", "b": "no"}


def test_turns_are_read_from_the_file_beside(tmp_path: Path) -> None:
    """RTTM of the same name adds turns to a transcript without any, if asked for."""
    (tmp_path / "a.words.jsonl").write_text('{"start": 0, "end": 1, "speaker": "Ann", "word": "so"}')
    (tmp_path / "a.rttm").write_text(TURN)
    for path in (tmp_path, tmp_path / "a.words.jsonl"):
        assert find_transcripts(path)["a"]().turns == ()
        (turn,) = find_transcripts(path, with_turns=True)["a"]().turns
        assert (turn.end, turn.speaker) == (2.5, "Ann")


def test_turns_beside_a_transcript_have_its_encoding(tmp_path: Path) -> None:
    """The encoding applies to the RTTM file too."""
    (tmp_path / "a.words.jsonl").write_text('{"start": 0, "end": 1, "speaker": "Łukasz", "word": "so"}', "cp1250")
    (tmp_path / "a.rttm").write_text(TURN.replace("Ann", "Łukasz"), "cp1250")
    for path in (tmp_path, tmp_path / "a.words.jsonl"):
        transcript = find_transcripts(path, with_turns=True, encoding="cp1250")["a"]()
        assert [turn.speaker for turn in transcript.turns] == list(transcript.speakers) == ["Łukasz"]


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no transcript in this folder"):
        find_transcripts(tmp_path)
    with pytest.raises(InputError, match="No such file"):
        find_transcripts(tmp_path / "a.json")


def test_regions_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "a.uem").write_text("a 1 0.0 2.0\na 1 3.0 4.0\n")
    assert load_regions(tmp_path / "a.uem") == {"a": (Span(0, 2), Span(3, 4))}
    assert load_regions(None) is None


def test_the_transcripts_below_a_folder(tmp_path: Path) -> None:
    """Subfolders are searched; a recording has one file per folder; hidden files, minutes and turns are left out."""
    names = (
        "a.json", "a.srt", "a.minutes.json", "b.vtt", "b.rttm", "c.rttm", "d.docx", ".e.json", "sub/a.srt", "sub/a.txt",
        ".hidden/f.json", "photo.jpg",
    )  # fmt: skip
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in transcript_files_below(tmp_path)]
    assert found == ["a.json", "b.vtt", "sub/a.srt"]
