"""The accessor `frame.meet`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from meetscribe.transcript.frame.columns import SCHEMA
from tests.support.talks import FRAMED as SMALL


def test_the_accessor(tmp_path: Path) -> None:
    """`frame.meet` gives speakers, talk time and text, and writes files, for a frame of any level."""
    for level in SCHEMA:
        frame = SMALL.to_frame(level)
        assert frame.meet.labels == ["A"]
        assert frame.meet.talk_time().to_dict("list") == {"speaker": ["A"], "seconds": [2.0], "share": [1.0]}
        assert frame.meet.text("A") == "Hi. Yes."
        frame.meet.export(tmp_path / "m.txt")
        assert "A: Hi. Yes.\n" in (tmp_path / "m.txt").read_text()
        assert len(frame.iloc[:0].meet.talk_time()) == 0


def test_the_accessor_is_for_our_frames() -> None:
    """Other frames have no `meet`."""
    SMALL.to_frame()
    with pytest.raises(AttributeError, match="lacks start, end, speaker"):
        pd.DataFrame({"a": [1]}).meet  # noqa: B018
