"""The same operations at gs:// addresses, over an emulator of Google's store."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from meetscribe.corpus.remote import RemoteFile
from meetscribe.corpus.remote.stores import exists, fetch, find, look_up, matching, read, send
from meetscribe.errors import InputError


@pytest.fixture(autouse=True)
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server with an empty bucket, and no credentials."""
    for package in ("gcsfs", "gcp_storage_emulator"):
        if find_spec(package) is None:
            pytest.skip(f"the package {package} is not installed")
    import gcsfs
    from gcp_storage_emulator.server import create_server

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = create_server("127.0.0.1", port, in_memory=True, default_bucket="bucket")
    server.start()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
    gcsfs.GCSFileSystem.clear_instance_cache()
    yield
    server.stop()
    gcsfs.GCSFileSystem.clear_instance_cache()


def test_an_object_is_written_found_and_fetched(tmp_path: Path) -> None:
    """Listings and single answers agree on its state."""
    (tmp_path / "x").write_bytes(b"recording")
    file = RemoteFile("gs://bucket/talks/a.mp3")
    assert look_up(file) is None and not exists(file)
    send(tmp_path / "x", file)
    single = look_up(file)
    assert single is not None and single.size == 9 and single.mtime_ns > 1e18
    for listed in (find(RemoteFile("gs://bucket/talks")), matching(RemoteFile("gs://bucket/*/*.mp3"))):
        assert [(found, found.size, found.mtime_ns) for found in listed] == [(file, 9, single.mtime_ns)]
    assert read(file, 100) == b"recording"
    assert fetch(file, tmp_path / "copy") == file and (tmp_path / "copy").read_bytes() == b"recording"
    with pytest.raises(InputError, match="there is no such file or bucket"):
        fetch(RemoteFile("gs://bucket/none.mp3"), tmp_path / "none")
