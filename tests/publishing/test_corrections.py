from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from meetscribe import formats
from meetscribe.errors import InputError
from meetscribe.podcast.output import SUFFIXES
from meetscribe.publishing.corrections import carry_corrections, load_editable, stale_documents, stale_exports
from meetscribe.publishing.destinations import write_output
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import RecordingFile, Transcript
from meetscribe.transcript.word_ids import with_new_word_ids

BASE = synthetic_meeting(seed=3).transcript
TRANSCRIPT = BASE.with_meta(recording=RecordingFile("a.wav", "sha256:1"))
NAMED: Transcript = TRANSCRIPT.rename({"SPEAKER_00": "Anna"})


@pytest.fixture
def native(tmp_path: Path) -> Path:
    """A native JSON file in which a speaker has a name."""
    NAMED.save(tmp_path / "a.json")
    return tmp_path / "a.json"


def codes(transcript: Transcript) -> list[str]:
    return [notice.code for notice in transcript.meta.notices]


def test_corrections_are_carried_over(native: Path) -> None:
    """The previous file is found beside any of the outputs."""
    for files in ({"json": native}, {"srt": native.with_suffix(".srt")}):
        after = carry_corrections(TRANSCRIPT, files)
        assert (after.name_of("SPEAKER_00"), codes(after)) == ("Anna", [])


def test_corrected_words_are_carried_over(native: Path) -> None:
    """Corrections of words follow their words; one whose words were not recognised again is reported."""
    before = with_new_word_ids(NAMED)
    first, second = before.segments[:2]
    corrected = before.replace(first.start, first.end + 0.001, "So it begins.", speaker="Anna")
    corrected = corrected.replace(second.words[0].start, second.words[0].end, "Yes,", speaker=second.speaker)
    native.write_text(corrected.to_json(), encoding="utf-8")
    after = carry_corrections(with_new_word_ids(TRANSCRIPT), {"json": native})
    assert after.edited().segments == corrected.edited().segments
    again = with_new_word_ids(TRANSCRIPT.with_segments(TRANSCRIPT.segments[1:]))
    after = carry_corrections(again, {"json": native})
    assert after.edited().segments[0].text.startswith("Yes,")
    assert codes(after) == ["edits.not-applied", "edits.set-aside"]


def test_the_title_and_the_date_are_carried_over(native: Path) -> None:
    """They are those of the previous file, unless the transcript has its own."""
    formats.save(TRANSCRIPT.with_meta(title="Kick-off", recorded_at="2026-11-25"), native)
    plain = TRANSCRIPT.with_meta(title=None, recorded_at=None)
    meta = carry_corrections(plain, {"json": native}).meta
    assert (meta.title, meta.recorded_at) == ("Kick-off", "2026-11-25")
    assert carry_corrections(plain.with_meta(title="Review"), {"json": native}).meta.title == "Review"


def test_without_a_previous_file_nothing_changes(tmp_path: Path) -> None:
    assert carry_corrections(TRANSCRIPT, {"json": tmp_path / "b.json"}) is TRANSCRIPT


def test_corrections_of_a_transcript_that_is_not_saved_are_carried_over(native: Path, tmp_path: Path) -> None:
    """A previous file takes precedence over the transcript given."""
    unsaved = TRANSCRIPT.rename({"SPEAKER_00": "Zoe"})
    assert carry_corrections(TRANSCRIPT, {"json": tmp_path / "b.json"}, unsaved).name_of("SPEAKER_00") == "Zoe"
    assert carry_corrections(TRANSCRIPT, {"json": native}, unsaved).name_of("SPEAKER_00") == "Anna"


def test_word_ids_are_carried_over(native: Path) -> None:
    """Words that a new run recognises again keep the ids of the previous file."""
    before = with_new_word_ids(NAMED)
    native.write_text(before.to_json(), encoding="utf-8")
    again = with_new_word_ids(TRANSCRIPT.with_segments(TRANSCRIPT.segments[1:]))
    after = carry_corrections(again, {"json": native})
    assert after.words[0].id == before.segments[1].words[0].id != again.words[0].id


def test_corrections_of_another_recording_are_kept_in_a_backup(native: Path) -> None:
    """They are not applied; the previous file is renamed only if it would be replaced."""
    other = TRANSCRIPT.with_meta(recording=RecordingFile("a.wav", "sha256:2"))
    after = carry_corrections(other, {"srt": native.with_suffix(".srt")})
    assert (codes(after), native.exists()) == (["edits.other-recording"], True)
    after = carry_corrections(other, {"json": native})
    assert (codes(after), native.exists()) == (["edits.other-recording", "edits.set-aside"], False)
    assert Transcript.load(native.with_name("a.before-1.json")) == NAMED


def test_the_transcript_of_another_recording_is_kept(native: Path) -> None:
    """Also without corrections; that of the same recording, or of an unknown one, is replaced."""
    other = TRANSCRIPT.with_meta(recording=RecordingFile("b/a.wav", "sha256:2"))
    formats.save(TRANSCRIPT, native)
    for same in (TRANSCRIPT, TRANSCRIPT.with_meta(recording=None)):
        assert (codes(carry_corrections(same, {"json": native})), native.exists()) == ([], True)
    assert codes(carry_corrections(other, {"srt": native.with_suffix(".srt")})) == []
    after = carry_corrections(other, {"json": native})
    assert (codes(after), native.exists()) == (["outputs.other-recording"], False)
    assert "another recording with this name, a.wav, was renamed to" in after.meta.notices[0].text
    assert Transcript.load(native.with_name("a.before-1.json")) == TRANSCRIPT


def test_backups_do_not_replace_each_other(native: Path) -> None:
    other = TRANSCRIPT.with_meta(recording=replace(TRANSCRIPT.meta.recording or RecordingFile("a"), hash="sha256:2"))
    native.with_name("a.before-1.json").touch()
    carry_corrections(other, {"json": native})
    assert native.with_name("a.before-2.json").exists()


def test_only_native_json_is_editable(native: Path, tmp_path: Path) -> None:
    assert load_editable(native) == NAMED
    formats.save(NAMED, tmp_path / "a.srt")
    with pytest.raises(InputError, match="srt cannot hold corrections"):
        load_editable(tmp_path / "a.srt")


def test_exports_of_the_previous_state_are_stale(native: Path, tmp_path: Path) -> None:
    """Exports of the transcript before the correction are listed; files of others are not."""
    formats.save(TRANSCRIPT, tmp_path / "a.srt")
    (tmp_path / "a.txt").write_text("my notes")
    assert stale_exports(native, TRANSCRIPT, stale_documents(native)) == {"srt": tmp_path / "a.srt"}


def test_files_of_an_episode_are_no_exports(native: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Captions belong to an episode if there are show notes, and a page to the command that wrote it last."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    write_output(tmp_path / "a.srt", b"captions")
    assert (stale_documents(native), list(stale_exports(native, NAMED, stale_documents(native)))) == ({}, ["srt"])
    for suffix in SUFFIXES:
        write_output(tmp_path / f"a{suffix}", suffix.encode())
    assert stale_documents(native) == {"podcast": tuple(tmp_path / f"a{suffix}" for suffix in SUFFIXES)}
    assert stale_exports(native, NAMED, stale_documents(native)) == {}
    write_output(tmp_path / "a.html", b"page", "report")
    assert stale_documents(native)["report"] == (tmp_path / "a.html",)
    assert tmp_path / "a.html" not in stale_documents(native)["podcast"]
