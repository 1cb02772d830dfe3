"""Adding, updating and removing meetings, in files of their own and in parts."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from meetscribe.corpus.tables import CorpusWriter, Source, build_corpus, compact, find_sources, read_manifest, verify
from meetscribe.errors import InputError
from meetscribe.transcript import Transcript
from tests.support.corpora import content, save_transcripts, small_corpus, transcript_of


def status_of(root: Path) -> dict[str, str]:
    """Return the status of each meeting by the name of its transcript or recording."""
    rows = content(root)["meetings"]
    return {Path(row["transcript"] or row["recording"]).name: row["status"] for row in rows}


@pytest.mark.parametrize("compacted", [False, True])
def test_a_changed_transcript_replaces_its_rows(tmp_path: Path, compacted: bool) -> None:
    """After a renaming, only that meeting is written again, and the corpus equals one that is built from scratch."""
    corpus = small_corpus(tmp_path)
    if compacted:
        compact(corpus.root)
    file = tmp_path / "talks" / "2.json"
    Transcript.load(file).rename({"SPEAKER_01": "Ben"}).save(file)
    sources = find_sources([tmp_path / "talks"])
    assert build_corpus(corpus.root, sources).counts == {"unchanged": 4, "updated": 1}
    build_corpus(tmp_path / "fresh", sources)
    assert content(corpus.root) == content(tmp_path / "fresh")
    assert "Ben" in {row["speaker"] for row in content(corpus.root)["words"]}
    assert verify(corpus.root) == ()


@pytest.mark.parametrize("compacted", [False, True])
def test_removed_meetings_leave_no_row(tmp_path: Path, compacted: bool) -> None:
    """A meeting is removed from every table, given by its path or id; the others stay."""
    corpus = small_corpus(tmp_path)
    before = content(corpus.root)
    if compacted:
        compact(corpus.root)
    first, second = (row["meeting"] for row in before["meetings"][:2])
    with CorpusWriter(corpus.root) as writer:
        assert writer.remove([first]) == [first]
        assert writer.remove([before["meetings"][1]["transcript"]]) == [second]
    kept = {table: [row for row in rows if row["meeting"] not in (first, second)] for table, rows in before.items()}
    assert content(corpus.root) == kept
    assert verify(corpus.root) == ()
    words = [path.read_bytes() for path in (corpus.root / "words").rglob("*.parquet")]
    assert not any(first.encode() in data for data in words)


def test_nothing_is_removed_if_a_name_is_unknown(tmp_path: Path) -> None:
    """The error names what is not in the corpus, and nothing has changed."""
    corpus = small_corpus(tmp_path, 2)
    before = content(corpus.root)
    with CorpusWriter(corpus.root) as writer, pytest.raises(InputError, match="nowhere.json is not in"):
        writer.remove([before["meetings"][0]["meeting"], "nowhere.json"])
    assert content(corpus.root) == before


def test_a_duplicate_has_no_words_and_is_removed_with_its_original(tmp_path: Path) -> None:
    """The same content from another file is a meeting without words; removing the original removes it."""
    corpus = small_corpus(tmp_path, 2)
    words = content(corpus.root)["words"]
    shutil.copy(tmp_path / "talks" / "1.json", tmp_path / "talks" / "copy.json")
    built = build_corpus(corpus.root, find_sources([tmp_path / "talks"]))
    assert built.counts == {"unchanged": 2, "duplicate": 1}
    assert [Path(added.source.name).name for added in built.duplicates] == ["copy.json"]
    assert content(corpus.root)["words"] == words
    assert build_corpus(corpus.root, find_sources([tmp_path / "talks"])).counts == {"unchanged": 3}
    with CorpusWriter(corpus.root) as writer:
        assert len(writer.remove([str(tmp_path / "talks" / "1.json")])) == 2
    assert status_of(corpus.root) == {"0.json": "done"}


def test_a_duplicate_takes_the_place_of_a_lost_original(tmp_path: Path) -> None:
    """If the original has other content now, the duplicate is added with its words."""
    corpus = small_corpus(tmp_path, 1)
    shutil.copy(tmp_path / "talks" / "0.json", tmp_path / "talks" / "copy.json")
    build_corpus(corpus.root, find_sources([tmp_path / "talks"]))
    transcript_of(7).save(tmp_path / "talks" / "0.json", force=True)
    assert build_corpus(corpus.root, find_sources([tmp_path / "talks"])).counts == {"updated": 2}
    assert status_of(corpus.root) == {"0.json": "done", "copy.json": "done"}
    assert verify(corpus.root) == ()


def test_failures_are_meetings_until_they_succeed(tmp_path: Path) -> None:
    """A failed recording counts with its error; when it is done, its words take the place of the failure."""
    save_transcripts(tmp_path, range(1))
    failed = Source("talks", "/r/a.wav", status="failed", error="it is damaged", code=3)
    (done,) = find_sources([tmp_path / "0.json"], "talks")
    root = tmp_path / "corpus"
    assert build_corpus(root, [failed]).counts == {"failed": 1}
    (row,) = content(root)["meetings"]
    assert (row["status"], row["error"], row["code"], row["words"]) == ("failed", "it is damaged", 3, 0)
    retried = Source("talks", "/r/a.wav", done.transcript, data=done.data, load=done.load)
    assert build_corpus(root, [retried]).counts == {"updated": 1}
    assert [row["status"] for row in content(root)["meetings"]] == ["done"]
    assert read_manifest(root).meetings == {"done": 1}


def test_an_unreadable_transcript_is_a_failure(tmp_path: Path) -> None:
    """It is reported, it counts as failed, and the others are added."""
    save_transcripts(tmp_path / "talks", range(1))
    (tmp_path / "talks" / "broken.json").write_text('{"schema": "meetscribe/1"')
    built = build_corpus(tmp_path / "corpus", find_sources([tmp_path / "talks"]))
    assert built.counts == {"added": 1, "failed": 1}
    assert [Path(added.source.name).name for added in built.unreadable] == ["broken.json"]
    assert status_of(tmp_path / "corpus") == {"0.json": "done", "broken.json": "failed"}


def test_a_meeting_moves_to_another_collection(tmp_path: Path) -> None:
    """Its rows are in one collection only."""
    corpus = small_corpus(tmp_path, 2)
    build_corpus(corpus.root, find_sources([tmp_path / "talks" / "0.json"], "board"))
    assert {row["collection"] for row in content(corpus.root)["words"]} == {"board", "talks"}
    assert len(content(corpus.root)["meetings"]) == 2
    assert verify(corpus.root) == ()


def test_writers_see_what_others_have_written(tmp_path: Path) -> None:
    """A writer that was open during a compaction and a removal adds no row twice."""
    corpus = small_corpus(tmp_path, 4)
    sources = find_sources([tmp_path / "talks"])
    with CorpusWriter(corpus.root) as first:
        compact(corpus.root)
        with CorpusWriter(corpus.root) as second:
            second.remove([sources[0].name])
        assert [first.add(source).outcome for source in sources] == ["added", "unchanged", "unchanged", "unchanged"]
    assert verify(corpus.root) == ()


def test_files_are_private(tmp_path: Path) -> None:
    """Folders and files, those of parts too, can be read by their owner only."""
    corpus = small_corpus(tmp_path, 3)
    compact(corpus.root)
    build_corpus(corpus.root, find_sources([save_transcripts(tmp_path / "more", range(5, 6))]))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in corpus.root.rglob("*")}
    assert modes == {0o600, 0o700}
    (tmp_path / "empty").mkdir(mode=0o755)
    build_corpus(tmp_path / "empty", [])
    assert stat.S_IMODE((tmp_path / "empty").stat().st_mode) == 0o700


def test_another_folder_is_not_taken_for_a_corpus(tmp_path: Path) -> None:
    """A folder with other files, a missing one, and a corpus of another version are errors."""
    save_transcripts(tmp_path / "talks", range(1))
    with pytest.raises(InputError, match="not empty"):
        CorpusWriter(tmp_path / "talks", create=True)
    with pytest.raises(InputError, match="not a corpus"):
        CorpusWriter(tmp_path / "missing")
    (tmp_path / "other").mkdir()
    corpus = small_corpus(tmp_path / "other", 1)
    manifest = corpus.root / "manifest.json"
    manifest.write_text(manifest.read_text().replace("meetscribe-corpus/1", "meetscribe-corpus/9"))
    with pytest.raises(InputError, match="meetscribe-corpus/9"):
        CorpusWriter(corpus.root)
