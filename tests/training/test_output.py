"""The folder of a run is created, continued or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import OutputError, SettingsError
from meetscribe.training.output import RESULT, digest, open_output

FACTS = {"data": "sha256:a", "epochs": 3}


def test_unfinished_run_is_continued_only_with_the_same_facts(tmp_path: Path) -> None:
    """Another setting is an error that names it; --overwrite starts over."""
    output = tmp_path / "model"
    parts = open_output(output, FACTS, overwrite=False)
    assert output.stat().st_mode & 0o777 == 0o700
    (parts / "state.pt").write_bytes(b"x")
    assert open_output(output, FACTS, overwrite=False) == parts
    with pytest.raises(SettingsError, match=r"another epochs: 3, now 4[\s\S]*--overwrite"):
        open_output(output, {**FACTS, "epochs": 4}, overwrite=False)
    open_output(output, {**FACTS, "epochs": 4}, overwrite=True)
    assert not (parts / "state.pt").exists()
    assert digest(FACTS) != digest({**FACTS, "epochs": 4})


def test_other_files_and_finished_models_are_kept(tmp_path: Path) -> None:
    """A folder that was not made by a run is never overwritten; a finished model only with --overwrite."""
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    for overwrite in (False, True):
        with pytest.raises(OutputError, match="was not made by"):
            open_output(tmp_path, FACTS, overwrite=overwrite)
    assert (tmp_path / "thesis.txt").exists()
    parts = open_output(tmp_path / "model", FACTS, overwrite=False)
    (parts / RESULT).write_text("{}", encoding="utf-8")
    with pytest.raises(OutputError, match="finished"):
        open_output(tmp_path / "model", FACTS, overwrite=False)
