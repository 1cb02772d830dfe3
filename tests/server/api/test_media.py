"""The sound of recordings: ranges, and a recording that is deleted while it is decoded."""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest

pytest.importorskip("starlette")

from meetscribe.audio import Audio
from meetscribe.server.api import media
from meetscribe.server.api.media import check_range
from meetscribe.server.responses import RequestError
from meetscribe.testing import synthetic_meeting
from tests.server.running import RunningServer


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("bytes=0-9", None),
        ("bytes=90-", None),
        ("Bytes= 0-0, -5", None),
        ("bytes=200-300, 0-1", None),
        ("bytes=100-", 416),
        ("bytes=9-1", 400),
        ("bytes=-", 400),
        ("bytes=", 400),
        ("bytes=a-b", 400),
        ("items=0-1", 400),
        ("x", 400),
    ],
)
def test_ranges(header: str, status: int | None) -> None:
    """A range within the file is accepted; others are refused with the status of RFC 9110."""
    with pytest.raises(RequestError) if status else nullcontext() as raised:
        check_range(header, 100)
    if status:
        assert raised is not None and raised.value.status == status


def test_a_recording_that_is_deleted_meanwhile(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is 404, not an error of the server."""
    id = server.done(name="talk.amr")

    def load_and_delete(path: Path, settings: object) -> Audio:
        shutil.rmtree(path.parent)
        return synthetic_meeting(turns=2).audio()

    monkeypatch.setattr(media, "load_audio", load_and_delete)
    answer = server.client.get(f"/api/jobs/{id}/audio")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not-found")
    server.client.delete(f"/api/jobs/{id}")
