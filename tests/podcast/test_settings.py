"""The table [podcast]."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import SettingsError
from meetscribe.podcast.settings import PodcastSettings
from meetscribe.settings.other_tables import load_table


def test_the_table_is_read_from_all_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag overrides the variable, which overrides the file."""
    file = tmp_path / "meetscribe.toml"
    file.write_text('[podcast]\nhosts = ["Anna"]\nmin_chapter = 60\nmax_chapter = 300\n')
    monkeypatch.setenv("MEETSCRIBE_PODCAST__MIN_CHAPTER", "90")
    settings = load_table("podcast", PodcastSettings, file, {"max_chapter": "400"})
    assert settings == PodcastSettings(90.0, 400.0, hosts=("Anna",))


@pytest.mark.parametrize(
    "values", [{"min_chapter": 5.0}, {"min_chapter": float("nan")}, {"max_chapter": 200.0}, {"base_url": "example.org"}]
)
def test_invalid_values_are_refused(values: dict[str, float | str]) -> None:
    with pytest.raises(SettingsError, match=f"podcast.{next(iter(values))} must be"):
        PodcastSettings(**values)  # type: ignore[arg-type]


def test_contradictory_lengths_of_chapters_name_their_flags() -> None:
    with pytest.raises(SettingsError) as raised:
        PodcastSettings(min_chapter=700.0)
    assert raised.value.remedy == (
        "Set max_chapter (--max-chapter) to 1400 or more, or min_chapter (--min-chapter) to 300 or less."
    )
