from __future__ import annotations

import pytest

from meetscribe.formats import write
from tests.formats.goldens import TRANSCRIPTS, WRITTEN, path_of


@pytest.mark.parametrize("transcript", TRANSCRIPTS)
@pytest.mark.parametrize("name", WRITTEN)
def test_files_are_unchanged(name: str, transcript: str) -> None:
    """Both golden transcripts are written to the byte in every format."""
    assert write(TRANSCRIPTS[transcript](), name) == path_of(transcript, name).read_bytes()
