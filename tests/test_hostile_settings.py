"""Any settings file, and any value of a setting, is settings or an error of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.settings import ROOMS, Settings, keys, load_settings
from tests.mutations import mutated, mutated_text

GOOD = """\
[audio]
stream = 2
max_duration = 600
[asr]
language = "en"
vocabulary = ["meetscribe", "Viterbi"]
[vad]
threshold = 0.5
[run]
threads = 2
offline = true
"""
NAMES = [str(key) for room in ROOMS for key in keys(room).values()]
VALUES = st.text(max_size=20) | st.sampled_from(["nan", "inf", "-1", "1e400", "9" * 400, "9" * 5000, "none", "0", "\0"])


def settings_or_error(file: Path, content: bytes) -> Settings | SettingsError:
    """What comes of a settings file."""
    file.write_bytes(content)
    try:
        return load_settings(file)
    except SettingsError as error:
        return error


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_changed_files(tmp_path: Path, seed: int) -> None:
    """A file with bytes, words, numbers, lines or brackets changed is settings or an error."""
    assert isinstance(settings_or_error(tmp_path / "a.toml", GOOD.encode()), Settings)
    settings_or_error(tmp_path / "a.toml", mutated(GOOD.encode(), seed))
    settings_or_error(tmp_path / "a.toml", mutated_text(GOOD, seed).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000 + "]" * 100_000,
        f"[vad]\npad = {'9' * 5000}\n",
        f"[vad]\npad = {'9' * 400}\n",
        "[vad]\npad = nan\n",
        "[audio]\ntimeout = inf\n",
    ],
)
def test_what_was_found(tmp_path: Path, text: str) -> None:
    """Deep nesting and numbers beyond all sense are refused."""
    assert isinstance(settings_or_error(tmp_path / "a.toml", text.encode()), SettingsError)


@given(name=st.sampled_from(NAMES), value=VALUES)
def test_any_value(name: str, value: str) -> None:
    """Any text given for any setting is a value or an error."""
    try:
        load_settings(None, {name: value})
    except SettingsError as error:
        assert error.message
