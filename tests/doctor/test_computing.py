"""Devices that are listed but cannot compute are found."""

from __future__ import annotations

import pytest

from meetscribe.doctor.computing import LIBRARIES, Inference, check_devices
from meetscribe.runtime.devices import Device


def failing_on_cards(compute: Inference) -> Inference:
    """Return an inference that fails on GPUs as one does for which a build has no kernels."""

    def fail(device: Device) -> str:
        if device.kind == "cuda":
            raise RuntimeError("CUDA error: no kernel image is available for execution\nmore")
        return compute(device)

    return fail


def test_a_card_that_fails_at_its_first_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only computing shows that the card does not work; a run works without it."""
    monkeypatch.setattr("torch.cuda.device_count", lambda: 1)
    libraries = {name: failing_on_cards(compute) for name, compute in LIBRARIES.items()}
    found = {result.subject: result for result in check_devices(libraries)}
    for library in ("torch", "CTranslate2"):
        card = found[f"{library} on cuda:0"]
        assert (card.state, card.text) == ("worse", "CUDA error: no kernel image is available for execution")
        assert "pip install" in card.remedy and "--device cpu" in card.remedy
        assert found[f"{library} on cpu"].state == "fine"


def test_a_library_that_fails_on_the_cpu() -> None:
    """Then no run works; the command reinstalls the library."""

    def fail(device: Device) -> str:
        raise ImportError("libgomp.so.1: cannot open shared object file")

    found = {result.subject: result for result in check_devices({"CTranslate2": fail})}
    result = found["CTranslate2 on cpu"]
    assert (result.state, result.remedy) == ("broken", "python -m pip install --force-reinstall ctranslate2")
