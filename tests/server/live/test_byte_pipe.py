"""A pipe between threads: bytes in their order, bounded, with an end."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.server.live.byte_pipe import BytePipe


@given(st.lists(st.binary(max_size=20), max_size=20), st.integers(1, 7))
def test_bytes_arrive_in_order(blocks: list[bytes], size: int) -> None:
    pipe = BytePipe(capacity=1000)
    assert all(pipe.offer(block) for block in blocks)
    pipe.end()
    assert b"".join(iter(lambda: pipe.read(size), b"")) == b"".join(blocks)


def test_a_full_pipe_refuses() -> None:
    """One block is always accepted, however large; a closed pipe accepts and drops everything."""
    pipe = BytePipe(capacity=4)
    assert pipe.offer(b"12345") and not pipe.offer(b"6")
    assert pipe.read(3) == b"123" and pipe.offer(b"6")
    pipe.close()
    assert pipe.offer(bytes(100)) and pipe.read(1) == b""


def test_a_reader_waits() -> None:
    pipe = BytePipe()
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read(10)))
    reader.start()
    pipe.offer(b"late")
    reader.join(5)
    assert found == [b"late"]
