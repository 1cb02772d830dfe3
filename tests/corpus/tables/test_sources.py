"""Sources: manifests, folders with subfolders, files of one and of several transcripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.corpus import Entry, Manifest
from meetscribe.corpus.manifest import FILE_NAME
from meetscribe.corpus.tables import Source, find_sources
from meetscribe.errors import InputError
from tests.support.corpora import save_transcripts, transcript_of


def entry(path: str, status: str = "done", outputs: tuple[str, ...] = (), hash: str | None = None) -> Entry:
    error = "it is damaged" if status == "failed" else None
    return Entry(path, 1, 1, hash, outputs, 1.0, 2.0, status, error, 3 if error else 0, "digest")  # type: ignore[arg-type]


def loaded(source: Source) -> str:
    """Return the text of a source's transcript."""
    assert source.load is not None
    return source.load(source.data()).text


def test_a_folder_stands_for_its_transcripts(tmp_path: Path) -> None:
    """Subfolders are collections; the most detailed file of each recording is read, hidden folders are not."""
    save_transcripts(tmp_path / "archive", range(2))
    save_transcripts(tmp_path / "archive" / "board 2026", range(2, 3))
    save_transcripts(tmp_path / "archive" / ".trash", range(3, 4))
    transcript_of(0).save(tmp_path / "archive" / "0.srt")
    found = find_sources([tmp_path / "archive"])
    assert [(source.collection, Path(source.name).name) for source in found] == [
        ("archive", "0.json"),
        ("archive", "1.json"),
        ("board 2026", "2.json"),
    ]
    assert loaded(found[2]) == transcript_of(2).text
    assert {source.collection for source in find_sources([tmp_path / "archive"], "all")} == {"all"}


def test_a_manifest_stands_for_its_recordings(tmp_path: Path) -> None:
    """A failure keeps its error, the most detailed output is read, and outputs without a transcript are a failure."""
    out = save_transcripts(tmp_path / "out", range(1))
    transcript_of(0).save(out / "0.srt")
    manifest = Manifest(out / FILE_NAME)
    manifest.add(entry("/r/talks/0.wav", outputs=(str(out / "0.srt"), str(out / "0.json")), hash="sha256:ab"))
    manifest.add(entry("/r/talks/bad.wav", "failed"))
    manifest.add(entry("/r/talks/lost.wav", outputs=(str(out / "lost.mp4"),)))
    for argument in (out, out / FILE_NAME):
        done, bad, lost = find_sources([argument])
        assert (done.recording, done.transcript, done.collection) == ("/r/talks/0.wav", str(out / "0.json"), "talks")
        assert loaded(done) == transcript_of(0).text
        assert (bad.status, bad.error, bad.load) == ("failed", "it is damaged", None)
        assert lost.status == "failed"
        assert lost.error is not None and "lost.mp4" in lost.error


def test_a_file_with_several_recordings(tmp_path: Path) -> None:
    """Each recording of an RTTM file is a source with its name."""
    (tmp_path / "all.rttm").write_text(
        "SPEAKER a 1 0.0 2.0 <NA> <NA> Anna <NA> <NA>\nSPEAKER b 1 0.0 3.0 <NA> <NA> Ben <NA> <NA>\n"
    )
    found = find_sources([tmp_path / "all.rttm"])
    assert [source.name.rpartition("/")[2] for source in found] == ["all.rttm#a", "all.rttm#b"]
    assert [source.load(source.data()).turns[0].speaker for source in found if source.load] == ["Anna", "Ben"]


def test_the_revision_is_that_of_all_that_rows_are_made_from(tmp_path: Path) -> None:
    """Another content, collection, status or error is another revision."""
    one = Source("talks", "/r/a.wav", "/out/a.json")
    others = [
        (Source("board", "/r/a.wav", "/out/a.json"), b"x"),
        (Source("talks", "/r/a.wav", "/out/a.json", "incomplete"), b"x"),
        (Source("talks", "/r/a.wav", "/out/a.json", error="e"), b"x"),
        (one, b"y"),
    ]
    assert one.revision(b"x") == Source("talks", "/r/a.wav", "/out/a.json").revision(b"x")
    assert one.revision(b"x") not in {source.revision(data) for source, data in others}


def test_what_has_no_transcript_is_an_error(tmp_path: Path) -> None:
    """A missing file, an empty folder and an unreadable manifest are named."""
    (tmp_path / "empty").mkdir()
    for argument in ("empty", "missing.rttm", "missing.json"):
        with pytest.raises(InputError, match=argument):
            find_sources([tmp_path / argument])
