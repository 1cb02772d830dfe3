"""Statistics of a corpus as a table."""

from __future__ import annotations

import pytest

from meetscribe.cli.display.corpus_statistics import print_corpus_statistics
from meetscribe.corpus.tables.statistics import CorpusStatistics, Totals


def test_unknown_values_are_dashes(capsys: pytest.CaptureFixture[str]) -> None:
    """A corpus of turns has no words; without talk time there is no share."""
    totals = Totals("Anna", meetings=1, words=None)
    print_corpus_statistics(CorpusStatistics("speaker", {"done": 1}, totals, (totals,)))
    first, *rows = capsys.readouterr().out.splitlines()
    assert ", – words, 0 turns" in first
    assert [row.split()[3] for row in rows if row.startswith("Anna")] == ["–"]
