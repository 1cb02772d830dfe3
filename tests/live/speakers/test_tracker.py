"""The speaker tracker publishes speakers as revisions while audio arrives."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import numpy as np
import pytest

from meetscribe.audio import SAMPLE_RATE
from meetscribe.diarization import DiarizationSettings, Diarizer
from meetscribe.live import events
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.speakers import DiarizationTracker
from meetscribe.live.transcript import LiveTranscript
from meetscribe.timeline import Turn
from meetscribe.transcript import Word
from tests.diarization.conftest import amplitude_pipeline, spoken

TURNS = [Turn(0.5, 9, "1"), Turn(10, 19, "2"), Turn(20, 29, "1"), Turn(30, 39, "3"), Turn(40, 49, "2")]


class Stream:
    """Feeds a conversation to a tracker second by second, and applies what it publishes."""

    def __init__(self, tracker: DiarizationTracker, *channels: Sequence[Turn], seconds: int = 50) -> None:
        self.tracker, self.seconds = tracker, seconds
        self.samples = np.stack([spoken(turns, seconds).samples[:] for turns in channels], axis=1)
        self.turns = [(place, turn) for place, turns in enumerate(channels) for turn in turns]
        self.live = LiveTranscript()
        self.published: list[events.Draft] = []
        self._numbers = count(1)

    def publish(self, drafts: Sequence[events.Draft]) -> None:
        for draft in drafts:
            self.published.append(draft)
            self.live = self.live.apply(draft.published(next(self._numbers), 0.0))

    def run(self, first: int = 0) -> LiveTranscript:
        """Commit a word a second, and ask for revisions every second."""
        for second in range(first, self.seconds):
            start = second * SAMPLE_RATE
            self.tracker.add(AudioChunk(start, self.samples[start : start + SAMPLE_RATE]))
            for channel, turn in self.turns:
                if turn.start <= second < turn.end - 1:
                    words = [Word("word", second + 0.2, second + 0.8)]
                    self.publish([events.commit(f"c{channel}s{second}", 0, words, channel=channel)])
            self.publish(self.tracker.revisions(self.live, pause=second % 10 == 9))
        self.publish(self.tracker.revisions(self.live, final=True))
        self.tracker.close()
        return self.live

    def speakers(self) -> dict[str, set[str | None]]:
        """Return the labels of the words of each person."""
        found: dict[str, set[str | None]] = {}
        for word in self.live.words:
            person = next(turn.speaker for _, turn in self.turns if turn.start <= word.start < turn.end)
            found.setdefault(person, set()).add(word.speaker)
        return found


def made() -> Diarizer:
    return Diarizer(amplitude_pipeline(), DiarizationSettings(pipeline="made"))


@pytest.mark.parametrize("threaded", [False, True])
def test_speakers_are_found_while_audio_arrives(threaded: bool) -> None:
    """At the end every word has its speaker, and one person has one label."""
    stream = Stream(DiarizationTracker(made(), threaded=threaded), TURNS)
    live = stream.run()
    assert stream.speakers() == {"1": {"SPEAKER_00"}, "2": {"SPEAKER_01"}, "3": {"SPEAKER_02"}}
    assert stream.tracker.horizon == 50.0 == live.horizon
    assert live.names == {label: label for label in ("SPEAKER_00", "SPEAKER_01", "SPEAKER_02")}


def test_a_label_does_not_change_its_owner() -> None:
    """The fake clustering numbers speakers differently each time; yet no word is ever revised to a second label."""
    stream = Stream(DiarizationTracker(made(), threaded=False), TURNS)
    stream.run()
    shown: dict[str, set[object]] = {}
    for draft in stream.published:
        if draft.kind == "revise":
            shown.setdefault(draft.id or "", set()).add(draft.payload["speaker"])
    assert shown and all(len(labels) == 1 for labels in shown.values())


def test_words_beyond_the_horizon_have_no_speaker() -> None:
    tracker = DiarizationTracker(made(), threaded=False)
    stream = Stream(tracker, TURNS)
    for second in range(12):
        start = second * SAMPLE_RATE
        tracker.add(AudioChunk(start, stream.samples[start : start + SAMPLE_RATE]))
        stream.publish([events.commit(f"s{second}", 0, [Word("word", second + 0.2, second + 0.8)])])
        stream.publish(tracker.revisions(stream.live))
        known = [word for word in stream.live.words if word.speaker]
        assert all(word.end <= tracker.horizon for word in known)
    assert 5 <= tracker.horizon < 12 and known


def test_names_are_kept_and_a_resumed_session_goes_on_with_its_labels() -> None:
    """A new tracker, which has no earlier clustering, takes the labels of the words that are shown."""
    stream = Stream(DiarizationTracker(made(), threaded=False), TURNS, seconds=30)
    stream.run()
    stream.publish([events.speakers({"SPEAKER_00": "SPEAKER_00", "SPEAKER_01": "Ben"}, 30.0)])
    renamed = {word.start: word.speaker for word in stream.live.words}
    stream.seconds, stream.samples = 50, spoken(TURNS, 50).samples[:][:, None]
    stream.tracker = DiarizationTracker(made(), threaded=False, read=lambda start, end: stream.samples[start:end])
    live = stream.run(30)
    assert {word.start: word.speaker for word in live.words if word.start < 30} == renamed
    assert stream.speakers() == {"1": {"SPEAKER_00"}, "2": {"SPEAKER_01"}, "3": {"SPEAKER_02"}}
    assert live.names["SPEAKER_01"] == "Ben"


def test_without_the_earlier_audio_the_labels_of_a_resumed_session_are_new() -> None:
    """Times are those of the recording, and no label that was shown is given to another person."""
    stream = Stream(DiarizationTracker(made(), threaded=False), TURNS, seconds=30)
    stream.run()
    stream.seconds, stream.samples = 50, spoken(TURNS, 50).samples[:][:, None]
    stream.tracker = DiarizationTracker(made(), threaded=False)
    stream.run(30)
    assert stream.speakers() == {"1": {"SPEAKER_00"}, "2": {"SPEAKER_01", "SPEAKER_03"}, "3": {"SPEAKER_02"}}


def test_each_channel_may_hold_several_people() -> None:
    """The first person of a channel has its label, others have numbers; channels do not share labels."""
    me = [Turn(1, 9, "1"), Turn(20, 29, "1")]
    them = [Turn(10, 19, "2"), Turn(30, 39, "3"), Turn(40, 49, "2")]
    stream = Stream(DiarizationTracker(made(), ("me", "them"), threaded=False), me, them)
    stream.run()
    assert stream.speakers() == {"1": {"me"}, "2": {"them"}, "3": {"them.2"}}


def test_a_diarizer_that_fails_does_not_end_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure is published once, and words go on without speakers."""

    def failing(*arguments: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(Diarizer, "windows", failing)
    stream = Stream(DiarizationTracker(made(), threaded=False), TURNS)
    live = stream.run()
    assert [draft.payload["code"] for draft in stream.published if draft.kind == "error"] == ["speakers.failed"]
    assert len(live.words) > 30 and not any(word.speaker for word in live.words)
