"""The memory of jobs and live sessions: what is counted, and what is proposed if it does not fit."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette")

from meetscribe.errors import SettingsError
from meetscribe.runtime.devices import Device
from meetscribe.server.memory import check_memory, memory_plan
from meetscribe.server.settings import ServerSettings
from meetscribe.settings import load_settings
from tests.conftest import SAMPLES

GB = 1_000_000_000
CPU = Device("cpu")


def test_each_job_and_the_live_sessions_count() -> None:
    assert memory_plan(ServerSettings(jobs=2), GB, 16 * GB, CPU) == (
        "2 jobs at a time and live sessions need about 3.2 GB on cpu; 16.0 GB are free"
    )
    assert memory_plan(ServerSettings(max_live=0), GB, None, CPU) == "1 job at a time needs about 1.2 GB on cpu"


@pytest.mark.parametrize(
    ("jobs", "free", "remedy"),
    [
        (4, 3 * GB + GB // 2, "--jobs 2,"),
        (4, 2 * GB, "server.max_live = 0 and --jobs 1,"),
        (1, 2 * GB, "server.max_live = 0,"),
        (1, GB, "smaller --model"),
    ],
)
def test_the_remedy_is_a_setting_that_fits(jobs: int, free: int, remedy: str) -> None:
    with pytest.raises(SettingsError) as refused:
        memory_plan(ServerSettings(jobs=jobs), GB, free, CPU)
    assert remedy in refused.value.remedy


def test_the_models_of_the_samples() -> None:
    assert "1 job at a time and live sessions need about 3" in check_memory(
        ServerSettings(), load_settings(SAMPLES / "offline.toml")
    )
