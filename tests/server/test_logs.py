"""The log on stderr: jobs, refused requests and the end, without names or tokens."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from meetscribe.server.logs import log_to_stderr, logger
from tests.server.running import BAD, local_settings, running_server

connect = pytest.importorskip("websockets.sync.client").connect


@pytest.mark.parametrize("quiet", [False, True])
def test_the_log_has_no_names(
    quiet: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line has a time; jobs have results, seconds and the class of a failure. --quiet hides all."""
    monkeypatch.setattr(logger, "propagate", True)  # restored at the end, as is the level
    monkeypatch.setattr(logger, "level", logger.level)
    handler = log_to_stderr(quiet=quiet)
    try:
        with running_server(local_settings(tmp_path, token="secret")) as server:
            done = server.done(name="private.wav")
            failed = server.post(BAD, name="private.wav")
            server.wait(failed)
            assert httpx.get(f"{server.url}/api/jobs", headers={"Authorization": "Bearer other"}).status_code == 401
            with pytest.raises(Exception, match="401"):
                connect(server.url.replace("http", "ws") + "/v1/listen")
    finally:
        logger.removeHandler(handler)
    text = capsys.readouterr().err
    if quiet:
        assert text == ""
        return
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO ", line) for line in text.splitlines())
    assert f"job {done} started" in text
    assert re.search(rf"job {done}: done after \d+\.\d s\n", text)
    assert re.search(rf"job {failed}: failed after \d+\.\d s \(input\)", text)
    assert "GET of 127.0.0.1 refused with status 401" in text
    assert "WebSocket of 127.0.0.1 refused with status 401" in text
    assert text.endswith("the server has ended\n")
    assert not re.search("private|secret|other", text)
