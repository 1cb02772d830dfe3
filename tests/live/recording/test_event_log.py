"""The log of events survives a crash and a full disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.live import events
from meetscribe.live.events import Event
from meetscribe.live.recording.event_log import EVENTS_FILE, EventLog, read_log


def numbered(count: int) -> list[Event]:
    """Return events that differ."""
    return [events.mark(number, "é" * number).published(number, number) for number in range(1, count + 1)]


def test_events_are_read_back(tmp_path: Path) -> None:
    """Each event is on disk at once, and a second log continues the first."""
    log = EventLog(tmp_path)
    for event in numbered(3):
        log.append(event)
        assert list(read_log(tmp_path))[-1] == event
    log.close()
    log.close()
    with pytest.raises(ValueError, match="closed"):
        log.append(numbered(1)[0])
    log = EventLog(tmp_path)
    log.append(numbered(4)[3])
    log.close()
    assert list(read_log(tmp_path)) == numbered(4)
    assert (tmp_path / EVENTS_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("length", [1, 100, 70_000])
def test_an_incomplete_line_is_removed(tmp_path: Path, length: int) -> None:
    """A crash cut off the last line, however long it was."""
    lines = "".join(f"{event.to_line()}\n" for event in numbered(2))
    for complete in (lines, ""):
        (tmp_path / EVENTS_FILE).write_text(complete + '{"seq":3' + " " * length)
        EventLog(tmp_path).close()
        assert (tmp_path / EVENTS_FILE).read_text() == complete


def test_a_full_disk_leaves_no_part_of_an_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, real, full = EventLog(tmp_path), os.write, [False]

    def write(handle: int, data: bytes) -> int:
        if full[0] and len(data) < 20:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, memoryview(data)[: len(data) // 2] if full[0] else data)

    monkeypatch.setattr(os, "write", write)
    log.append(numbered(1)[0])
    full[0] = True
    with pytest.raises(OSError, match="No space"):
        log.append(numbered(2)[1])
    full[0] = False
    log.append(numbered(3)[2])
    log.close()
    assert [event.seq for event in read_log(tmp_path)] == [1, 3]


def test_a_damaged_log_is_an_error_and_a_missing_one_is_empty(tmp_path: Path) -> None:
    assert list(read_log(tmp_path)) == []
    (tmp_path / EVENTS_FILE).write_text(f"nonsense\n{numbered(1)[0].to_line()}\n")
    with pytest.raises(InputError, match="cannot be read"):
        list(read_log(tmp_path))
