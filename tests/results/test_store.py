"""The folder of cached results: damaged and foreign entries are absent, and write errors are harmless."""

from __future__ import annotations

import errno
import json
import logging
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.results import DIARIZATION, SPANS, CacheKey, Store, cache_key, stages_folder
from meetscribe.testing import synthetic_meeting
from meetscribe.timeline import Diarization, Span

KEY = cache_key("sha256:" + "ab" * 32, "speech", {"threshold": 0.5})
SPEECH = (Span(0.1, 1 / 3), Span(2.0, 2.7182818284590455))


def file_of(folder: Path) -> Path:
    (file,) = [path for path in folder.rglob("*") if path.is_file()]
    return file


def test_voiceprints_are_not_written(tmp_path: Path) -> None:
    """A diarization is stored without its voiceprints, which are biometric data."""
    found = synthetic_meeting().diarization
    prints = {speaker: np.full(4, 0.123456, np.float32) for speaker in found.speakers}
    value = Diarization(found.turns, found.exclusive, prints, "voices")
    Store(tmp_path).save(KEY, DIARIZATION, value)
    assert "0.1234" not in file_of(tmp_path).read_text()
    kept = Store(tmp_path).load(KEY, DIARIZATION)
    assert kept == value and kept is not None and not kept.voiceprints


def test_saved_results_are_loaded_by_later_runs(tmp_path: Path) -> None:
    """A result is loaded with its key only, not with that of another recording, stage or setting."""
    Store(tmp_path / "a").save(KEY, SPANS, SPEECH)
    again = Store(tmp_path / "a")
    assert again.load(KEY, SPANS) == SPEECH
    others = [
        CacheKey("cd" * 32, "speech", KEY.digest),
        CacheKey(KEY.recording, "segmentation", KEY.digest),
        cache_key("sha256:" + KEY.recording, "speech", {"threshold": 0.6}),
    ]
    assert [again.load(other, SPANS) for other in others] == [None] * 3


def test_files_are_private(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache" / "stages")
    store.save(KEY, SPANS, SPEECH)
    store.journal(CacheKey(KEY.recording, "transcription", KEY.digest)).add(1)
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "cache").rglob("*")}
    assert modes == {True: 0o700, False: 0o600}
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


@pytest.mark.parametrize("place", [0.0, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("damage", ["cut", "flip", "zeros"])
def test_damaged_results_are_absent(tmp_path: Path, damage: str, place: float) -> None:
    """A file that is cut off, or has a changed bit or block anywhere, is not loaded, and can be replaced."""
    cache = Store(tmp_path)
    cache.save(KEY, SPANS, SPEECH)
    file = file_of(tmp_path)
    data = bytearray(file.read_bytes())
    at = int(place * len(data))
    if damage == "cut":
        del data[at:]
    elif damage == "flip":
        data[at] ^= 4
    else:
        data[at : at + 16] = bytes(len(data[at : at + 16]))
    file.write_bytes(data)
    assert cache.load(KEY, SPANS) is None
    cache.save(KEY, SPANS, SPEECH)
    assert cache.load(KEY, SPANS) == SPEECH


def test_results_of_another_key_are_absent(tmp_path: Path) -> None:
    """An intact file at the path of another result is not loaded for it."""
    cache = Store(tmp_path)
    other = cache_key("sha256:" + KEY.recording, "speech", {"threshold": 0.7})
    cache.save(KEY, SPANS, SPEECH)
    file = file_of(tmp_path)
    cache.save(other, SPANS, ())
    (target,) = [path for path in tmp_path.rglob("*.json") if path != file]
    target.write_bytes(file.read_bytes())
    assert cache.load(other, SPANS) is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
def test_files_of_another_user_are_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(tmp_path).save(KEY, SPANS, SPEECH)
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    assert Store(tmp_path).load(KEY, SPANS) is None


def test_a_full_disk_does_not_fail_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The error is logged once; earlier results are still loaded, and no partial file is left."""

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    cache, late = Store(tmp_path), CacheKey(KEY.recording, "segmentation", KEY.digest)
    cache.save(KEY, SPANS, SPEECH)
    monkeypatch.setattr(os, "fsync", full)
    with caplog.at_level(logging.WARNING):
        cache.save(late, SPANS, SPEECH)
        cache.journal(late).add({"first": 0})
        cache.save(late, SPANS, SPEECH)
    assert [record.getMessage() for record in caplog.records] == [
        "results are no longer cached: No space left on device"
    ]
    assert not cache.is_writable
    assert cache.load(KEY, SPANS) == SPEECH
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [file_of(tmp_path).name]


def test_a_folder_that_cannot_be_created_does_not_fail_the_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = Store(tmp_path / "file" / "stages")
    cache.save(KEY, SPANS, SPEECH)
    assert cache.load(KEY, SPANS) is None
    assert len(caplog.records) == 1


def test_nothing_is_stored_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cache = Store(None)
    cache.save(KEY, SPANS, SPEECH)
    cache.journal(KEY).add(1)
    assert (cache.is_writable, cache.load(KEY, SPANS), cache.journal(KEY).entries()) == (False, None, [])
    assert list(tmp_path.iterdir()) == []


def test_a_journal_grows_until_the_result_is_saved(tmp_path: Path) -> None:
    """Entries are there in later processes, until the complete result is saved."""
    Store(tmp_path).journal(KEY).add({"first": 0, "text": "Grüße\n"})
    cache = Store(tmp_path)
    cache.journal(KEY).add({"first": 4})
    assert Store(tmp_path).journal(KEY).entries() == [{"first": 0, "text": "Grüße\n"}, {"first": 4}]
    cache.save(KEY, SPANS, SPEECH)
    assert cache.journal(KEY).entries() == []
    assert file_of(tmp_path).suffix == ".json"


@settings(max_examples=30, deadline=None)
@given(cut=st.integers(0, 300), flip=st.integers(0, 300))
def test_damage_in_a_journal_stays_in_its_line(tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int) -> None:
    """Incomplete and changed lines are skipped; entries added afterwards are read."""
    folder = tmp_path_factory.mktemp("journal")
    journal = Store(folder).journal(KEY)
    for number in range(5):
        journal.add({"first": number})
    file = file_of(folder)
    data = bytearray(file.read_bytes())
    del data[min(cut, len(data)) :]
    if data:
        data[flip % len(data)] ^= 1
    file.write_bytes(data)
    journal.add({"first": 5})
    found = [json.dumps(entry) for entry in journal.entries()]
    assert found[-1] == '{"first": 5}'
    assert set(found) <= {json.dumps({"first": number}) for number in range(6)}
    assert len(found) >= data.count(b"\n") // 2 - 2


def test_concurrent_writers_leave_files_intact(tmp_path: Path) -> None:
    """Concurrent writers of one journal and one result leave both intact."""

    def write(number: int) -> None:
        cache = Store(tmp_path)
        for part in range(20):
            cache.journal(CacheKey(KEY.recording, "transcription", KEY.digest)).add([number, part, "x" * 500])
            cache.save(KEY, SPANS, SPEECH)
            assert cache.load(KEY, SPANS) == SPEECH

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    entries = Store(tmp_path).journal(CacheKey(KEY.recording, "transcription", KEY.digest)).entries()
    assert sorted(map(str, entries)) == sorted(str([n, part, "x" * 500]) for n in range(4) for part in range(20))


def test_the_folder_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path))
    assert stages_folder() == tmp_path / "stages"
