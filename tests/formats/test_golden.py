from __future__ import annotations

import pytest

from meetscribe.formats import write
from tests.formats.goldens import TRANSCRIPTS, WRITTEN, path_of


@pytest.mark.parametrize("transcript", TRANSCRIPTS)
@pytest.mark.parametrize("name", WRITTEN)
def test_files_look_as_they_should(name: str, transcript: str) -> None:
    """A meeting with an overlap, and everything that formats stumble over, are written to the byte."""
    assert write(TRANSCRIPTS[transcript](), name) == path_of(transcript, name).read_bytes()
