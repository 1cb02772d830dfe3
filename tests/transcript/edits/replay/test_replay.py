"""Replay visits only what an edit concerns, so that a log of ten thousand edits is replayed in less than a second."""

from __future__ import annotations

import time
from collections.abc import Iterator

from meetscribe.timeline import Span, Turn
from meetscribe.transcript import Assign, Edit, Insert, Meta, Replace, Segment, Transcript, Word
from meetscribe.transcript.edits.application import unapplied_edits
from meetscribe.transcript.edits.replay.replay import Replay
from meetscribe.transcript.edits.word_edits import deletion, insertion, replacement, segment_split
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import said


def long_meeting(count: int) -> Transcript:
    """Return a meeting of four speakers, ten words in a segment."""
    words = [Word(f"w{n % 997}", n * 0.3, n * 0.3 + 0.25, speaker=f"S{n // 10 % 4}") for n in range(count)]
    segments = [Segment(tuple(words[n : n + 10])) for n in range(0, count, 10)]
    turns = tuple(Turn(one.start, one.end, one.speaker or "") for one in segments)
    return with_word_ids(Transcript(tuple(segments), Meta("en", count * 0.3 + 1, turns=turns, exclusive=turns)))


def many_edits(words: tuple[Word, ...]) -> Iterator[Edit]:
    """Yield an edit for every second word, of every kind in turn."""
    for number, (word, other) in enumerate(zip(words[::2], words[1::2], strict=True)):
        yield one_edit(number, word, other)


def one_edit(number: int, word: Word, other: Word) -> Edit:
    """Return an edit of two neighbouring words; its kind depends on the number."""
    match number % 5:
        case 0:
            return replacement([word, other], "three new words")
        case 1:
            return deletion([word])
        case 2:
            return insertion("inserted", Span(word.end, other.start), after=word, speaker="S9")
        case 3:
            return segment_split(other)
    return Assign(word.start, other.end, f"S{number % 6}")


def test_ten_thousand_edits_are_loaded_in_a_second() -> None:
    """Ten thousand edits of all kinds are read and applied in less than a second of processor time."""
    meeting = long_meeting(20_000)
    text = meeting.with_meta(edits=tuple(many_edits(meeting.words))).to_json()
    start = time.process_time()
    loaded = Transcript.from_json(text)
    shown = loaded.edited()
    assert time.process_time() - start < 2  # measured: 0.7 s; doubled for a busy machine
    assert len(loaded.meta.edits) == 10_000
    assert len({word.id for word in shown.words}) == len(shown.words)
    assert unapplied_edits(loaded) == ()


def test_a_chain_of_edits_of_edits() -> None:
    """Each of a thousand edits replaces the words that the one before made."""
    talk = with_word_ids(Transcript((said("A", 0, "x", "y"),), Meta("en", 2)))
    ids: tuple[str, ...] = (talk.words[0].id or "",)
    edits: list[Edit] = []
    for number in range(1000):
        text = "a b c" if number % 2 else "d e"
        edits.append(Replace(id=f"edit-{number}", words=ids, text=text, quote="", start=0, end=0.5))
        ids = tuple(f"edit-{number}-{place}" for place in range(len(text.split())))
    assert talk.with_meta(edits=tuple(edits)).edited().text == "a b c y"
    assert talk.with_meta(edits=tuple(edits[1:])).edited() == talk


def test_an_edit_applies_as_a_whole_or_not_at_all() -> None:
    """An edit of which one word does not exist changes nothing, and is reported."""
    talk = with_word_ids(Transcript((said("A", 0, "x", "y"),), Meta("en", 2)))
    first, second = (word.id or "" for word in talk.words)
    replay = Replay(talk)
    assert not replay.apply(Replace(id="e", words=(first, "gone"), text="z", quote="", start=0, end=1))
    assert not replay.apply(Insert(id="e", after="gone", before=None, text="z", start=0, end=1))
    assert not replay.apply(Assign(5, 6, "B"))
    assert tuple(replay.words()) == talk.words
    assert replay.apply(Insert(id="e", after="gone", before=second, text="z", start=0.5, end=0.6))
    assert [word.text for word in replay.words()] == ["x", "z", "y"]


def test_new_ids_avoid_those_of_other_words() -> None:
    """A word of a file that has the id of an inserted word keeps it; the inserted word gets the next number."""
    talk = Transcript((Segment((Word("x", 0, 1, id="edit-1-0"),)),), Meta("en", 2))
    edit = Insert(id="edit-1", after="edit-1-0", before=None, text="y", start=1, end=1.5)
    assert [word.id for word in talk.with_meta(edits=(edit,)).edited().words] == ["edit-1-0", "edit-1-1"]
