"""Reading and writing at addresses of a local S3 server, and errors that say what to do."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from meetscribe.corpus.executors.failures import failure_class
from meetscribe.corpus.remote import stores
from meetscribe.corpus.remote.files import RemoteFile
from meetscribe.corpus.remote.stores import exists, fetch, find, forget_listings, look_up, matching, read, send
from meetscribe.errors import InputError, MeetscribeError, OutputError, SettingsError, UnreachableError
from tests.support.object_store import ObjectStore

ADDRESS = RemoteFile("s3://bucket/talks/a.mp3")


def test_files_are_listed_with_their_states(store: ObjectStore) -> None:
    """Folders with their subfolders, and patterns, sorted; the state is that of the file itself."""
    for key in ("talks/b.mp3", "talks/a.mp3", "talks/more/c.wav", "other/d.mp3"):
        store.put(key, key.encode())
    assert [file.name for file in find(RemoteFile("s3://bucket/talks"))] == ["a.mp3", "b.mp3", "c.wav"]
    assert [file.name for file in matching(RemoteFile("s3://bucket/*/*.mp3"))] == ["d.mp3", "a.mp3", "b.mp3"]
    listed, single = find(RemoteFile("s3://bucket/talks"))[0], look_up(ADDRESS)
    assert single is not None and single.size == 11 and single.mtime_ns > 1e18
    assert (listed.size, listed.mtime_ns) == (single.size, single.mtime_ns)
    assert look_up(RemoteFile("s3://bucket/talks")) is None
    assert look_up(RemoteFile("s3://bucket/talks/none.mp3")) is None


def test_a_copy_is_its_owners(store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is fetched block by block, with progress; its mode is 0600 and its time that of the file."""
    data = bytes(range(256)) * 10
    store.put("talks/a.mp3", data)
    monkeypatch.setattr(stores, "_BLOCK", 1000)
    shares: list[float] = []
    before = os.umask(0)
    try:
        found = fetch(ADDRESS, tmp_path / "copy", shares.append)
    finally:
        os.umask(before)
    state = (tmp_path / "copy").stat()
    assert (tmp_path / "copy").read_bytes() == data and shares == pytest.approx([1000 / 2560, 2000 / 2560, 1.0])
    assert (stat.S_IMODE(state.st_mode), state.st_mtime_ns) == (0o600, found.mtime_ns)


def test_outputs_exist_once_they_are_sent(store: ObjectStore, tmp_path: Path) -> None:
    """A folder is listed once for many questions, and again after `forget_listings`."""
    (tmp_path / "x.json").write_text("{}")
    target = RemoteFile("s3://bucket/out/x.json")
    assert not exists(target)
    send(tmp_path / "x.json", target)
    assert exists(target) and store.get("out/x.json") == b"{}" and read(target, 10) == b"{}"
    store.put("out/y.json", b"{}")
    forget_listings()
    assert exists(RemoteFile("s3://bucket/out/y.json")) and not exists(RemoteFile("s3://bucket/out/json"))
    with pytest.raises(InputError, match=r"x.json: it is larger than 1e-06 MB"):
        read(target, 1)


def test_a_file_that_changes_while_it_is_fetched(store: ObjectStore, tmp_path: Path) -> None:
    store.put("talks/a.mp3", b"first")
    with pytest.raises(InputError, match="was changed while it was fetched"):
        fetch(ADDRESS, tmp_path / "copy", lambda done: store.put("talks/a.mp3", b"second version"))


def raised(action: Callable[[], Any]) -> MeetscribeError:
    with pytest.raises(MeetscribeError) as found:
        action()
    return found.value


def test_what_is_not_there(store: ObjectStore, tmp_path: Path) -> None:
    """A missing object, a missing bucket, and a bucket that cannot be written."""
    (tmp_path / "x").touch()
    for address in ("s3://bucket/none.mp3", "s3://no-bucket/a.mp3"):
        error = raised(lambda address=address: fetch(RemoteFile(address), tmp_path / "copy"))  # type: ignore[misc]
        assert str(error) == f"{address}: there is no such file or bucket\nCheck the address."
        assert isinstance(error, InputError)
    assert isinstance(raised(lambda: send(tmp_path / "x", RemoteFile("s3://no-bucket/x"))), OutputError)


@pytest.fixture
def new_client(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have clients read the variables again, now and after the test."""
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    yield monkeypatch
    s3fs.S3FileSystem.clear_instance_cache()


def test_no_credentials(new_client: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The remedy names the variables."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        new_client.delenv(name)
    new_client.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    new_client.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    error = raised(lambda: find(RemoteFile("s3://bucket/talks")))
    assert isinstance(error, InputError) and failure_class(error) == "input"
    assert "access was refused: Unable to locate credentials\nSet AWS_ACCESS_KEY_ID and" in str(error)


def test_a_store_that_does_not_answer(new_client: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is tried again by the client, then reported as unreachable, after which a batch tries again."""
    options = {"config_kwargs": {"connect_timeout": 0.2, "retries": {"total_max_attempts": 1}}}
    new_client.setitem(stores.STORES, "s3", replace(stores.STORES["s3"], options=lambda: options))  # type: ignore[arg-type]
    new_client.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    for action in (lambda: find(RemoteFile("s3://bucket/talks")), lambda: fetch(ADDRESS, tmp_path / "copy")):
        error = raised(action)
        assert isinstance(error, UnreachableError) and failure_class(error) == "unreachable"
        assert "the store does not respond: Could not connect" in str(error) and error.exit_code == 3


def test_requests_to_google_have_time_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of S3: without them, gcsfs waits without end for a server that accepts connections but does not answer."""
    gcsfs = pytest.importorskip("gcsfs", reason="the package gcsfs is not installed")
    given, wanted = (stores.STORES[name].options() for name in ("gs", "s3"))
    limits = given["requests_timeout"]
    assert limits.sock_connect == wanted["config_kwargs"]["connect_timeout"]
    assert limits.sock_read == wanted["config_kwargs"]["read_timeout"]
    short = {"requests_timeout": type(limits)(sock_connect=1, sock_read=0.05)}
    monkeypatch.setitem(stores.STORES, "gs", replace(stores.STORES["gs"], options=lambda: short))  # type: ignore[arg-type]
    monkeypatch.setattr("gcsfs.retry.random", SimpleNamespace(random=lambda: -32.0))  # no pauses between attempts
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{silent.getsockname()[1]}")
        gcsfs.GCSFileSystem.clear_instance_cache()
        error = raised(lambda: look_up(RemoteFile("gs://bucket/a.mp3")))
    gcsfs.GCSFileSystem.clear_instance_cache()
    assert isinstance(error, UnreachableError) and "the store does not respond" in str(error)


@pytest.mark.parametrize(("protocol", "package"), [("s3", "s3fs"), ("gs", "gcsfs")])
def test_a_missing_package_is_named(protocol: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if fsspec itself is missing."""
    registry = pytest.importorskip("fsspec.registry", reason="the package fsspec is not installed")
    monkeypatch.setattr(registry, "_registry", {})
    monkeypatch.setattr(registry, "registry", {})
    for missing in (package, "fsspec"):
        monkeypatch.setitem(sys.modules, missing, None)
        with pytest.raises(SettingsError) as found:
            stores.require_store(RemoteFile(f"{protocol}://bucket/a.mp3"))
        assert str(found.value) == (
            f"addresses {protocol}:// need the package {package}\nInstall it: pip install {package}"
        )


def test_a_full_disk(store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is known before a byte is fetched, and belongs to the class after which another machine is tried."""
    store.put("talks/a.mp3", bytes(2_000_000))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage._replace(free=1_000_000))
    error = raised(lambda: fetch(ADDRESS, tmp_path / "copy"))
    assert isinstance(error, OutputError) and failure_class(error) == "disk-full"
    assert "it has 2 MB, and 1 MB are free\nFree some space, or set TMPDIR" in str(error)
    assert not (tmp_path / "copy").exists()
