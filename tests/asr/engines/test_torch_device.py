"""The device and the compute type of engines on torch."""

from __future__ import annotations

import pytest

from meetscribe.asr import AsrSettings
from meetscribe.asr.engines.torch_device import place_on_torch
from meetscribe.errors import SettingsError
from meetscribe.runtime.devices import Device

COMPUTE_TYPES = {"cpu": ("float32", "bfloat16"), "cuda": ("float16", "float32")}


@pytest.mark.parametrize(
    ("device", "wanted", "placed"),
    [
        (Device("cpu"), "auto", ("cpu", "float32")),
        (Device("cuda", 1), "auto", ("cuda:1", "float16")),
        (Device("cuda", 1), "float32", ("cuda:1", "float32")),
    ],
)
def test_the_first_compute_type_is_the_default(device: Device, wanted: str, placed: tuple[str, str]) -> None:
    placement = place_on_torch(AsrSettings(compute_type=wanted), device, COMPUTE_TYPES, "engine")
    assert (placement.device, placement.compute_type, placement.notices) == (*placed, ())


def test_an_unsupported_device_is_replaced_by_the_processor() -> None:
    """A notice says so, with the device and the engine in its data."""
    placement = place_on_torch(AsrSettings(), Device("mps"), COMPUTE_TYPES, "engine")
    assert (placement.device, placement.compute_type) == ("cpu", "float32")
    (notice,) = placement.notices
    assert (notice.code, notice.data) == ("asr.device", {"device": "mps", "engine": "engine"})


def test_an_unsupported_compute_type_is_refused() -> None:
    with pytest.raises(SettingsError, match="engine does not support the compute type int8 on cpu"):
        place_on_torch(AsrSettings(compute_type="int8"), Device("cpu"), COMPUTE_TYPES, "engine")
