"""A server with live sessions for the clients of other servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("starlette")
pytest.importorskip("websockets.sync.client")

from tests.server.running import RunningServer, local_settings, running_server
from tests.server.test_live import FakeModels


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server with a token."""
    given = local_settings(tmp_path_factory.mktemp("adapters"), max_live=4, token="secret")
    with running_server(given, models=FakeModels()) as found:
        yield found
