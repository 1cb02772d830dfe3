"""Devices are resolved by name; an unknown or missing one is an error that names those there are."""

from __future__ import annotations

import pytest

from meetscribe.errors import SettingsError
from meetscribe.runtime import devices
from meetscribe.runtime.devices import Device, is_device_failure, resolve_device


def test_names() -> None:
    """Devices are written as torch writes them."""
    assert [str(device) for device in (Device("cpu"), Device("cuda", 1), Device("mps"))] == [
        "cpu",
        "cuda:1",
        "mps",
    ]
    assert resolve_device("cpu") == Device("cpu")


def test_auto_is_the_first_gpu_or_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a usable GPU, "auto" is the CPU."""
    monkeypatch.setattr(devices, "_cuda_count", lambda: 0)
    assert resolve_device() == Device("cpu")
    monkeypatch.setattr(devices, "_cuda_count", lambda: 2)
    assert resolve_device() == Device("cuda", 0)
    assert resolve_device("cuda") == Device("cuda", 0)
    assert resolve_device("cuda:1") == Device("cuda", 1)


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cpu:1", "cuda:x", "", "CUDA"])
def test_unknown_names(name: str) -> None:
    """The error for an unknown name lists the known ones."""
    with pytest.raises(SettingsError, match="unknown device"):
        resolve_device(name)


@pytest.mark.parametrize(("name", "count"), [("cuda", 0), ("cuda:3", 2), ("cuda:1", 1)])
def test_a_gpu_that_is_not_there(monkeypatch: pytest.MonkeyPatch, name: str, count: int) -> None:
    """A missing GPU is an error with a remedy; the CPU does not silently take its place."""
    monkeypatch.setattr(devices, "_cuda_count", lambda: count)
    with pytest.raises(SettingsError, match="CUDA device") as caught:
        resolve_device(name)
    assert caught.value.remedy


def test_an_apple_gpu_that_is_not_there() -> None:
    """A missing GPU of an Apple machine is an error."""
    import torch

    if torch.backends.mps.is_available():
        pytest.skip("this machine has an Apple GPU")
    with pytest.raises(SettingsError, match="mps"):
        resolve_device("mps")


def test_failures_of_a_gpu_are_recognised_by_their_cause() -> None:
    """Only an error of the device in use counts, wherever in the chain of causes it is."""
    error = ValueError("no words")
    error.__cause__ = RuntimeError("CUDA error: out of memory")
    assert is_device_failure(error, Device("cuda"))
    assert not is_device_failure(error, Device("cpu"))
    assert not is_device_failure(ValueError("no words"), Device("cuda"))
