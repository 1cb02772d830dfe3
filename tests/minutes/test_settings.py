"""The table [minutes]."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import SettingsError
from meetscribe.minutes.settings import MinutesSettings
from meetscribe.settings.other_tables import load_table


def test_the_table_is_read_from_all_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths refer to the folder of the file; the key of the variable is in no text."""
    (tmp_path / "own.toml").write_text("")
    file = tmp_path / "meetscribe.toml"
    file.write_text('[minutes]\nllm = "ollama"\nmodel = "small"\npage = 10\ntemplate = "own.toml"\n')
    monkeypatch.setenv("MEETSCRIBE_MINUTES__KEY", "s3cret")
    settings = load_table("minutes", MinutesSettings, file, {"model": "large"})
    assert (settings.model, settings.page, settings.template) == ("large", 10, str(tmp_path / "own.toml"))
    endpoint = settings.endpoint()
    assert endpoint is not None and endpoint.url == "http://localhost:11434/v1" and endpoint.key == "s3cret"
    assert "s3cret" not in f"{settings!r} {endpoint!r}"


def test_settings_send_nothing_to_other_machines() -> None:
    """A remote endpoint in a settings file is refused unless the command allows it."""
    settings = MinutesSettings(llm="https://api.example.org/v1")
    with pytest.raises(SettingsError, match="may be another machine"):
        settings.endpoint()
    assert settings.endpoint(allow_remote=True) is not None
    assert MinutesSettings().endpoint() is None


@pytest.mark.parametrize("values", [{"context": 100}, {"page": 0}])
def test_invalid_values_are_refused(values: dict[str, int]) -> None:
    with pytest.raises(SettingsError, match=f"minutes.{next(iter(values))} must be at least"):
        MinutesSettings(**values)  # type: ignore[arg-type]
