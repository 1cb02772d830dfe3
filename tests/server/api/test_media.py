"""Ranges of recordings: which are accepted, and how others are refused."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

pytest.importorskip("starlette")

from meetscribe.server.api.media import check_range
from meetscribe.server.responses import RequestError


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
