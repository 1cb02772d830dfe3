"""Under a virtual clock every word is committed once, in order, and with the delay that the policy promises."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.live import LiveTranscript
from meetscribe.live.commit import LocalAgreement
from meetscribe.live.settings import LiveSettings
from meetscribe.live.simulation import Emission, free, simulate
from meetscribe.testing import SyntheticMeeting, synthetic_meeting
from meetscribe.testing.live import FAKE_PARTS, fake_live_recogniser


def emissions(meeting: SyntheticMeeting, options: LiveSettings, delay: float = 0.0) -> list[Emission]:
    cost = (lambda window, seconds: delay) if delay else free
    return list(
        simulate(meeting.audio().samples[:], fake_live_recogniser(meeting), options, cost=cost, parts=FAKE_PARTS)
    )


def transcript(found: list[Emission]) -> LiveTranscript:
    return LiveTranscript().apply_all(emission.event for emission in found)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0.3, 1.0, 2.0]), st.sampled_from([0.0, 0.7, 4.0]))
def test_no_word_is_lost_or_doubled(seed: int, step: float, delay: float) -> None:
    """Whatever the step, and however slow the recogniser, the committed words are those of the meeting."""
    meeting = synthetic_meeting(speakers=2, turns=4, seed=seed)
    live = transcript(emissions(meeting, LiveSettings(step=step), delay))
    assert [word.text for word in live.words] == [word.text for word in meeting.transcript.words]
    assert all(segment.closed and not segment.pending for segment in live.segments.values())


@pytest.mark.parametrize(("step", "delay"), [(0.3, 0.0), (1.0, 0.7)])
def test_words_in_doubt_at_the_end_of_speech_are_heard_again(
    step: float, delay: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If every utterance ends in doubt, its words are committed with the next one or after a second; none is lost."""
    monkeypatch.setattr(LocalAgreement, "_differs", lambda self, words: bool(words))
    meeting = synthetic_meeting(speakers=2, turns=8, seed=3)
    found = emissions(meeting, LiveSettings(step=step, hold=1.0), delay)
    live = transcript(found)
    assert [word.text for word in live.words] == [word.text for word in meeting.transcript.words]
    assert all(segment.closed and not segment.pending for segment in live.segments.values())


def test_an_utterance_is_recognised_with_the_audio_before_it() -> None:
    """Unless there was a long pause, or the source was interrupted in between."""
    meeting = synthetic_meeting(speakers=2, turns=6, seed=1)
    recogniser = fake_live_recogniser(meeting)
    list(simulate(meeting.audio().samples[:], recogniser, LiveSettings(lookback=6.0), parts=FAKE_PARTS))
    windows = [spans[0] for spans, _ in recogniser.engine.calls]  # type: ignore[attr-defined]
    assert max(window.duration for window in windows) <= 6.0 + 1.0
    speech = meeting.speech
    second = [window for window in windows if speech[1].start < window.end < speech[1].end]
    assert second and all(window.start <= speech[0].start for window in second)


def test_long_speech_is_cut_and_stays_complete() -> None:
    """With windows of a few seconds, the segments end at committed words, and none is cut in two."""
    meeting = synthetic_meeting(speakers=1, turns=3, seed=5)
    options = LiveSettings(min_silence=3.0, trim=2.0, max_window=3.0, step=0.5)
    live = transcript(emissions(meeting, options))
    assert len(live.segments) > 3
    assert [word.text for word in live.words] == [word.text for word in meeting.transcript.words]


def test_two_hypotheses_that_may_agree_have_heard_different_audio() -> None:
    """Also after a cut: what remains of a window waits for new audio, or half a word at its end would be confirmed."""
    meeting = synthetic_meeting(speakers=1, turns=3, seed=5)
    recogniser = fake_live_recogniser(meeting)
    options = LiveSettings(min_silence=3.0, trim=2.0, max_window=3.0, step=0.5)
    list(simulate(meeting.audio().samples[:], recogniser, options, parts=FAKE_PARTS))
    ends = [spans[0].end for spans, _ in recogniser.engine.calls]  # type: ignore[attr-defined]
    assert all(after > before for before, after in pairwise(ends[:-1]))


def test_latency_is_bounded_by_the_step() -> None:
    """With a free recogniser a word is committed at most two steps and one arrival after its end."""
    meeting = synthetic_meeting(speakers=2, turns=6, seed=1)
    delays = [
        emission.at - word["end"]  # type: ignore[index, operator, call-overload]
        for emission in emissions(meeting, LiveSettings(step=1.0))
        if emission.event.kind == "commit"
        for word in emission.event.payload["words"]  # type: ignore[union-attr]
    ]
    assert max(delays) <= 2.3
    assert float(np.mean(delays)) < 1.6


def test_a_slow_recogniser_falls_behind_and_catches_up() -> None:
    """Audio that arrives while it is busy makes the next window longer; the numbers of the events have no gaps."""
    meeting = synthetic_meeting(speakers=2, turns=6, seed=1)
    slow = emissions(meeting, LiveSettings(), delay=2.5)
    assert [emission.event.seq for emission in slow] == list(range(1, len(slow) + 1))
    fast = emissions(meeting, LiveSettings())
    assert sum(e.event.kind == "partial" for e in slow) < sum(e.event.kind == "partial" for e in fast)
    assert slow[-1].at > meeting.transcript.duration


def test_committed_words_never_change() -> None:
    """No place of a segment is filled twice, and there are no revisions."""
    found = emissions(synthetic_meeting(turns=5, seed=2), LiveSettings(step=0.3))
    places = [
        (emission.event.id, int(emission.event.payload["first"]) + number)  # type: ignore[arg-type]
        for emission in found
        if emission.event.kind == "commit"
        for number in range(len(emission.event.payload["words"]))  # type: ignore[arg-type]
    ]
    assert len(places) == len(set(places))
    assert not [emission for emission in found if emission.event.kind == "revise"]


def test_channels_are_recognised_apart() -> None:
    """Audio with another number of channels than labels is refused."""
    meeting = synthetic_meeting(turns=2)
    parts = replace(FAKE_PARTS, channel_speakers=("me", "them"))
    samples = meeting.audio().samples[:]
    stereo = np.stack([samples, np.zeros_like(samples)], axis=1)
    found = list(simulate(stereo, fake_live_recogniser(meeting), parts=parts))
    assert {word.speaker for word in transcript(found).words} == {"me"}
    with pytest.raises(ValueError, match="channels"):
        list(simulate(np.stack([samples] * 3, axis=1), fake_live_recogniser(meeting), parts=parts))
