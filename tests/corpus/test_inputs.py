"""Finding the recordings that arguments name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.corpus import Entry, Event, Manifest, find_recordings, make_tasks, may_name_several, shard
from meetscribe.corpus.inputs import estimated_length, other_files
from meetscribe.corpus.remote.files import as_path
from meetscribe.errors import InputError, SettingsError


def test_folders_patterns_and_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each recording is found once, without hidden and other files; paths in a list are relative to it."""
    monkeypatch.chdir(tmp_path)
    for name in ("in/b.wav", "in/a/x.MP3", "in/notes.txt", "in/.hidden/y.wav", "talks/1.mp4", "talks/2.mp4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "talks" / "list.txt").write_text("# mine\n1.mp4\n\n../in/b.wav\n")
    found = find_recordings(["in", "talks/*.mp4", "in/b.wav"], Path("talks/list.txt"))
    assert [as_path(path).resolve().relative_to(tmp_path.resolve()).as_posix() for path in found] == [
        *("in/a/x.MP3", "in/b.wav", "talks/1.mp4", "talks/2.mp4")
    ]
    for nothing in ("in/.hidden/../a/*.wav", str(tmp_path / "in" / "none*")):
        with pytest.raises(InputError, match="no recordings") as raised:
            find_recordings([nothing])
        assert raised.value.remedy == "Check the pattern: no file matches it."
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no recordings in empty\nTheir suffixes are .*\.wav"):
        find_recordings(["empty"])


def test_a_recording_is_found_once_however_its_path_is_spelt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its stem stays the same when a later batch spells the path otherwise."""
    (tmp_path / "work").mkdir()
    (tmp_path / "recs").mkdir()
    (tmp_path / "recs" / "a.wav").write_bytes(b"x")
    monkeypatch.chdir(tmp_path / "work")
    spellings = ["../recs", "../recs/a.wav", str(tmp_path / "recs"), f"{tmp_path}/work/../recs/./a.wav"]
    assert len(find_recordings(spellings)) == 1
    manifest = Manifest(tmp_path / "manifest.jsonl")
    for spelling in spellings:
        (task,) = make_tasks(find_recordings([spelling]), manifest)
        assert str(task.stem) == "a"
        manifest.add(Entry.of(Event("end", task.recording, status="done"), "settings", ()))
    assert manifest.inputs == (tmp_path / "recs" / "a.wav",)


def test_unusual_recordings_are_found_and_other_files_are_counted(tmp_path: Path) -> None:
    """Phones, cameras and audiobooks have suffixes of their own; what is left out is not passed over in silence."""
    names = "a.3gp a.3g2 a.spx a.amr a.m4b a.m2ts a.mp2 a.MTS a.ogv a.qt a.txt b.txt notes .hidden.txt c.ra"
    for name in names.split():
        (tmp_path / name).write_bytes(b"x")
    assert len(find_recordings([str(tmp_path)])) == 10
    assert other_files([str(tmp_path), str(tmp_path / "c.ra")]) == {"": 1, ".ra": 1, ".txt": 2}


def test_impossible_names_are_names(tmp_path: Path) -> None:
    """Paths that no file can have are returned as they are, for whoever opens them to report."""
    listed = tmp_path / "list.txt"
    listed.write_text("x" * 300 + "\n" + "a/" * 3000 + "b.wav\na\0b.wav\n*\0.wav\n")
    assert len(find_recordings([], listed)) == 4


def test_a_file_may_have_the_name_of_a_pattern(tmp_path: Path) -> None:
    """Brackets in the name of an existing file are part of the name."""
    file = tmp_path / "talk [1].wav"
    assert may_name_several(str(file)) and may_name_several(str(tmp_path))
    file.touch()
    assert not may_name_several(str(file))


def test_stems_differ_from_those_of_the_manifest(tmp_path: Path) -> None:
    """A recording does not get the file names of one with the same name that was processed earlier."""
    manifest = Manifest(tmp_path / "manifest.jsonl")
    first, second = tmp_path / "a" / "x.wav", tmp_path / "b" / "x.wav"
    assert [str(task.stem) for task in make_tasks([first], manifest)] == ["x"]
    manifest.add(Entry.of(Event("end", first, status="done"), "settings", ()))
    assert [str(task.stem) for task in make_tasks([second], manifest)] == ["b/x"]


@given(st.integers(1, 9), st.integers(0, 30))
def test_shards_are_a_partition(count: int, total: int) -> None:
    """Each recording is in exactly one shard, and shards differ in size by one at most."""
    recordings = [Path(str(number)) for number in range(total)]
    shards = [shard(recordings, f"{number}/{count}") for number in range(1, count + 1)]
    assert sorted(path for one in shards for path in one) == sorted(recordings)
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "-1/2"])
def test_invalid_shards_are_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="--shard"):
        shard([], text)


def test_the_folder_of_a_live_session_is_one_recording(tmp_path: Path) -> None:
    """Its pieces are not recordings, and its other files are not counted."""
    session = tmp_path / "talks" / "monday"
    (session / "audio").mkdir(parents=True)
    for name in ("session.json", "events.jsonl", "audio/000000000000.wav"):
        (session / name).write_bytes(b"x")
    (tmp_path / "talks" / "a.wav").write_bytes(b"x")

    assert not may_name_several(str(session))
    assert find_recordings([str(session)]) == (session,)
    assert find_recordings([str(tmp_path)]) == (tmp_path / "talks" / "a.wav", session)
    assert not other_files([str(tmp_path)])


def test_the_length_of_a_recording_is_estimated(tmp_path: Path) -> None:
    """Compressed recordings are longer than others of the same size; what cannot be found has no length."""
    lengths = []
    for name in ("a.mp3", "a.wav", "a.mp4"):
        (tmp_path / name).write_bytes(bytes(1000))
        lengths.append(estimated_length(tmp_path / name))
    assert lengths == sorted(lengths, reverse=True) and min(lengths) > 0
    assert estimated_length(tmp_path / "missing.wav") == 0.0
