"""Tables such as [server] are read from the same sources as the settings, and change no settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from meetscribe.errors import SettingsError
from meetscribe.server.settings import ServerSettings
from meetscribe.settings import Settings, load_settings
from meetscribe.settings.other_tables import exposed_secrets, load_table


def test_later_sources_override_earlier_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[server]\nport = 1\njobs = 2\nmax_jobs = 3\nhosts = ["a", "b"]\n')
    monkeypatch.setenv("MEETSCRIBE_SERVER__JOBS", "4")
    found = load_table("server", ServerSettings, file, {"port": "5"})
    assert (found.port, found.jobs, found.max_jobs, found.hosts) == (5, 4, 3, ("a", "b"))
    assert load_settings(file) == Settings()


def test_unknown_keys_and_invalid_values_name_their_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own.toml"
    for text, message in (
        ("prot = 1", "did you mean 'port'"),
        ('port = "x"', "is not an integer"),
        ("jobs = 0", "at least 1"),
    ):
        file.write_text(f"[server]\n{text}\n")
        with pytest.raises(SettingsError, match=message):
            load_table("server", ServerSettings, file)
    file.write_text("server = 3\n")
    with pytest.raises(SettingsError):
        load_table("server", ServerSettings, file)
    monkeypatch.setenv("MEETSCRIBE_SERVER__PROT", "1")
    with pytest.raises(SettingsError, match="MEETSCRIBE_SERVER__PROT"):
        load_table("server", ServerSettings)


def test_folders_are_relative_to_their_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that do not exist yet; those of variables and flags are relative to the current folder."""
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    file = tmp_path / "own.toml"
    file.write_text('[server]\nfolder = "data"\ninputs = ["talks", "/more"]\n')
    found = load_table("server", ServerSettings, file)
    assert found.folder == str(tmp_path / "data")
    assert found.inputs == (str(tmp_path / "talks"), "/more")
    assert load_table("server", ServerSettings, file, {"folder": "own"}).folder == "own"
    file.write_text('[server]\nfolder = "none"\n')
    assert load_table("server", ServerSettings, file).folder is None


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
@pytest.mark.parametrize(
    ("mode", "text", "is_exposed"),
    [(0o644, 'token = "s"', True), (0o640, 'token = "s"', False), (0o600, 'token = "s"', False), (0o644, "", False)],
)
def test_a_secret_that_everyone_can_read_is_found(mode: int, text: str, is_exposed: bool, tmp_path: Path) -> None:
    """The group may read it, as a service account does."""
    file = tmp_path / "own.toml"
    file.write_text(f"[server]\nport = 1\n{text}\n")
    file.chmod(mode)
    assert [*exposed_secrets("server", ServerSettings, file)] == ([file] if is_exposed else [])
