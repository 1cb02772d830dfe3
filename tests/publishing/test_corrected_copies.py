"""A copy in any format that is written and read gives the corrections made in it, and no others."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError, MeetscribeError
from meetscribe.formats import FORMATS, read, write
from meetscribe.publishing.corrected_copies import compare_copy, import_copy, import_data, option_variants
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.edits.values import WORD_EDITS
from meetscribe.transcript.edits.word_edits import with_edits
from meetscribe.transcript.word_ids import with_word_ids
from tests.formats.test_round_trips import conversations

BOTH = [name for name, row in FORMATS.items() if row.reads and row.writes]
WITHOUT_WORDS = {"rttm": ["rename", "assign"], "uem": []}
CHANGES = ["rename", "replace", "replace", "replace", "delete", "insert", "assign", "insert"]

MEETING = with_word_ids(synthetic_meeting(speakers=3, turns=10).transcript).rename({"SPEAKER_00": "Anna"})


def corrected() -> Transcript:
    """Return the meeting with one change of each kind, made with its own methods."""
    segments = MEETING.segments
    words = [segment.words for segment in segments]
    changed = MEETING.rename({"SPEAKER_01": "Ben"})
    changed = changed.replace(words[0][1].start, words[0][1].end, "Viterbi")
    changed = changed.replace(words[1][1].start, words[1][1].end, f"{words[1][1].text.upper()},")
    changed = changed.replace(words[2][1].start, words[2][2].end, "Kubernetes")
    changed = changed.delete(words[3][-1].start, words[3][-1].end)
    changed = changed.insert((words[4][0].end + words[4][1].start) / 2, "really quite")
    changed = changed.assign(segments[7].start, segments[7].end, "SPEAKER_02")
    return changed.insert(segments[8].end + 0.3, "A new remark.", "SPEAKER_02")


def spoken(transcript: Transcript) -> list[tuple[str | None, str]]:
    """Return the words with their names, in order."""
    return [(word.speaker, word.text) for word in transcript.edited().words]


@settings(deadline=None, max_examples=8)
@given(transcript=conversations())
def test_an_unchanged_copy_yields_no_edit(transcript: Transcript) -> None:
    """A file as it was written has no difference, whatever its format loses and whatever its options."""
    for name in BOTH:
        for options in option_variants(FORMATS[name]):
            note(f"{name} {options}")
            data = write(transcript, name, **options)
            if readable(data, name):
                assert import_data(transcript, data, "copy", name, times="edited") == ((), ())
                assert options or import_data(transcript, data, "copy", name) == ((), ())


@settings(deadline=None, max_examples=8)
@given(transcript=st.from_type(Transcript))
def test_an_unchanged_copy_of_anything_yields_no_edit(transcript: Transcript) -> None:
    """The same for any transcript, with the default options."""
    for name in BOTH:
        note(name)
        assert import_data(transcript, write(transcript, name), f"copy{FORMATS[name].suffixes[0]}", name) == ((), ())


@pytest.mark.parametrize("name", BOTH)
def test_each_correction_in_a_copy_becomes_an_edit(name: str) -> None:
    """A copy with one change of each kind gives these changes, and the edits make the transcript equal to it."""
    copy = corrected()
    edits, differences = import_data(MEETING, write(copy, name), f"copy{FORMATS[name].suffixes[0]}", name)
    assert [one.kind for one in differences] == WITHOUT_WORDS.get(name, CHANGES)
    if name not in WITHOUT_WORDS:
        assert spoken(with_edits(MEETING, edits)) == spoken(copy)
    assert {edit.source for edit in edits if isinstance(edit, WORD_EDITS)} <= {f"copy{FORMATS[name].suffixes[0]}"}


@pytest.mark.parametrize("name", [name for name in BOTH if name not in WITHOUT_WORDS])
def test_times_of_a_copy_on_request(name: str) -> None:
    """A segment that a copy moves is moved, if asked for; the others are not."""

    def moved(segment: Segment) -> Segment:
        return Segment(tuple(replace(word, start=word.start + 0.4, end=word.end + 0.4) for word in segment.words))

    copy = MEETING.with_segments(moved(one) if number == 2 else one for number, one in enumerate(MEETING.segments))
    edits, differences = import_data(MEETING, write(copy, name), "copy", name, times="edited")
    assert [one.kind for one in differences] == ["times"]
    after = with_edits(MEETING, edits).edited()
    assert [word.start for word in after.words] == pytest.approx([word.start for word in copy.words], abs=0.002)


def test_words_keep_their_times() -> None:
    """Words that a copy in subtitles does not change keep their times, to the millisecond."""
    edits, _ = import_data(MEETING, write(corrected(), "srt"), "copy.srt")
    times = {word.id: (word.start, word.end) for word in MEETING.words}
    after = [word for word in with_edits(MEETING, edits).edited().words if word.id in times]
    assert len(after) >= len(times) - 3
    assert all((word.start, word.end) == times[word.id or ""] for word in after)


def test_a_format_that_is_only_read() -> None:
    """A copy in a format that cannot be written is compared with the transcript as shown."""
    data = b'{"text": "", "chunks": [{"text": "Good evening.", "timestamp": [0.0, 1.0]}]}'
    transcript = read(data.replace(b"evening", b"morning"), "copy.json")
    _, differences = import_data(transcript, data, "copy.json")
    assert [(one.before, one.after) for one in differences] == [("morning.", "evening.")]


def test_the_encoding_of_a_copy() -> None:
    """With the encoding of the file, letters that it spells otherwise are no differences."""
    transcript = with_word_ids(read("WEBVTT\n\n00:01.000 --> 00:02.000\nSchöne Größe\n".encode(), "a.vtt"))
    data = write(transcript, "srt").decode().replace("Größe", "Grüße").encode("cp850")
    _, differences = import_data(transcript, data, "copy.srt", encoding="cp850")
    assert [(one.before, one.after) for one in differences] == [("Größe", "Grüße")]


@pytest.mark.parametrize("name", ["docx", "md", "vtt"])
def test_title_and_date_of_a_copy(name: str) -> None:
    """A new title and date are taken over; what stands in place of a title, or lacks the time of day, is no change."""
    pytest.importorskip("docx")
    dated = MEETING.with_meta(title="Team sync", recorded_at="2026-11-27T10:00:00+01:00")
    found = compare_copy(dated, write(dated, name), f"copy.{name}", name)
    assert (found.title, found.date, found.unread_date) == (None, None, False)
    changed = dated.with_meta(title="Weekly sync", recorded_at="2026-11-30")
    found = compare_copy(dated, write(changed, name), f"copy.{name}", name)
    assert (found.title, found.date, found.edits) == ("Weekly sync", "2026-11-30", ())
    after = found.apply(dated)
    assert (after.meta.title, after.meta.recorded_at) == ("Weekly sync", "2026-11-30")
    found = compare_copy(MEETING, write(dated, name), f"copy.{name}", name)
    assert (found.title, found.date) == ("Team sync", "2026-11-27T10:00:00+01:00")


def test_what_a_word_document_does_not_say() -> None:
    """A date that cannot be read is reported, as is a new paragraph without a time and a name."""
    docx = pytest.importorskip("docx")
    dated = MEETING.with_meta(title="Team sync", recorded_at="2026-11-27")
    document = docx.Document(io.BytesIO(write(dated, "docx")))
    document.paragraphs[1].runs[0].text = "last Friday · 0:01:00.0"
    document.paragraphs[5].insert_paragraph_before("Ask Helen about this")
    out = io.BytesIO()
    document.save(out)
    found = compare_copy(dated, out.getvalue(), "copy.docx")
    assert (found.title, found.date, found.unread_date) == (None, None, True)
    assert [one.after for one in found.differences] == ["Ask Helen about this"] == list(found.unnamed)


@pytest.mark.parametrize("name", ["txt", "docx"])
def test_a_line_of_a_new_speaker_without_a_time(name: str) -> None:
    """It is read as the words of a new speaker, and reported; a second import of the copy finds no difference."""
    copy = io.BytesIO(write(MEETING, name))
    if name == "docx":
        document = pytest.importorskip("docx").Document(copy)
        document.paragraphs[5].insert_paragraph_before("Dora: Sounds good.")
        document.save(copy)
        data = copy.getvalue()
    else:
        first, *others = copy.getvalue().decode().splitlines(keepends=True)
        data = "".join([first, "Dora: Sounds good.\n", *others]).encode()
    found = compare_copy(MEETING, data, f"copy.{name}")
    assert [(one.kind, one.after) for one in found.differences] == [("insert", "Sounds good.")]
    assert (found.untimed, found.unnamed) == (("Dora: Sounds good.",), ())
    after = found.apply(MEETING).edited()
    assert [segment.text for segment in after.segments if segment.speaker == "Dora"] == ["Sounds good."]
    again = compare_copy(found.apply(MEETING), data, f"copy.{name}")
    assert (again.differences, again.untimed) == ((), ())


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, and a copy of another transcript, are errors that name the file."""
    with pytest.raises(InputError, match=r"copy\.srt: No such file"):
        import_copy(MEETING, tmp_path / "copy.srt")
    (tmp_path / "copy.srt").write_bytes(b"1\n00:00:01,000 --> 00:00:02,000\nEntirely different\n")
    with pytest.raises(InputError, match=r"copy\.srt: only 0% of the words"):
        import_copy(MEETING, tmp_path / "copy.srt")


def readable(data: bytes, name: str) -> bool:
    """Return whether a file can be read: not a document that was written without times."""
    try:
        read(data, "copy", name)
    except MeetscribeError:
        return False
    return True
