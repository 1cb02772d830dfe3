"""The meeting of rows has the statistics of the transcript."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.analytics import stats
from meetscribe.corpus.tables import Corpus, build_corpus, find_sources, meeting_from_rows
from meetscribe.transcript import Meta, Transcript
from tests.analytics.test_statistics import transcript as overlapping_talk
from tests.support.corpora import transcript_of


@pytest.mark.parametrize(
    "transcript",
    [
        transcript_of(3),
        transcript_of(3, turns=(), exclusive=()),
        transcript_of(4, participants=("Anna", "SPEAKER_01", "SPEAKER_02", "Zoe")),
        overlapping_talk(),
        Transcript((), Meta("en", 3.0, turns=transcript_of(3).turns)),
    ],
    ids=["turns", "words-only", "silent-participant", "overlap", "turns-only"],
)
def test_statistics_are_those_of_the_transcript(tmp_path: Path, transcript: Transcript) -> None:
    """All tables that are computed from the rows equal those from the file."""
    transcript.save(tmp_path / "m.json")
    build_corpus(tmp_path / "corpus", find_sources([tmp_path / "m.json"]))
    (rows,) = Corpus(tmp_path / "corpus").meetings(("segments", "turns", "words"))
    name = transcript.recording.name.removesuffix(".wav") if transcript.recording else rows.meeting
    expected, found = stats(transcript, names=[name]), stats(meeting_from_rows(rows), names=[name])
    for table in ("speakers", "meeting", "turns", "overlaps", "gaps", "interruptions", "keywords", "topics"):
        assert found.rows(table) == expected.rows(table), table
