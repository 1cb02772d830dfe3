from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.formats import FORMATS, load, write

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", FORMATS)
def test_files_look_as_they_should(name: str) -> None:
    """A meeting with an overlap, two scripts and an unknown speaker is written to the byte."""
    expected = (GOLDEN / f"meeting{FORMATS[name].suffixes[0]}").read_bytes()
    assert write(load(GOLDEN / "meeting.json"), name) == expected
