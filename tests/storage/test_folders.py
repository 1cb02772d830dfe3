"""The folders for data are those of the platform, unless the environment names others."""

from __future__ import annotations

from pathlib import Path

import pytest
from platformdirs import user_cache_path

from meetscribe.storage.folders import cache_folder


def test_the_environment_moves_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """MEETSCRIBE_CACHE may start with the user's home folder."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", "~/caches/meetings")
    assert cache_folder() == Path.home() / "caches" / "meetings"
    monkeypatch.delenv("MEETSCRIBE_CACHE")
    assert cache_folder() == user_cache_path("meetscribe")
