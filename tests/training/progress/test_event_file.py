"""Event files are what TensorBoard reads: framed records with checksums and protocol buffers."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.training.progress.event_file import EventFile, _varint, crc32c


def crc_bit_by_bit(data: bytes) -> int:
    """Return the CRC-32C by division, one bit at a time."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


@given(st.binary(max_size=100))
def test_checksum_equals_the_division(data: bytes) -> None:
    """The table gives the same checksum as the definition."""
    assert crc32c(data) == crc_bit_by_bit(data)


@given(st.integers(0, 2**63 - 1))
def test_varints_are_read_back(number: int) -> None:
    """Groups of seven bits give the number, and only the last lacks the high bit."""
    groups = _varint(number)
    assert sum((group & 127) << 7 * at for at, group in enumerate(groups)) == number
    assert [group >> 7 for group in groups] == [1] * (len(groups) - 1) + [0]


def test_records_are_framed(tmp_path: Path) -> None:
    """Each record is its length and the data, each followed by its checksum; the file belongs to its owner only."""
    events = EventFile(tmp_path)
    events.add(7, {"train/loss": 1.5})
    events.close()
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    data, records = path.read_bytes(), []
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        (checksum,) = struct.unpack("<I", data[12 + length : 16 + length])
        record = data[12 : 12 + length]
        rotated = (checksum - 0xA282EAD8) & 0xFFFFFFFF
        assert (rotated >> 17 | rotated << 15) & 0xFFFFFFFF == crc_bit_by_bit(record)
        records.append(record)
        data = data[16 + length :]
    assert b"brain.Event:2" in records[0]
    assert b"train/loss" in records[1] and struct.pack("<f", 1.5) in records[1]


def test_tensorboard_reads_them(tmp_path: Path) -> None:
    """TensorBoard's own reader finds the scalars."""
    loader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator", reason="no tensorboard")
    events = EventFile(tmp_path)
    for step in (1, 300):
        events.add(step, {"train/loss": step / 2, "dev/loss": 0.25})
    events.close()
    accumulator = loader.EventAccumulator(str(tmp_path))
    accumulator.Reload()
    assert [(each.step, each.value) for each in accumulator.Scalars("train/loss")] == [(1, 0.5), (300, 150.0)]
