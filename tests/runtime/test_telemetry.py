"""Usage reports of other packages are switched off."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from meetscribe.runtime.telemetry import switch_off


def test_reports_are_off_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports that the environment switches on are switched off as well."""
    monkeypatch.setenv("PYANNOTE_METRICS_ENABLED", "1")
    monkeypatch.delenv("HF_HUB_DISABLE_TELEMETRY", raising=False)
    switch_off()
    assert os.environ["PYANNOTE_METRICS_ENABLED"] == "0"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"


@pytest.mark.parametrize("early", ["", "import huggingface_hub.constants; "])
def test_huggingface_hub_honours_the_switch(early: str) -> None:
    """It does so even if it was imported before."""
    code = (
        f"{early}from meetscribe.runtime.telemetry import switch_off; switch_off(); "
        "import huggingface_hub.constants as hub; print(hub.HF_HUB_DISABLE_TELEMETRY)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
