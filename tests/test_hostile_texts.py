"""Any settings, names, vocabulary, list or manifest is read, or an error of ours; so is any value of a setting."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.settings import ROOMS, keys, load_settings
from tests.support.texts import TEXTS, changed, outcome

NAMES = [str(key) for room in ROOMS for key in keys(room).values()]
VALUES = st.text(max_size=20) | st.sampled_from(["nan", "inf", "-1", "1e400", "9" * 400, "9" * 5000, "none", "0", "\0"])
LINES = st.lists(
    st.text(max_size=12)
    | st.sampled_from(["x" * 300, "a/" * 3000, "\0", "*\0", "**", "[", "~", ".", "=", '"', "a = 1", "#"]),
    max_size=6,
)


@pytest.mark.parametrize("kind", TEXTS)
def test_good_ones_are_read(kind: str, tmp_path: Path) -> None:
    """What the changes start from is good."""
    assert outcome(kind, TEXTS[kind][0].encode(), tmp_path) == "read"


@pytest.mark.parametrize("kind", TEXTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_changed_files(kind: str, tmp_path: Path, seed: int) -> None:
    """A file with bytes, words, numbers, lines or brackets changed is read or refused."""
    outcome(kind, changed(kind, seed), tmp_path)


@pytest.mark.parametrize("kind", TEXTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_any_lines(kind: str, tmp_path: Path, lines: list[str]) -> None:
    """Any lines are read or refused, also those that no file can be called."""
    outcome(kind, "\n".join(lines).encode("utf-8", "surrogatepass"), tmp_path)


@pytest.mark.parametrize("entry", ["[" * 200_000, "*/" * 2000, "(*/" * 1365, "*" * 4000, "x" * 300, "*\0"])
def test_lists_that_were_found(tmp_path: Path, entry: str) -> None:
    """Patterns longer, and deeper, than any path, and what no file can be called, are no trap."""
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
def test_settings_that_were_found(tmp_path: Path, text: str) -> None:
    """Deep nesting and numbers beyond all sense are refused."""
    assert outcome("settings", text.encode(), tmp_path) == "refused"


@given(name=st.sampled_from(NAMES), value=VALUES)
def test_any_value(name: str, value: str) -> None:
    """Any text given for any setting is a value or an error."""
    with suppress(SettingsError):
        load_settings(None, {name: value})
