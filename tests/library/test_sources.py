"""Files as records of the library."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.library.sources import (
    MAX_SECONDS,
    MAX_WORDS,
    is_same_file,
    meeting_id,
    read_source,
    record_of,
    stat_source,
)
from meetscribe.library.values import SourceFile, SpeakerTime
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.support.meetings import meeting, recording

SOURCE = SourceFile("/talks/talk.json", "sha256:abcdef0123456789", 1, 2)


def test_a_record_has_the_corrected_words_and_names() -> None:
    """Edits are applied: the index says what a reader sees."""
    transcript = meeting([("SPEAKER_00", "the vitter bee path")], title=" A\ntitle ", recorded_at="2026-11-20")
    corrected = transcript.rename({"SPEAKER_00": "Anna"}).replace(0.4, 1.1, "Viterbi")
    record = record_of(corrected, SOURCE)
    assert [(passage.speaker, passage.text) for passage in record.passages] == [("Anna", "the Viterbi path")]
    assert record.meeting.speakers == (SpeakerTime("Anna", 3, 1.5),)
    assert (record.meeting.title, record.meeting.day) == ("A title", "2026-11-20")


def test_the_id_follows_from_the_recording_or_the_content() -> None:
    """A transcript that names no recording is known by its first content; a given id is kept."""
    named = meeting([("A", "x")], recording=recording("talk.wav", "7"))
    assert record_of(named, SOURCE).meeting.id == "7" * 12
    assert record_of(meeting([("A", "x")]), SOURCE).meeting.id == "abcdef012345"
    assert record_of(named, SOURCE, "kept").meeting.id == "kept"
    assert meeting_id(None, "sha256:00ff") == "00ff"
    assert record_of(named, SOURCE).meeting.title == "talk"


@given(
    st.lists(st.tuples(st.sampled_from(["A", "B", None]), st.integers(1, 60), st.floats(0, 5)), min_size=1, max_size=20)
)
def test_passages_are_all_words_in_order_and_short(runs: list[tuple[str | None, int, float]]) -> None:
    """No word is lost or repeated; a passage has one speaker, and is joined from several segments up to the limits."""
    segments: list[Segment] = []
    time = 0.0
    for speaker, count, pause in runs:
        time += pause
        words = tuple(
            Word(f"w{len(segments)}", time + i * 0.3, time + i * 0.3 + 0.2, speaker=speaker) for i in range(count)
        )
        segments.append(Segment(words))
        time = words[-1].end
    passages = record_of(Transcript(tuple(segments), Meta("en", time)), SOURCE).passages

    assert " ".join(passage.text for passage in passages) == " ".join(segment.text for segment in segments)
    assert [passage.position for passage in passages] == list(range(len(passages)))
    joined = [passage for passage in passages if len(set(passage.text.split())) > 1]
    assert all(len(passage.text.split()) <= MAX_WORDS for passage in joined)
    assert all(passage.span.duration <= MAX_SECONDS + 1e-6 for passage in joined)


def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    """The hash and the words are of the same state; a file that never rests is an error."""
    file = tmp_path / "a.json"
    meeting([("A", "one")]).save(file)
    reads = []

    def read(path: Path, restless: int) -> Transcript:
        transcript = Transcript.load(path)
        reads.append(path)
        if len(reads) <= restless:
            meeting([("A", f"more {len(reads)}")]).save(path)
            os.utime(path, ns=(len(reads), len(reads)))
        return transcript

    source, transcript = read_source(file, lambda path: read(path, 1))
    assert (transcript.text, is_same_file(source)) == ("more 1", True)
    with pytest.raises(InputError, match="changes while it is read"):
        read_source(file, lambda path: read(path, 99))


def test_files_are_compared_by_size_and_time(tmp_path: Path) -> None:
    """A file that was touched is another; None says that it is gone."""
    file = tmp_path / "a.json"
    file.write_text("x", encoding="utf-8")
    source = stat_source(file)
    assert is_same_file(source) is True
    os.utime(file, ns=(1, 1))
    assert is_same_file(source) is False
    file.unlink()
    assert is_same_file(source) is None
    with pytest.raises(InputError, match="No such file"):
        stat_source(file)
    with pytest.raises(InputError):
        stat_source(Path("a\0b"))
