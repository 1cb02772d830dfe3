"""Other packages neither report what is done with them nor talk unasked."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import warnings

import pytest

from meetscribe.runtime.telemetry import quiet, switch_off


def test_reports_are_off_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where they were switched on."""
    monkeypatch.setenv("PYANNOTE_METRICS_ENABLED", "1")
    monkeypatch.delenv("HF_HUB_DISABLE_TELEMETRY", raising=False)
    switch_off()
    assert os.environ["PYANNOTE_METRICS_ENABLED"] == "0"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"


@pytest.mark.parametrize("early", ["", "import huggingface_hub.constants; "])
def test_the_packages_take_notice(early: str) -> None:
    """The hub's client does, also when it was imported before."""
    code = (
        f"{early}from meetscribe.runtime.telemetry import switch_off; switch_off(); "
        "import huggingface_hub.constants as hub; print(hub.HF_HUB_DISABLE_TELEMETRY)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_noise_is_kept_off(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints are collected, warnings and chatter dropped; errors pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with quiet() as printed:
            print("use manually assigned vad_model")
            warnings.warn("torchcodec is not installed", UserWarning, stacklevel=1)
            logging.getLogger("whisperx.asr").warning("no language specified")
    assert printed.getvalue() == "use manually assigned vad_model\n"
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "no language" not in captured.err
    with pytest.raises(ValueError, match="broken"), quiet():
        raise ValueError("broken")


def test_loggers_are_as_they_were() -> None:
    """What a package logs later is its user's choice again."""
    logger = logging.getLogger("lightning")
    before = logger.level
    with quiet():
        assert logger.level == logging.ERROR
    assert logger.level == before
