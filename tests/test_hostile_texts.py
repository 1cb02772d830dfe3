"""Any settings, names, vocabulary, list or manifest file is read, or rejected with a MeetscribeError."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.settings import ROOMS, Settings, keys, load_settings
from tests.support.texts import TEXTS, changed, outcome

NAMES = [str(key) for room in ROOMS for key in keys(room).values()]
VALUES = st.text(max_size=20) | st.sampled_from(["nan", "inf", "-1", "1e400", "9" * 400, "9" * 5000, "none", "0", "\0"])
LINES = st.lists(
    st.text(max_size=12)
    | st.sampled_from(["x" * 300, "a/" * 3000, "\0", "*\0", "**", "[", "~", ".", "=", '"', "a = 1", "#"]),
    max_size=6,
)


@pytest.mark.parametrize("kind", TEXTS)
def test_valid_files_are_read(kind: str, tmp_path: Path) -> None:
    """The files from which the changes start are valid."""
    assert outcome(kind, TEXTS[kind][0].encode(), tmp_path) == "read"


@pytest.mark.parametrize("kind", TEXTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_changed_files(kind: str, tmp_path: Path, seed: int) -> None:
    """A file with random changes of bytes, words, numbers, lines or brackets is read or rejected."""
    assert outcome(kind, changed(kind, seed), tmp_path) in ("read", "rejected")


@pytest.mark.parametrize("kind", TEXTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_any_lines(kind: str, tmp_path: Path, lines: list[str]) -> None:
    """Any lines are read or rejected, including names that no file can have."""
    content = "\n".join(lines).encode("utf-8", "surrogatepass")
    assert outcome(kind, content, tmp_path) in ("read", "rejected")


@pytest.mark.parametrize("entry", ["[" * 200_000, "*/" * 2000, "(*/" * 1365, "*" * 4000, "x" * 300, "*\0"])
def test_lists_with_extreme_patterns(tmp_path: Path, entry: str) -> None:
    """Very long and deep patterns, and names that no file can have, do not take long."""
    start = time.monotonic()
    outcome("list", entry.encode(), tmp_path)
    assert time.monotonic() - start < 5


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
def test_settings_with_extreme_values(tmp_path: Path, text: str) -> None:
    """Deep nesting and extreme numbers are rejected."""
    assert outcome("settings", text.encode(), tmp_path) == "rejected"


@given(name=st.sampled_from(NAMES), value=VALUES)
@example(name="asr.model", value="~0")  # there is no such user
def test_any_value(name: str, value: str) -> None:
    """Any text for any setting is accepted, or rejected with a SettingsError that names the setting."""
    try:
        assert isinstance(load_settings(None, {name: value}), Settings)
    except SettingsError as error:
        assert name in str(error)
