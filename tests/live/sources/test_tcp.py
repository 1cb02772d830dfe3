"""A client of whisper_streaming sends samples over a real socket, and reads a line per commit."""

from __future__ import annotations

import socket
import threading

import numpy as np
import pytest

from meetscribe.errors import InputError, SettingsError
from meetscribe.live.session import Session
from meetscribe.live.sources import TcpListener, parse_address
from meetscribe.testing import synthetic_meeting
from meetscribe.testing.live import FAKE_PARTS, fake_live_recogniser
from tests.live.sources.test_blocks import SAMPLES, collected


def exchange(port: int, data: bytes, lines: list[str]) -> None:
    """Send all audio, end it, and read lines until the server closes, as netcat does."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        lines += client.makefile(encoding="utf-8").read().splitlines()


def test_samples_arrive_unchanged() -> None:
    listener, lines = TcpListener("127.0.0.1", 0), list[str]()
    sender = threading.Thread(target=exchange, args=(listener.port, SAMPLES.tobytes() + b"\x01", lines))
    sender.start()
    client = listener.accept()
    assert np.array_equal(collected(client.source).ravel(), SAMPLES.astype(np.float32) / 32_768)
    client.close()
    sender.join(5)
    listener.close()
    assert lines == []


def test_lines_hold_all_words_in_order() -> None:
    """Emission, start, end and text: the words of the whole meeting, also the last ones, and spans do not overlap."""
    meeting = synthetic_meeting(speakers=2, turns=4, seed=1)
    audio = meeting.audio().samples[:]
    listener, lines = TcpListener("127.0.0.1", 0), list[str]()
    data = np.round(audio * 32_768).clip(-32_768, 32_767).astype("<i2").tobytes()
    sender = threading.Thread(target=exchange, args=(listener.port, data, lines))
    sender.start()
    client = listener.accept()
    with Session(fake_live_recogniser(meeting), parts=FAKE_PARTS) as session:
        session.listen(client.send)
        session.run(client.source)
        session.stop()
    client.close()
    sender.join(5)
    listener.close()
    fields = [line.split(" ", 3) for line in lines]
    assert " ".join(field[3] for field in fields) == " ".join(word.text for word in meeting.transcript.words)
    times = [int(time) for _, start, end, _ in fields for time in (start, end)]
    assert times == sorted(times)
    assert all(int(emission) <= len(audio) / 16 + 1 for emission, *_ in fields)


def test_an_address_in_use_is_an_error() -> None:
    listener = TcpListener("127.0.0.1", 0)
    with pytest.raises(InputError, match="cannot listen"):
        TcpListener("127.0.0.1", listener.port)
    listener.close()
    with pytest.raises(InputError, match="no longer"):
        listener.accept()


@pytest.mark.parametrize("address", ["43007", ":1", "host:", "host:x", "host:99999"])
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="address"):
        parse_address(address)
