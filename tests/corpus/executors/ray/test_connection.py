"""Joining a cluster: never by itself, with a token, and without waiting for one that is not there."""

from __future__ import annotations

import os
import socket
import stat
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from meetscribe.corpus.executors.ray import connection
from meetscribe.corpus.executors.ray.connection import import_ray, join, private_folder
from meetscribe.errors import ClusterError, SettingsError
from tests.support.fake_models import failing


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without a token."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_a_cluster_of_this_machine_has_a_token_of_its_own(variables: None, tmp_path: Path) -> None:
    """It is in a folder that only its owner may enter, with a path short enough for sockets, and not in the home."""
    connection.use_token(is_local=True)
    token = Path(os.environ["RAY_AUTH_TOKEN_PATH"])
    assert os.environ["RAY_AUTH_MODE"] == "token"
    assert token.parent == private_folder() and len(token.read_text()) == 64
    assert (stat.S_IMODE(token.stat().st_mode), stat.S_IMODE(token.parent.stat().st_mode)) == (0o600, 0o700)
    assert len(str(private_folder())) < 30
    assert list(tmp_path.iterdir()) == []


def test_the_token_of_the_user_is_presented(variables: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A cluster without tokens can be joined, too."""
    connection.use_token(is_local=False)
    assert "RAY_AUTH_MODE" not in os.environ and "RAY_AUTH_TOKEN_PATH" not in os.environ
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(tmp_path / "mine"))
    for is_local in (False, True):
        connection.use_token(is_local)
        assert (os.environ["RAY_AUTH_MODE"], os.environ["RAY_AUTH_TOKEN_PATH"]) == ("token", str(tmp_path / "mine"))


@pytest.mark.parametrize("address", ["HOST:PORT", "ray://HOST:PORT"])
def test_a_cluster_that_is_not_there(address: str) -> None:
    """Ray would try for minutes; the error comes at once."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
    with pytest.raises(ClusterError, match="no Ray cluster at "):
        join(address.replace("HOST:PORT", f"127.0.0.1:{port}"))


@pytest.mark.parametrize(
    ("address", "message", "remedy"),
    [
        (None, "a Ray cluster cannot be started on this machine", "free memory"),
        ("auto", "no Ray cluster at", "--address"),
    ],
)
def test_an_error_of_ray_has_the_remedy_of_its_case(
    variables: None, monkeypatch: pytest.MonkeyPatch, address: str | None, message: str, remedy: str
) -> None:
    """Without an address, the address is not the cause."""
    ray = SimpleNamespace(is_initialized=lambda: False, init=failing(RuntimeError("it ended")))
    monkeypatch.setattr(connection, "import_ray", lambda: ray)
    with pytest.raises(ClusterError, match=f"^{message}.*: it ended") as raised:
        join(address)
    assert remedy in raised.value.remedy and ("--address" in raised.value.remedy) is (address is not None)


def test_the_cluster_of_a_variable_is_not_joined(variables: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """`auto` is the cluster of this machine; the variable is there again afterwards."""
    seen: list[str | None] = []
    ray = SimpleNamespace(is_initialized=lambda: False, init=lambda **_: seen.append(os.environ.get("RAY_ADDRESS")))
    monkeypatch.setattr(connection, "import_ray", lambda: ray)
    monkeypatch.setenv("RAY_ADDRESS", "192.0.2.1:6379")
    join("auto")
    assert seen == [None] and os.environ["RAY_ADDRESS"] == "192.0.2.1:6379"


@pytest.mark.parametrize("address", ["local", "cluster", "host:name", "http://", ""])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(SettingsError, match="is not the address of a Ray cluster"):
        join(address)


def test_ray_is_imported_without_usage_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray", reason="the package ray is not installed")
    monkeypatch.delenv("RAY_USAGE_STATS_ENABLED", raising=False)
    import_ray()
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit code is that of a wrong environment, 2."""
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SettingsError, match=r"needs the package ray\n.*ray>=2") as raised:
        import_ray()
    assert raised.value.exit_code == 2
