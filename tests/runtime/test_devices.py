"""A device is found by name, or it is said what there is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from meetscribe.errors import SettingsError
from meetscribe.runtime import devices
from meetscribe.runtime.devices import Device, in_order, resolve_device, single_threaded


def test_names() -> None:
    """Devices are written as torch writes them."""
    assert [str(device) for device in (Device("cpu"), Device("cuda", 1), Device("mps"))] == [
        "cpu",
        "cuda:1",
        "mps",
    ]
    assert resolve_device("cpu") == Device("cpu")


def test_auto_is_the_first_card_or_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a card that can be used it is the processor."""
    monkeypatch.setattr(devices, "_cuda_count", lambda: 0)
    assert resolve_device() == Device("cpu")
    monkeypatch.setattr(devices, "_cuda_count", lambda: 2)
    assert resolve_device() == Device("cuda", 0)
    assert resolve_device("cuda") == Device("cuda", 0)
    assert resolve_device("cuda:1") == Device("cuda", 1)


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cpu:1", "cuda:x", "", "CUDA"])
def test_unknown_names(name: str) -> None:
    """An unknown name lists what is known."""
    with pytest.raises(SettingsError, match="unknown device"):
        resolve_device(name)


@pytest.mark.parametrize(("name", "count"), [("cuda", 0), ("cuda:3", 2), ("cuda:1", 1)])
def test_a_card_that_is_not_there(monkeypatch: pytest.MonkeyPatch, name: str, count: int) -> None:
    """A card that is asked for and absent is an error with a remedy, not a silent processor."""
    monkeypatch.setattr(devices, "_cuda_count", lambda: count)
    with pytest.raises(SettingsError, match="CUDA device") as caught:
        resolve_device(name)
    assert caught.value.remedy


def test_an_apple_card_that_is_not_there() -> None:
    """The same for Apple's."""
    import torch

    if torch.backends.mps.is_available():
        pytest.skip("this machine has an Apple graphics card")
    with pytest.raises(SettingsError, match="mps"):
        resolve_device("mps")


def test_torch_keeps_no_memory_for_lengths_that_are_done() -> None:
    """By the time torch first computes, it has been told to forget; what the environment says comes first."""
    told = """
import json, os, sys
from meetscribe.runtime.devices import resolve_device
before = "torch" in sys.modules
resolve_device("auto")
print(json.dumps([before, os.environ["LRU_CACHE_CAPACITY"], os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"]]))
"""
    environment = {key: value for key, value in os.environ.items() if key != "LRU_CACHE_CAPACITY"}
    done = subprocess.run(
        [sys.executable, "-c", told],
        env={**environment, "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "32"},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == [False, "1", "32"]


def test_each_thread_computes_alone() -> None:
    """Threads that are started meanwhile use one each; afterwards torch has as many as before."""
    import torch

    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        with single_threaded() as threads, ThreadPoolExecutor(threads) as pool:
            assert threads == 3
            assert list(pool.map(lambda _: torch.get_num_threads(), range(3))) == [1, 1, 1]
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_results_come_in_order_and_tasks_are_drawn_when_they_are_due() -> None:
    """However long a task takes; no more are drawn than a few for each thread."""
    drawn: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(20):
            drawn.append(number)
            yield number

    def work(number: int) -> int:
        time.sleep(0.001 * (number % 3))
        return number * number

    results = in_order(work, tasks(), 3)
    assert next(results) == 0
    assert len(drawn) < 10
    assert list(results) == [number * number for number in range(1, 20)]


def test_nothing_is_begun_after_a_failure() -> None:
    """The error is that of the task, and what had not been begun is left."""
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        time.sleep(0.001)
        return 1 // (3 - number)

    with pytest.raises(ZeroDivisionError):
        list(in_order(work, range(100), 2))
    assert len(begun) < 12
