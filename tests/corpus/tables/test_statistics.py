"""Statistics over a corpus: the sums of the statistics of its meetings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from meetscribe.analytics import stats
from meetscribe.corpus.tables import Selection, corpus_statistics, meetings_with_statistics
from meetscribe.corpus.tables.statistics import UNNAMED, Totals
from meetscribe.timeline import Turn
from tests.support.corpora import small_corpus, transcript_of


def test_speakers_are_added_up(tmp_path: Path) -> None:
    """A named speaker has the values that `stats` computes from all transcripts in memory."""
    found = corpus_statistics(small_corpus(tmp_path, 5))
    names = {group.group: group for group in found.groups}
    assert set(names) == {"Anna", UNNAMED}
    (anna,) = [row for row in stats(*map(transcript_of, range(5)), by="speaker").speakers if row.speaker == "Anna"]
    own = names["Anna"]
    assert (own.meetings, own.turns, own.words, own.monologues) == (5, anna.turns, anna.words, anna.monologues)
    assert own.talk_time_s == pytest.approx(anna.talk_time_s, abs=0.01)
    assert own.talk_share == pytest.approx(anna.talk_share, abs=0.001)
    assert own.airtime_share == pytest.approx(anna.airtime_share, abs=0.001)
    assert own.longest_turn_s == anna.longest_turn_s


@pytest.mark.parametrize("by", ["speaker", "collection", "month", "year", "language"])
def test_groups_add_up_to_the_total(tmp_path: Path, by: str) -> None:
    """Each word and each second of speech is in one group."""
    found = corpus_statistics(small_corpus(tmp_path, 5), by)  # type: ignore[arg-type]
    assert sum(group.words or 0 for group in found.groups) == found.total.words
    assert sum(group.talk_time_s for group in found.groups) == pytest.approx(found.total.talk_time_s)
    assert found.total.talk_share == 1.0
    assert found.statuses == {"done": 5}
    if by == "month":
        assert [group.meetings for group in found.groups] == [1] * 5
        assert {group.group for group in found.groups} == {f"2026-0{month}" for month in range(1, 6)}


def test_unknown_values_are_not_zero() -> None:
    """A sum is of the known values, and unknown if there is none, as in the statistics of one meeting."""
    (turns,) = stats([Turn(0, 30, "Anna")]).speakers
    (words, *_) = stats(transcript_of(0)).speakers
    totals = Totals("Anna", meetings=1)
    totals.add(turns)
    assert (turns.words, turns.interruptions_made) == (None, None)
    assert (totals.words, totals.words_per_min, totals.questions, totals.interruptions) == (None, None, None, None)
    totals.add(words)
    assert (totals.words, totals.questions) == (words.words, words.questions)


def test_meetings_are_selected_by_day_and_collection(tmp_path: Path) -> None:
    """Both days are included; without a day, meetings without a date are too."""
    corpus = small_corpus(tmp_path, 5)
    selection = Selection(since=date(2026, 2, 15), until=date(2026, 3, 31))
    assert corpus_statistics(corpus, selection=selection).statuses == {"done": 2}
    assert corpus_statistics(corpus, selection=Selection(collections=("board",))).statuses == {}
    assert (Selection().takes(None), selection.takes(None)) == (True, False)


def test_meetings_come_with_their_statistics(tmp_path: Path) -> None:
    """One at a time, each with its rows."""
    found = {
        rows.row["transcript"].rpartition("/")[2]: statistics
        for rows, statistics in meetings_with_statistics(small_corpus(tmp_path, 3))
    }
    assert found["1.json"] == stats(transcript_of(1)).meetings[0]
