"""A full queue: a status that has clients try again later."""

from __future__ import annotations

from pathlib import Path

from meetscribe.server.responses import RETRY_SECONDS
from tests.server.running import SLOW, local_settings, running_server


def test_a_full_queue_is_temporary(tmp_path: Path) -> None:
    """Jobs beyond `max_jobs` are answered with 429, a code and Retry-After."""
    with running_server(local_settings(tmp_path, max_jobs=1)) as server:
        id = server.post(SLOW)
        answer = server.client.post("/api/jobs", files={"file": ("b.wav", b"sound")})
        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "busy")
        assert answer.headers["Retry-After"] == str(RETRY_SECONDS)
        server.client.post(f"/api/jobs/{id}/cancel")
        server.wait(id)
        server.done()
