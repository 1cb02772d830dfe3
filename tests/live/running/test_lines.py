"""Each line is shown once, in order, when its words and its speaker are known."""

from __future__ import annotations

from meetscribe.live import LiveTranscript, events
from meetscribe.live.running import LineFeed
from meetscribe.transcript import Word


def after(*drafts: events.Draft, time: float = 0.0) -> LiveTranscript:
    return LiveTranscript().apply_all(draft.published(n, time) for n, draft in enumerate(drafts, start=1))


def commit(start: int, text: str, *, closed: bool = True) -> events.Draft:
    words = [Word(each, start + 0.1 * n, start + 0.1 * n + 0.1) for n, each in enumerate(text.split())]
    return events.commit(f"s{start}", 0, words, closed=closed)


FIRST, SECOND = commit(1, "the plan is late"), commit(3, "why", closed=False)


def test_a_closed_segment_is_a_line_once() -> None:
    feed = LineFeed(speakers=False)
    live = after(FIRST, SECOND)
    assert list(map(str, feed.take(live))) == ["[0:00:01.0] the plan is late"]
    assert feed.take(live) == []
    assert list(map(str, feed.waiting(live))) == ["[0:00:03.0] why"]
    assert list(map(str, feed.take(live, all=True))) == ["[0:00:03.0] why"]


def test_pending_text_follows_the_committed_words() -> None:
    live = after(SECOND, events.partial("s3", "did it", 3.2, 3.6), events.partial("s5", "so", 5.0, 5.2))
    assert [(line.text, line.pending) for line in LineFeed(speakers=False).waiting(live)] == [
        ("why", "did it"),
        ("", "so"),
    ]


def test_a_line_waits_for_its_speaker() -> None:
    """Then it is divided among the speakers, by their names."""
    feed = LineFeed(speakers=True)
    assert feed.take(after(FIRST)) == []
    live = after(
        FIRST,
        SECOND,
        events.revise_speaker("s1", 1, 0, 1, "SPEAKER_00"),
        events.revise_speaker("s1", 2, 2, 3, "SPEAKER_01"),
        events.speakers({"SPEAKER_00": "Anna", "SPEAKER_01": "SPEAKER_01"}, 2.0),
    )
    assert list(map(str, feed.take(live))) == ["[0:00:01.0] Anna: the plan", "[0:00:01.2] SPEAKER_01: is late"]


def test_a_line_does_not_wait_for_long_unless_the_source_does() -> None:
    late = after(commit(1, "the plan is late."), time=20.0)
    many = after(*(commit(n, "word.") for n in range(6)))
    assert len(LineFeed(speakers=True).take(late)) == 1
    assert len(LineFeed(speakers=True).take(many)) == 2
    assert LineFeed(speakers=True, patient=True).take(late) == []


def test_a_sentence_that_was_cut_is_one_line() -> None:
    """A segment that ends within a sentence, and the next one right after it, are shown as one line."""
    words = [Word("The", 1.0, 1.1), Word("plan", 1.1, 1.4)]
    cut = events.commit("s1", 0, words, closed=True)
    rest = [Word("is", 1.5, 1.6), Word("late.", 1.6, 1.9)]
    feed = LineFeed(speakers=False)
    assert feed.take(after(cut, time=2.0)) == []
    pending = after(cut, events.partial("s2", "is", 1.5, 1.6), time=2.5)
    assert feed.take(pending) == []
    assert [str(line) for line in feed.waiting(pending)] == ["[0:00:01.0] The plan is"]
    live = after(cut, events.commit("s2", 0, rest, closed=True), time=3.0)
    assert [str(line) for line in feed.take(live)] == ["[0:00:01.0] The plan is late."]


def test_a_sentence_that_nobody_ends_is_a_line_soon() -> None:
    """Two seconds after it was closed, or at once if further words come later or on another channel."""
    cut = events.commit("s1", 0, [Word("The", 1.0, 1.1), Word("plan", 1.1, 1.4)], closed=True)
    later = commit(3, "why")
    other = events.commit("c1s1", 0, [Word("Yes.", 1.5, 1.8)], channel=1, closed=True)
    feed = LineFeed(speakers=False)
    assert [len(feed.take(after(cut, time=time))) for time in (3.5, 5.0, 5.6)] == [0, 0, 1]
    assert [line.text for line in LineFeed(speakers=False).take(after(cut, later, time=3.5))] == ["The plan"]
    assert [line.text for line in LineFeed(speakers=False).take(after(cut, other))] == ["The plan", "Yes."]
