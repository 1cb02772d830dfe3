"""The decoding plan fits the machine, keeps the settings, and gives reasons."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.asr import AsrSettings
from meetscribe.asr.planning import Machine, inspect_machine, make_plan, model_size
from meetscribe.runtime.devices import Device

GB = 1_000_000_000


@pytest.mark.parametrize(
    ("cores", "workers", "threads"), [(1, 1, 1), (2, 2, 1), (4, 4, 1), (8, 4, 2), (16, 4, 4), (64, 4, 8)]
)
def test_all_cores_are_used_without_oversubscription(cores: int, workers: int, threads: int) -> None:
    """There are up to four workers; the remaining cores become their threads, up to eight each."""
    made = make_plan(AsrSettings(), Machine("cpu", cores, 16 * GB))
    assert (made.workers, made.threads) == (workers, threads)


@given(
    st.integers(1, 128), st.none() | st.integers(0, 1 << 40), st.integers(0, 1 << 33), st.sampled_from(["cpu", "cuda"])
)
def test_a_plan_is_always_possible(cores: int, memory: int | None, model: int, kind: str) -> None:
    """At least one clip is decoded at once, there are no more threads than cores, and each choice has a reason."""
    made = make_plan(AsrSettings(), Machine(kind, cores, memory), model_bytes=model)
    assert min(made.workers, made.threads, made.batch_size) >= 1
    assert made.workers * made.threads <= cores
    assert len(made.reasons) == 3


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
def test_settings_are_kept(workers: int, threads: int, batch: int) -> None:
    """Settings take precedence over the resources of the machine."""
    made = make_plan(AsrSettings(workers=workers, batch_size=batch), Machine("cpu", 4, GB), threads)
    assert (made.workers, made.threads, made.batch_size) == (workers, threads, batch)


def test_more_threads_leave_fewer_workers() -> None:
    """Eight cores serve two workers with four threads each."""
    assert make_plan(AsrSettings(), Machine("cpu", 8, 16 * GB), threads=4).workers == 2


def test_batches_shrink_with_the_memory() -> None:
    """Batches shrink down to one clip, and the reason names the free memory."""
    sizes = [
        make_plan(AsrSettings(), Machine("cpu", 8, memory), model_bytes=GB).batch_size
        for memory in (64 * GB, 16 * GB, GB)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (8, 1)
    assert "1.0 GB are free" in make_plan(AsrSettings(), Machine("cpu", 8, GB), model_bytes=GB).reasons[2]


def test_a_graphics_card_has_one_worker_and_large_batches() -> None:
    """A card with more memory has larger batches."""
    large, small = (
        make_plan(AsrSettings(), Machine("cuda", 8, memory), model_bytes=3 * GB) for memory in (80 * GB, 6 * GB)
    )
    assert (large.workers, large.batch_size) == (1, 24)
    assert small.batch_size < large.batch_size


def test_reasons_speak_of_batches() -> None:
    """The workers of a plan are batches in one process; processes are the jobs of a batch of recordings."""
    several, one = (make_plan(AsrSettings(), Machine("cpu", cores, GB)).reasons for cores in (2, 1))
    assert several[:2] == (
        "2 batches in parallel: 2 CPU cores, and batches scale better than threads",
        "1 thread per batch: 2 CPU cores for 2 batches in parallel, at most 8 each",
    )
    assert one[0].startswith("1 batch at a time: 1 CPU core")


def test_this_machine_has_resources() -> None:
    """The memory is unknown where the system does not report it."""
    machine = inspect_machine(Device("cpu"))
    assert machine.cores >= 1
    assert machine.memory is None or machine.memory > 0


def test_the_size_of_a_model_is_that_of_its_files(tmp_path: Path) -> None:
    """The files of a directory add up; a missing model has the size 0."""
    (tmp_path / "a").write_bytes(b"123")
    (tmp_path / "b").write_bytes(b"4")
    assert (model_size(tmp_path), model_size(tmp_path / "a"), model_size(tmp_path / "none")) == (4, 3, 0)
