"""All checks together, by the library and by the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application
from meetscribe.doctor import CheckResult, run_checks
from meetscribe.doctor.checks import check_extras
from meetscribe.settings import load_settings

OFFLINE = Path(__file__).parents[2] / "samples" / "offline.toml"


def results(**settings: object) -> dict[str, CheckResult]:
    """Return the results by subject, with the samples' weights and without network."""
    found = run_checks(load_settings(OFFLINE, {"run.offline": True, "run.device": "cpu", **settings}))
    return {result.subject: result for result in found}


def call(*arguments: str) -> Result:
    """Run the command with the samples' weights and without network."""
    return CliRunner().invoke(application, ["doctor", "--config", str(OFFLINE), "--offline", *arguments])


def test_a_machine_without_problems() -> None:
    """A clip is decoded, both libraries compute, and the samples' weights are complete."""
    found = results()
    assert {result.state for result in found.values()} == {"fine"}
    assert {"packages", "decoding", "torch on cpu", "CTranslate2 on cpu", "disk", "memory"} <= set(found)
    assert sum(result.text == "is here" for result in found.values()) == 3


def test_quiet_prints_nothing_without_problems() -> None:
    """With --quiet only problems are printed."""
    result = call("--device", "cpu", "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    assert json.loads(call("--device", "cpu", "--quiet", "--json").stdout) == []


def test_missing_models_are_named_with_the_command_that_fetches_them() -> None:
    """The exit code says that a run would fail."""
    result = call("--model", "small", "--json")
    assert result.exit_code == 1
    (broken,) = [each for each in json.loads(result.stdout) if each["state"] == "broken"]
    assert "Systran/faster-whisper-small" in broken["text"]
    assert "meetscribe weights pull Systran/faster-whisper-small" in broken["remedy"]


def test_a_missing_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card that the settings name and the machine lacks is a problem, with the way around it."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    found = results(**{"run.device": "cuda"})
    assert found["device"].state == "broken" and "--device cpu" in found["device"].remedy


def test_a_broken_installation_of_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of the packages still comes first, and the command reinstalls torch."""
    monkeypatch.setitem(sys.modules, "meetscribe.doctor.computing", None)
    found = results()
    assert [subject for subject in found if not subject.startswith("optional")] == ["packages", "torch"]
    assert (found["torch"].state, found["torch"].remedy) == (
        "broken",
        "python -m pip install --force-reinstall torch torchaudio",
    )


def test_each_extra_has_a_row() -> None:
    """An extra without its packages is no problem; the row has the command that installs them."""
    rows = {row.subject: row for row in check_extras()}
    assert all(row.state == "fine" and (row.text == "installed" or "pip install" in row.text) for row in rows.values())
    assert "optional: docx" in rows and not any("dev" in subject for subject in rows)
