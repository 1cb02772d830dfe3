"""A server that all tests of the room share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from tests.server.running import RunningServer, local_settings, running_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server with fake workers, a folder of recordings, and two jobs at once."""
    root = tmp_path_factory.mktemp("server")
    inputs = root / "talks"
    (inputs / "2026").mkdir(parents=True)
    (inputs / "2026" / "one.wav").write_bytes(b"sound of one")
    (inputs / "link.wav").symlink_to("/etc/hostname")
    (root / "secret.wav").write_bytes(b"secret")
    given = local_settings(root / "data", inputs=(str(inputs),), jobs=2, max_upload_mb=1, models=("small",))
    with running_server(given) as found:
        yield found
