"""What statistics are computed from: transcripts with edits, turns alone, silent participants."""

from __future__ import annotations

from pathlib import Path

from meetscribe.analytics import meeting_of
from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word

WORDS = (Word("Hi.", 0, 1, speaker="A"), Word("Yes.", 1, 2, speaker="B"), Word("So", 2, 3))
TRANSCRIPT = Transcript((Segment(WORDS),), Meta("en", 10, RecordingFile("/x/standup.flac")))


def test_turns_come_from_the_words_if_there_are_none() -> None:
    """The name is that of the recording; words of unknown speakers are left out."""
    meeting = meeting_of(TRANSCRIPT)
    assert (meeting.name, meeting.turn_source, meeting.speakers) == ("standup", "words", ("A", "B"))
    assert [word.text for word in meeting.words] == ["Hi.", "Yes."]


def test_a_file_has_its_own_name(tmp_path: Path) -> None:
    """As in the output of the command, a path is named as the file, whatever the recording was."""
    TRANSCRIPT.save(tmp_path / "monday.srt")
    assert meeting_of(str(tmp_path / "monday.srt")).name == "monday"
    assert meeting_of(tmp_path / "monday.srt", "first").name == "first"


def test_edits_are_applied() -> None:
    """Names are the names to show, of words and of turns."""
    named = TRANSCRIPT.with_meta(turns=(Turn(0, 1, "A"),)).rename({"A": "Anna"})
    meeting = meeting_of(named)
    assert meeting.speakers == ("Anna", "B")
    assert meeting.turns == (Turn(0, 1, "Anna"), Turn(1, 2, "B"))


def test_turns_alone_are_enough() -> None:
    """A diarization, or a list of turns, is a meeting without words that ends with the last turn."""
    turns = [Turn(3, 4, "B"), Turn(0, 2, "A")]
    assert meeting_of(Diarization(tuple(turns), ())) == meeting_of(turns)
    assert (meeting_of(turns).duration, meeting_of([]).duration) == (4.0, 0.0)


def test_participants_are_silent_only_if_all_speakers_are_known() -> None:
    """With a label such as A, it is unknown which participant it stands for."""
    participants = ("Anna", "Ben", "Cleo")
    unnamed = TRANSCRIPT.with_meta(participants=participants)
    assert meeting_of(unnamed).speakers == ("A", "B")
    named = unnamed.rename({"A": "Anna", "B": "Ben"})
    assert meeting_of(named).speakers == ("Anna", "Ben", "Cleo")


def test_renamed_speakers_keep_their_words() -> None:
    """Turns and words get the new name, others keep theirs."""
    meeting = meeting_of(TRANSCRIPT).renamed({"A": "A (standup)"})
    assert meeting.speakers == ("A (standup)", "B")
    assert [word.speaker for word in meeting.words] == ["A (standup)", "B"]
