"""Which recordings are meant, and what their files are called."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.corpus import Look, Template, find_recordings, settled, shard, stems
from meetscribe.errors import InputError, SettingsError
from meetscribe.testing import synthetic_meeting

parts = st.sampled_from(["a", "b", "A", "x.1", "x"])
paths = st.lists(st.tuples(parts, parts, parts, st.sampled_from([".wav", ".mp3"])), min_size=1, unique=True).map(
    lambda found: [Path(one, two, three + suffix) for one, two, three, suffix in found]
)


@given(paths)
def test_no_two_recordings_share_a_name(recordings: list[Path]) -> None:
    """Whatever the folders and suffixes are, also where a file system tells no cases apart, unless paths do not."""
    recordings = list({str(path).casefold(): path for path in recordings}.values())
    names = stems(recordings)
    assert set(names) == set(recordings)
    assert len({str(name).casefold() for name in names.values()}) == len(recordings)
    assert not any(name.is_absolute() or ".." in name.parts for name in names.values())


@pytest.mark.parametrize("text", ["{stem}.{speakers}", "fixed", "{stem", "../{stem}", "{stem}/x", "{0}", "{language}"])
def test_templates_that_cannot_be_are_told(text: str) -> None:
    with pytest.raises(SettingsError, match="--name"):
        Template(text)


def test_templates_are_filled(tmp_path: Path) -> None:
    recording = tmp_path / "team" / "sync.3.WAV"
    recording.parent.mkdir()
    recording.write_bytes(b"x")
    template = Template("{folder}_{stem}.{suffix}.{language}.{speaker_count}spk")
    name = template.fill(PurePath("in/sync.3"), recording, synthetic_meeting(speakers=3).transcript)
    assert name == PurePath("in/team_sync.3.WAV.en.3spk")


def test_folders_patterns_and_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each recording once, hidden and other files left out; a list's paths are relative to it."""
    monkeypatch.chdir(tmp_path)
    for name in ("in/b.wav", "in/a/x.MP3", "in/notes.txt", "in/.hidden/y.wav", "talks/1.mp4", "talks/2.mp4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "talks" / "list.txt").write_text("# mine\n1.mp4\n\n../in/b.wav\n")
    found = find_recordings(["in", "talks/*.mp4", "in/b.wav"], Path("talks/list.txt"))
    assert [path.resolve().relative_to(tmp_path.resolve()).as_posix() for path in found] == [
        *("in/a/x.MP3", "in/b.wav", "talks/1.mp4", "talks/2.mp4")
    ]
    for nothing in ("in/.hidden/../a/*.wav", str(tmp_path / "in" / "none*")):
        with pytest.raises(InputError, match="no recordings"):
            find_recordings([nothing])


def test_odd_names_are_names(tmp_path: Path) -> None:
    """What no file can be called is left to whoever opens it; two slashes at the start are as good as one."""
    listed = tmp_path / "list.txt"
    listed.write_text("x" * 300 + "\n" + "a/" * 3000 + "b.wav\na\0b.wav\n*\0.wav\n")
    assert len(find_recordings([], listed)) == 4
    assert set(map(str, stems([Path("//a/x.wav"), Path("/b/x.wav")]).values())) == {"a/x", "b/x"}


@given(st.integers(1, 9), st.integers(0, 30))
def test_shards_are_a_partition(count: int, total: int) -> None:
    recordings = [Path(str(number)) for number in range(total)]
    shares = [shard(recordings, f"{number}/{count}") for number in range(1, count + 1)]
    assert sorted(path for share in shares for path in share) == sorted(recordings)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "-1/2"])
def test_wrong_shards_are_told(text: str) -> None:
    with pytest.raises(SettingsError, match="--shard"):
        shard([], text)


def test_a_file_that_grows_is_not_taken(tmp_path: Path) -> None:
    """Only what looks the same twice, and is not empty, has come to rest."""
    still, growing, empty = (tmp_path / name for name in ("still.wav", "growing.wav", "empty.wav"))
    for path in (still, growing):
        path.write_bytes(b"x")
    empty.touch()
    before = Look.at([still, growing, empty, tmp_path / "gone.wav"])
    growing.write_bytes(b"xy")
    assert settled(before, Look.at([still, growing, empty])) == (still,)
