"""Iterators, functions and bytes are sources; bytes may be cut anywhere."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.live.protocols import Source
from meetscribe.live.sources import BlockSource
from meetscribe.live.sources.blocks import pcm_blocks

Array = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
SAMPLES = np.random.default_rng(0).integers(-9000, 9000, 5000).astype(np.int16)


def collected(source: Source) -> Array:
    """Return all samples of a source, whose chunks follow each other."""
    chunks, position = list(source.chunks()), 0
    for chunk in chunks:
        assert chunk.start == position
        position = chunk.end
    return np.concatenate([np.zeros((0, source.channels), np.float32), *(chunk.samples for chunk in chunks)])


def test_an_iterator_and_a_function_give_the_same() -> None:
    """The function ends with None."""
    blocks = [SAMPLES[:2000], SAMPLES[2000:]]
    waiting: Iterator[np.ndarray[tuple[int], np.dtype[np.int16]]] = iter(blocks)
    by_function = BlockSource(lambda: next(waiting, None))
    assert np.array_equal(collected(BlockSource(blocks)), collected(by_function))
    assert len(collected(BlockSource([]))) == 0


@settings(deadline=None)
@given(st.integers(1, 7), st.integers(1, 4), st.integers(0, 3))
def test_bytes_may_be_cut_anywhere(size: int, channels: int, extra: int) -> None:
    """A frame that is cut between two reads is completed, and one that is incomplete at the end is dropped."""
    samples = SAMPLES[: 60 * channels].reshape(-1, channels)
    stream = io.BytesIO(samples.tobytes() + b"\x01" * min(extra, 2 * channels - 1))
    found = list(pcm_blocks(lambda _: stream.read(size), channels))
    assert np.array_equal(np.concatenate(found), samples)


def test_a_closed_source_ends() -> None:
    source = BlockSource(iter([SAMPLES] * 3))
    chunks = source.chunks()
    next(chunks)
    source.close()
    assert list(chunks) == []


def test_the_block_that_is_read_while_the_source_is_closed_is_kept() -> None:
    def read() -> np.ndarray[tuple[int], np.dtype[np.int16]]:
        source.close()
        return SAMPLES

    source = BlockSource(read)
    assert np.array_equal(collected(source)[:, 0], SAMPLES / np.float32(32_768))
