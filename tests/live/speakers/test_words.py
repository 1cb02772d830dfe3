"""Words get their speakers by revisions, and only by them."""

from __future__ import annotations

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.attribution.settings import AttributionSettings
from meetscribe.live import events
from meetscribe.live.events import Draft
from meetscribe.live.speakers.words import shown_turns, speaker_revisions
from meetscribe.live.transcript import LiveTranscript
from meetscribe.timeline import Diarization, Span, Turn
from meetscribe.transcript import Word

SETTINGS = AttributionSettings()


def transcript(*starts: float) -> LiveTranscript:
    """Return a transcript with a segment of six words of half a second from each time on."""
    drafts = []
    for start in starts:
        words = [Word(f"w{place}", start + place / 2, start + place / 2 + 0.45) for place in range(6)]
        drafts.append(events.commit(f"s{start}", 0, words))
    return applied(LiveTranscript(), drafts)


def applied(live: LiveTranscript, drafts: list[Draft]) -> LiveTranscript:
    numbers = count(live.seq + 1)
    return live.apply_all(draft.published(next(numbers), live.time) for draft in drafts)


def revised(live: LiveTranscript, turns: list[Turn], until: float = 1000.0, since: float = 0.0) -> LiveTranscript:
    """Return the transcript after the revisions for a diarization."""
    segments = list(live.segments.values())
    drafts = speaker_revisions(segments, Diarization(tuple(turns), ()), Span(since, until), SETTINGS)
    return applied(live, drafts)


def labels(live: LiveTranscript) -> list[str | None]:
    return [word.speaker for word in live.words]


def test_words_get_the_speakers_of_their_turns() -> None:
    """Those beyond the horizon, and those that no turn reaches, have none."""
    live = transcript(0, 10, 20)
    after = revised(live, [Turn(0, 3, "A"), Turn(10, 11.5, "A"), Turn(11.5, 13, "B")], until=12.5)
    assert labels(after)[:9] == ["A"] * 9
    assert labels(after)[9:11] == ["B"] * 2
    assert labels(after)[11:] == [None] * 7
    assert [turn.speaker for turn in shown_turns(after.segments.values())] == ["A"] * 9 + ["B"] * 2


def test_nothing_is_revised_twice() -> None:
    """The same diarization gives no further revision; words that no turn reaches any more keep their speaker."""
    after = revised(transcript(0), [Turn(0, 3, "A")])
    segments = list(after.segments.values())
    for turns in ([Turn(0, 3, "A")], [Turn(500, 501, "B")], []):
        assert not speaker_revisions(segments, Diarization(tuple(turns), ()), Span(0, 1000), SETTINGS)


@given(
    turns=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20), st.sampled_from("ABC")), max_size=6),
    more=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20), st.sampled_from("ABC")), max_size=6),
)
def test_revisions_lead_from_any_state_to_the_wanted_one(
    turns: list[tuple[int, int, str]], more: list[tuple[int, int, str]]
) -> None:
    """After the revisions there is nothing left to revise, whatever the speakers were before."""
    live = transcript(0, 5, 9)
    for drawn in (turns, more):
        live = revised(live, [Turn(start / 4, (start + length) / 4, speaker) for start, length, speaker in drawn])
        found = tuple(Turn(start / 4, (start + length) / 4, speaker) for start, length, speaker in drawn)
        segments = list(live.segments.values())
        assert not speaker_revisions(segments, Diarization(found, found), Span(0, 1000), SETTINGS)


def test_only_the_words_within_the_span_are_revised() -> None:
    after = revised(transcript(0, 10), [Turn(0, 20, "A")], until=20.0, since=5.0)
    assert labels(after) == [None] * 6 + ["A"] * 6
