"""Selection: passages hold only words that can be used, and nothing else is spoken in them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.training.data.clips.meetings import Meeting, Track
from meetscribe.training.data.clips.selection import Passage, select
from meetscribe.training.data.omissions import total
from meetscribe.transcript import Finding, Meta, Segment, Transcript, Word

MIX = Track(Path("m.wav"), "sha256:1")
LEFT, RIGHT = (Track(Path("m.wav"), "sha256:1", channel) for channel in (0, 1))


def meeting(*words: Word, findings: tuple[Finding, ...] = (), tracks: dict[str, Track] | None = None) -> Meeting:
    """Return a meeting with a segment per word."""
    segments = tuple(Segment((word,)) for word in words)
    return Meeting("m", Transcript(segments, Meta("en", 100.0, findings=findings)), MIX, tracks or {})


def texts(passages: list[Passage]) -> list[str]:
    return [" ".join(one.word.text for one in passage.words) for passage in passages]


def word(text: str, start: float, speaker: str | None = "A", **values: object) -> Word:
    return Word(text, start, start + 0.5, speaker=speaker, **values)  # type: ignore[arg-type]


def test_a_passage_ends_where_something_cannot_be_used() -> None:
    """At a doubtful word, at speech without words, at a long pause, and where the language changes."""
    words = [word(text, at) for at, text in enumerate("a b c d e f".split())]
    words[4] = word("e", 4, language="de")
    found, left = select(meeting(*words, findings=(Finding("suspect", 1.0, 1.5, ""),)), "en", 5.0)
    assert [(one.language, one.free.start) for one in found] == [("en", 0.0), ("en", 1.5), ("de", 3.5), ("en", 4.5)]
    assert texts(found) == ["a", "c d", "e", "f"]
    assert [(one.reason, one.words) for one in left] == [("suspect", 1)]
    found, left = select(meeting(*words[:4], findings=(Finding("uncovered", 1.6, 1.9, ""),)), "en", 5.0)
    assert texts(found) == ["a b", "c d"]
    assert [passage.free.end for passage in found][0] == 1.6
    assert [(one.reason, one.words) for one in total(left)] == [("uncovered", 0)]
    assert texts(select(meeting(words[0], word("z", 9)), "en", 5.0)[0]) == ["a", "z"]


def test_overlap_is_left_out_of_a_mix_only() -> None:
    """On a speaker's own channel, others are not heard."""
    words = [word("a", 0), word("b", 1, overlap=True), word("c", 1.2, "B"), word("d", 2)]
    mixed, left = select(meeting(*words), "en", 5.0)
    assert texts(mixed) == ["a", "d"]
    assert [(one.reason, one.words) for one in total(left)] == [("overlap", 2)]
    split, left = select(meeting(*words, tracks={"A": LEFT, "B": RIGHT}), "en", 5.0)
    assert texts(split) == ["a b d", "c"]
    assert [passage.track for passage in split] == [LEFT, RIGHT]
    assert left == []


def test_a_shared_channel_is_a_mix() -> None:
    words = [word("a", 0, "A.1"), word("b", 1, "A.2", overlap=True)]
    found, _ = select(meeting(*words, tracks={"A.1": LEFT, "A.2": LEFT}), "en", 5.0)
    assert texts(found) == ["a"]


def test_a_word_of_a_reassigned_speaker_is_taken_from_the_mix() -> None:
    """It was recognised on the channel of another one."""
    made = meeting(word("a", 0), word("b", 2, "B"), tracks={"A": LEFT, "B": RIGHT})
    moved = Meeting("m", made.transcript.assign(1.9, 2.6, "A"), MIX, made.tracks)
    found, _ = select(moved, "en", 5.0)
    assert {passage.track: one.speaker for passage in found for one in passage.words} == {LEFT: "A", MIX: "A"}


def test_speakers_have_their_names() -> None:
    made = meeting(word("a", 0))
    named = Meeting("m", made.transcript.rename({"A": "Anna"}), MIX, {})
    assert [one.speaker for passage in select(named, "en", 5.0)[0] for one in passage.words] == ["Anna"]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6), st.sampled_from("AB"), st.booleans()), max_size=12),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6)), max_size=3),
)
def test_nothing_else_is_spoken_in_a_passage(
    spoken: list[tuple[int, int, str, bool]], doubtful: list[tuple[int, int]]
) -> None:
    """Of each word, it is in one passage or counted; others and doubts lie outside the time of the passage."""
    words = [
        Word(f"w{at}", start / 4, (start + length) / 4, speaker=speaker, overlap=overlap)
        for at, (start, length, speaker, overlap) in enumerate(spoken)
    ]
    findings = tuple(Finding("uncovered", start / 4, (start + length) / 4, "") for start, length in doubtful)
    passages, left = select(meeting(*words, findings=findings), "en", 3.0)
    used = {one.word.text for passage in passages for one in passage.words}
    assert len(used) + sum(one.words for one in left) == len(words)
    for passage in passages:
        own = {one.word.text for one in passage.words}
        assert all(word.overlap is False for word in words if word.text in own)
        others = [word.span for word in words if word.text not in own] + [finding.span for finding in findings]
        assert all(span.end <= passage.free.start or span.start >= passage.free.end for span in others)
