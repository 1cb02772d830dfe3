"""What is kept of stages: it reads back equal, and what is damaged, foreign or cannot be written does no harm."""

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

from meetscribe.results import DIARIZATION, SPANS, TRANSCRIPT, Key, Store, key_of, source_of, store
from meetscribe.testing import synthetic_meeting
from meetscribe.timeline import Diarization, Span, Turn
from meetscribe.transcript import Transcript
from tests.support.notices import notices

KEY = key_of("sha256:" + "ab" * 32, "speech", {"threshold": 0.5})
SPEECH = (Span(0.1, 1 / 3), Span(2.0, 2.7182818284590455))

spans = st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)).map(sorted).map(lambda pair: Span(*pair))).map(tuple)
turns = st.lists(st.from_type(Turn), max_size=4).map(tuple)


def file_of(folder: Path) -> Path:
    (file,) = [path for path in folder.rglob("*") if path.is_file()]
    return file


@settings(deadline=None)
@given(spans)
def test_spans_read_back_equal(value: tuple[Span, ...]) -> None:
    assert SPANS.read(SPANS.write(value)) == value


@settings(max_examples=20, deadline=None)
@given(st.from_type(Transcript))
def test_transcripts_read_back_equal(value: Transcript) -> None:
    assert TRANSCRIPT.read(TRANSCRIPT.write(value)) == value


@settings(deadline=None)
@given(turns, turns, st.none() | st.text(), st.lists(st.text()).map(tuple))
def test_diarizations_read_back_equal(
    all_turns: tuple[Turn, ...], exclusive: tuple[Turn, ...], embedder: str | None, texts: tuple[str, ...]
) -> None:
    value = Diarization(all_turns, exclusive, embedder=embedder, notices=notices(*texts))
    assert DIARIZATION.read(DIARIZATION.write(value)) == value


def test_voiceprints_are_not_written(tmp_path: Path) -> None:
    """Biometric data stays in memory: the rest of a diarization is kept without it."""
    found = synthetic_meeting().diarization
    prints = {speaker: np.full(4, 0.123456, np.float32) for speaker in found.speakers}
    value = Diarization(found.turns, found.exclusive, prints, "voices")
    Store(tmp_path).save(KEY, DIARIZATION, value)
    assert "0.1234" not in file_of(tmp_path).read_text()
    kept = Store(tmp_path).load(KEY, DIARIZATION)
    assert kept == value and kept is not None and not kept.voiceprints


def test_what_is_kept_is_there_for_the_next_run(tmp_path: Path) -> None:
    """Under its key, and under no other: another recording, stage or setting finds nothing."""
    Store(tmp_path / "a").save(KEY, SPANS, SPEECH)
    again = Store(tmp_path / "a")
    assert again.load(KEY, SPANS) == SPEECH
    others = [
        Key("cd" * 32, "speech", KEY.digest),
        Key(KEY.recording, "segmentation", KEY.digest),
        key_of("sha256:" + KEY.recording, "speech", {"threshold": 0.6}),
    ]
    assert [again.load(other, SPANS) for other in others] == [None] * 3


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache" / "stages")
    store.save(KEY, SPANS, SPEECH)
    store.journal(Key(KEY.recording, "transcription", KEY.digest)).add(1)
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "cache").rglob("*")}
    assert modes == {True: 0o700, False: 0o600}
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


@pytest.mark.parametrize("place", [0.0, 0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("damage", ["cut", "flip", "zeros"])
def test_what_is_damaged_is_absent(tmp_path: Path, damage: str, place: float) -> None:
    """A file cut off, or changed in a bit or a block anywhere, is made anew, and then is whole again."""
    keeper = Store(tmp_path)
    keeper.save(KEY, SPANS, SPEECH)
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
    assert keeper.load(KEY, SPANS) is None
    keeper.save(KEY, SPANS, SPEECH)
    assert keeper.load(KEY, SPANS) == SPEECH


def test_what_belongs_to_another_key_is_absent(tmp_path: Path) -> None:
    """A whole file that was moved to where another result belongs is not taken for it."""
    keeper = Store(tmp_path)
    other = key_of("sha256:" + KEY.recording, "speech", {"threshold": 0.7})
    keeper.save(KEY, SPANS, SPEECH)
    file = file_of(tmp_path)
    keeper.save(other, SPANS, ())
    (target,) = [path for path in tmp_path.rglob("*.json") if path != file]
    target.write_bytes(file.read_bytes())
    assert keeper.load(other, SPANS) is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
def test_what_somebody_else_wrote_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(tmp_path).save(KEY, SPANS, SPEECH)
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    assert Store(tmp_path).load(KEY, SPANS) is None


def test_a_full_disk_costs_nothing_but_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once; what was kept before is still there, and nothing half-written is."""

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    keeper, late = Store(tmp_path), Key(KEY.recording, "segmentation", KEY.digest)
    keeper.save(KEY, SPANS, SPEECH)
    monkeypatch.setattr(os, "fsync", full)
    with caplog.at_level(logging.WARNING):
        keeper.save(late, SPANS, SPEECH)
        keeper.journal(late).add({"first": 0})
        keeper.save(late, SPANS, SPEECH)
    assert [record.getMessage() for record in caplog.records] == [
        "what is made now is not kept for a next run: No space left on device"
    ]
    assert not keeper.keeps
    assert keeper.load(KEY, SPANS) == SPEECH
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [file_of(tmp_path).name]


def test_a_folder_that_cannot_be_made_is_no_obstacle(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    keeper = Store(tmp_path / "file" / "stages")
    keeper.save(KEY, SPANS, SPEECH)
    assert keeper.load(KEY, SPANS) is None
    assert len(caplog.records) == 1


def test_without_a_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    keeper = Store(None)
    keeper.save(KEY, SPANS, SPEECH)
    keeper.journal(KEY).add(1)
    assert (keeper.keeps, keeper.load(KEY, SPANS), keeper.journal(KEY).entries()) == (False, None, [])
    assert list(tmp_path.iterdir()) == []


def test_a_journal_grows_until_the_result_is_kept(tmp_path: Path) -> None:
    """Its entries outlive the process, and are gone when the whole is there."""
    Store(tmp_path).journal(KEY).add({"first": 0, "text": "Grüße\n"})
    keeper = Store(tmp_path)
    keeper.journal(KEY).add({"first": 4})
    assert Store(tmp_path).journal(KEY).entries() == [{"first": 0, "text": "Grüße\n"}, {"first": 4}]
    keeper.save(KEY, SPANS, SPEECH)
    assert keeper.journal(KEY).entries() == []
    assert file_of(tmp_path).suffix == ".json"


@settings(max_examples=30, deadline=None)
@given(cut=st.integers(0, 300), flip=st.integers(0, 300))
def test_a_torn_journal_loses_no_other_line(tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int) -> None:
    """Half a line, and one that was changed, are left out; what is added afterwards is read."""
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


def test_two_at_once_do_no_harm(tmp_path: Path) -> None:
    """Several writers of one journal and one result leave both whole."""

    def write(number: int) -> None:
        keeper = Store(tmp_path)
        for part in range(20):
            keeper.journal(Key(KEY.recording, "transcription", KEY.digest)).add([number, part, "x" * 500])
            keeper.save(KEY, SPANS, SPEECH)
            assert keeper.load(KEY, SPANS) == SPEECH

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    entries = Store(tmp_path).journal(Key(KEY.recording, "transcription", KEY.digest)).entries()
    assert sorted(map(str, entries)) == sorted(str([n, part, "x" * 500]) for n in range(4) for part in range(20))


def test_the_version_of_a_stage_is_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed line in any module of a room changes the version; rooms have different ones."""
    from meetscribe.results import keys

    room = tmp_path / "vad"
    room.mkdir()
    (room / "__init__.py").write_text("a = 1")
    (tmp_path / "asr").mkdir()
    (tmp_path / "asr" / "__init__.py").write_text("a = 1")
    monkeypatch.setattr(keys, "files", lambda package: tmp_path)
    source_of.cache_clear()
    try:
        before, other = source_of("vad"), source_of("asr")
        source_of.cache_clear()
        (room / "__init__.py").write_text("a = 2")
        assert len({before, other, source_of("vad"), source_of("vad", "asr")}) == 4
    finally:
        source_of.cache_clear()


def test_the_cache_is_where_the_user_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path))
    assert store.stages_folder() == tmp_path / "stages"
