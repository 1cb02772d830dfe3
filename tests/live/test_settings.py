"""The settings of a live session follow from those of the batch pipeline or the table [live], and are checked."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from meetscribe import load_settings
from meetscribe.errors import SettingsError
from meetscribe.live.settings import LiveSettings, live_settings, load_live_settings
from meetscribe.settings import Settings
from tests.support.readmes import SAMPLES


def test_windows_are_no_longer_than_chunks() -> None:
    """The weights of the samples were trained on chunks of up to 8 s, cut at pauses of a quarter of a second."""
    found = live_settings(load_settings(SAMPLES / "offline.toml"))
    assert (found.max_window, found.trim, found.min_silence) == (8.0, 0.6 * 8.0, 0.25)
    assert live_settings(Settings()).max_window == 28.0
    assert live_settings(Settings(), step=0.5).step == 0.5


def test_the_table_overrides_what_follows_from_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File, variable, then flag; settings that are given nowhere follow from the batch pipeline."""
    file = tmp_path / "own.toml"
    file.write_text('[live]\nstep = 3\ntrim = 4.0\ncertain = "none"\n')
    monkeypatch.setenv("MEETSCRIBE_LIVE__TRIM", "6")
    batch = load_settings(SAMPLES / "offline.toml")
    found = load_live_settings(batch, file, {"step": "2"})
    assert (found.step, found.trim, found.certain, found.max_window) == (2.0, 6.0, None, 8.0)
    assert load_settings(file) == load_settings()
    with pytest.raises(SettingsError, match="did you mean 'settled'"):
        load_live_settings(batch, file, {"setled": "2"})


def test_the_readme_lists_all_settings() -> None:
    """With the number that is the default."""
    text = (Path(__file__).parents[2] / "meetscribe/live/README.md").read_text("utf-8")
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ([\d., ]+)", text, re.MULTILINE)
    found = {
        name.strip("`"): float(value)
        for names, values in rows
        for name, value in zip(names.split(", "), values.rstrip(" ,").split(", "), strict=True)
    }
    assert found == {each.name: each.default for each in fields(LiveSettings)}


@pytest.mark.parametrize(
    "wrong",
    [{"step": 0.0}, {"threshold": 1.0}, {"trim": 28.0}, {"max_window": 31.0}, {"preroll": -1.0}, {"certain": 2.0}],
)
def test_values_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        LiveSettings(**wrong)  # type: ignore[arg-type]
