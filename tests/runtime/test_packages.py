"""Requirements of installed packages are compared with the installed versions."""

from __future__ import annotations

import importlib.metadata

import pytest

from meetscribe.runtime import packages


def test_no_conflicts_in_this_environment() -> None:
    """The packages that these tests run with go together."""
    assert list(packages.conflicts()) == []


def test_conflicting_versions_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requirements count as their markers say; those of extras do not."""
    monkeypatch.setattr(
        packages,
        "requires",
        lambda package: ["torch<1", "no-such-package; python_version > '3'", "other; extra == 'x'"],
    )
    monkeypatch.setattr(packages, "PACKAGES", ("whisperx",))
    found = list(packages.conflicts())
    assert [conflict.requirement for conflict in found] == ["torch<1", "no-such-package"]
    assert found[0].text == f"whisperx needs torch<1, but {importlib.metadata.version('torch')} is installed"
