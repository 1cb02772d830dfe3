"""The server withstands random requests, and kills; `tests.benchmarks.server` does far more of both."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("websockets.sync.client")

from tests.server.load.faults import fuzz
from tests.server.load.kills import kill_servers
from tests.server.running import local_settings, running_server
from tests.server.test_live import FakeModels


def test_random_requests_cause_no_failure(tmp_path: Path) -> None:
    settings = local_settings(tmp_path, max_live=5, live_grace=0.5, max_uploads=5, max_upload_mb=1)
    with running_server(settings, models=FakeModels()) as server:
        found, defects = fuzz(server, 300, seed=7)
    assert defects == []
    assert {"200", "400", "404"} <= found.keys()


@pytest.mark.long
def test_a_killed_server_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    known, lost = kill_servers(tmp_path, 2)
    assert len(known.uploads) == 6 and len(known.names) == 2 and all(known.seconds.values())
    assert lost == []
