from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.utterances import Utterance, utterances
from meetscribe.transcript.word_ids import with_new_word_ids


def test_utterances_end_where_the_speaker_or_the_segment_changes() -> None:
    """Each utterance has the words of one speaker, and the id of its first word."""
    said = [("So", "A"), ("then.", "A"), ("Yes.", "B"), ("Hm.", None)]
    words = [Word(text, n, n + 1, speaker=who, id=f"r-{n}") for n, (text, who) in enumerate(said)]
    talk = Transcript((Segment(tuple(words)), Segment((Word("No.", 5, 6, id="r-9"),))), Meta("en", 9))
    found = list(utterances(talk.rename({"A": "Anna"})))
    assert [(one.id, one.speaker, one.text) for one in found] == [
        ("r-0", "Anna", "So then."),
        ("r-2", "B", "Yes."),
        ("r-3", None, "Hm."),
        ("r-9", None, "No."),
    ]


def test_an_assignment_divides_an_utterance() -> None:
    """Utterances follow the edits: words assigned to another speaker start a new one, with their own id."""
    words = tuple(Word("w", n, n + 1, speaker="A", id=f"r-{n}") for n in range(4))
    talk = Transcript((Segment(words),), Meta("en", 9))
    edited = talk.assign(1, 3, "B")
    assert [one.id for one in utterances(edited)] == ["r-0", "r-1", "r-3"]
    assert [one.id for one in utterances(edited.undo())] == ["r-0"]


@given(st.from_type(Transcript))
def test_utterances_hold_every_word_once(transcript: Transcript) -> None:
    """Together they are the edited words in order, and their ids are unique."""
    transcript = with_new_word_ids(transcript)
    found = list(utterances(transcript))
    assert tuple(word for one in found for word in one.words) == transcript.edited().words
    assert len({one.id for one in found}) == len(found)
    assert all(isinstance(one, Utterance) and len({word.speaker for word in one.words}) == 1 for one in found)
