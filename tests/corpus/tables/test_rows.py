"""Rows of the tables: those of the transcript with its edits, and the words of each turn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.corpus.tables.files.schema import SCHEMAS
from meetscribe.corpus.tables.rows import (
    detail_tables,
    distance,
    meeting_table,
    overlapping_turns,
    transcript_columns,
    words_of_turns,
)
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Transcript, Word
from tests.support.corpora import transcript_of

times = st.integers(0, 40).map(float)
turns = st.lists(
    st.builds(
        lambda start, length, who: Turn(start, start + length, who), times, st.integers(1, 20), st.sampled_from("AB")
    )
).map(sorted)
words = st.lists(
    st.builds(
        lambda start, length, who: Word("x", start, start + length, speaker=who),
        times,
        st.integers(0, 5),
        st.sampled_from(["A", "B", "C", None]),
    )
)


@given(turns, words)
def test_a_word_belongs_to_the_nearest_turn_of_its_speaker(turns: list[Turn], words: list[Word]) -> None:
    """Every word whose speaker has a turn is in one of the nearest ones, and in no other."""
    found = words_of_turns(turns, words)
    assert sum(map(len, found)) == sum(any(turn.speaker == word.speaker for turn in turns) for word in words)
    for turn, own in zip(turns, found, strict=True):
        for word in own:
            middle = (word.start + word.end) / 2
            nearest = min(distance(each, middle) for each in turns if each.speaker == word.speaker)
            assert turn.speaker == word.speaker
            assert distance(turn, middle) == nearest


@given(turns)
def test_overlapping_turns(turns: list[Turn]) -> None:
    """A turn overlaps if any turn of another speaker shares time with it."""
    slow = {
        number
        for number, one in enumerate(turns)
        if any(one.speaker != other.speaker and one.start < other.end and other.start < one.end for other in turns)
    }
    assert overlapping_turns(turns) == slow


def test_rows_have_the_names_after_edits() -> None:
    """Names, texts and ids are those of the edited transcript."""
    transcript = transcript_of(1)
    tables = detail_tables("m", transcript)
    assert {name: table.schema for name, table in tables.items()} == {
        name: SCHEMAS[name] for name in ("segments", "turns", "words")
    }
    assert "Anna" in tables["segments"]["speaker"].to_pylist()
    assert [row["text"] for row in tables["words"].to_pylist()] == [word.text for word in transcript.words]
    assert " ".join(tables["turns"]["text"].to_pylist()).split() == [word.text for word in transcript.words]
    assert tables["turns"]["words"].to_pylist() == [len(text.split()) for text in tables["turns"]["text"].to_pylist()]
    assert all(tables["words"]["id"].to_pylist())


def test_the_row_of_a_meeting() -> None:
    """The day, the names and the numbers are known; columns that are not given are null."""
    columns = transcript_columns(transcript_of(1, title="Planning", participants=("Anna", "Ben")))
    (row,) = meeting_table({"meeting": "m", "status": "done", **columns}).to_pylist()
    assert (str(row["date"]), row["title"], row["participants"]) == ("2026-02-15", "Planning", ["Anna", "Ben"])
    assert row["speakers"][0] == "Anna"
    assert row["error"] is None


def test_a_transcript_without_words_has_no_rows() -> None:
    """Empty tables keep their columns."""
    tables = detail_tables("m", Transcript((), Meta("en", 3.0)))
    assert [table.num_rows for table in tables.values()] == [0, 0, 0]
    assert tables["words"].schema == SCHEMAS["words"]
