"""Plans: which meetings stay together, which splits were asked for, and what stops a data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.training.data import DataSettings, Split
from meetscribe.training.data.clips.meetings import Meeting, Track
from meetscribe.training.data.planning import Plan, plan
from meetscribe.training.data.settings import SplitBy
from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word

PEOPLE = ("Anna", "Ben", "Carla", "Dan", "SPEAKER_00")


def meeting(
    number: int,
    speakers: Sequence[str] = ("SPEAKER_00",),
    *,
    split: Split | None = None,
    says: str = "point",
    minutes: float = 2,
) -> Meeting:
    """Return a meeting with a sentence of eight words every five seconds, each unlike the others."""
    segments = []
    for at in range(round(minutes * 12)):
        texts = [f"{says}{number}x{at}", *"is the next of all our points.".split()]
        words = [
            Word(text, 1 + 5 * at + 0.5 * place, 1.45 + 5 * at + 0.5 * place, speaker=speakers[at % len(speakers)])
            for place, text in enumerate(texts)
        ]
        segments.append(Segment(tuple(words)))
    hash = f"sha256:{number}"
    transcript = Transcript(tuple(segments), Meta("en", minutes * 60 + 2, RecordingFile(f"{number}.wav", hash)))
    return Meeting(str(number), transcript, Track(Path(f"{number}.wav"), hash), {}, split)


def splits(planned: Plan) -> Mapping[str, set[Split]]:
    """Return the splits in which each recording has examples."""
    found: dict[str, set[Split]] = {}
    for one in planned.examples:
        found.setdefault(one.recording, set()).add(one.split)
    return found


@settings(max_examples=30)
@given(st.lists(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2), min_size=3, max_size=8), st.integers())
def test_no_person_and_no_recording_is_in_two_splits(rooms: list[list[str]], seed: int) -> None:
    """Labels of a diarizer are no persons: they connect no meetings."""
    meetings = [meeting(number, speakers, minutes=1) for number, speakers in enumerate(rooms)]
    planned = plan(meetings, DataSettings(seed=seed))
    assert all(len(own) == 1 for own in splits(planned).values())
    for name in PEOPLE[:-1]:
        hashes = {f"sha256:{number}" for number, room in enumerate(rooms) if name in room}
        assert len({one.split for one in planned.examples if one.recording in hashes}) <= 1


def test_persons_who_are_in_all_meetings_leave_nothing_to_hold_out() -> None:
    """A notice says so; by recording, the meetings are divided."""
    meetings = [meeting(number, ["Anna", "Ben"]) for number in range(5)]
    by_speaker = plan(meetings, DataSettings())
    assert {one.split for one in by_speaker.examples} == {"train"}
    assert [notice.code for notice in by_speaker.notices] == ["training.empty-split"]
    by_recording = plan(meetings, DataSettings(split_by="recording"))
    assert {one.split for one in by_recording.examples} == {"train", "dev", "test"}
    assert all(len(own) == 1 for own in splits(by_recording).values())


def test_one_recording_can_be_divided_into_passages() -> None:
    planned = plan([meeting(1, minutes=12)], DataSettings(split_by="passage"))
    assert splits(planned) == {"sha256:1": {"train", "dev", "test"}}
    minutes: dict[int, set[str]] = {}
    for one in planned.examples:
        minutes.setdefault(int(one.span.start // 60), set()).add(one.split)
    assert all(len(own) == 1 for own in minutes.values())


@pytest.mark.parametrize(("split_by", "remedy"), [("recording", "--split-by passage"), ("passage", "add others")])
def test_notice_of_an_empty_split_suits_the_division(split_by: SplitBy, remedy: str) -> None:
    """One short recording: the advice is never to do what was already done."""
    (notice,) = plan([meeting(1, minutes=1)], DataSettings(split_by=split_by)).notices
    assert notice.code == "training.empty-split" and remedy in notice.text
    assert f"--split-by {split_by}" not in notice.text


def test_splits_can_be_chosen() -> None:
    """Meetings for dev and test are in these splits, and no others."""
    meetings = [*map(meeting, range(4)), meeting(4, split="dev"), meeting(5, split="test")]
    found = splits(plan(meetings, DataSettings()))
    assert [found[f"sha256:{number}"] for number in range(6)] == [{"train"}] * 4 + [{"dev"}, {"test"}]


def test_a_person_in_two_chosen_splits_is_refused() -> None:
    """The error names the two meetings."""
    meetings = [meeting(0, ["Anna"]), meeting(1, ["Anna", "Ben"], split="test")]
    with pytest.raises(InputError, match=r"1 \(test\) and 0 \(train\) have a person or a recording in common"):
        plan(meetings, DataSettings())
    assert splits(plan(meetings, DataSettings(split_by="recording")))["sha256:1"] == {"test"}


def test_the_same_text_on_both_sides_is_refused() -> None:
    """A copy of a recording in another format has another hash, but the same text."""
    copy = meeting(1)
    copy = Meeting("copy", copy.transcript, Track(Path("copy.mp3"), "sha256:9"), {}, "test")
    with pytest.raises(InputError, match="the same audio or text is in train and test") as caught:
        plan([meeting(1), meeting(2), copy], DataSettings())
    assert "point1x0 is the next of all our points" in str(caught.value)
    kept = plan([meeting(1), meeting(2), copy], DataSettings(dev=0, drop_shared=True))
    assert splits(kept) == {"sha256:2": {"train"}, "sha256:9": {"test"}}
    assert {one.reason: one.words for one in kept.left_out}["shared"] == 192


@pytest.mark.parametrize(
    ("transcript", "message"),
    [
        (Transcript((), Meta("und", 9.0)), "the language of x is unknown\nGive it: --language en"),
        (Transcript((), Meta("en", 9.0)), "there is no clip of 5 to 30 s"),
        (
            Transcript((Segment((Word("so", 1, 9, timing="interpolated"),)),), Meta("en", 9.0)),
            r"run meetscribe align: 1 words, 8 s\nFind the times of the words first: meetscribe align",
        ),
        (Transcript((Segment((Word("so", 1, 2),)),), Meta("en", 9.0)), "Allow shorter clips with --min-seconds"),
    ],
)
def test_an_empty_data_set_is_an_error(transcript: Transcript, message: str) -> None:
    """It says what was left out, and what to do about it."""
    with pytest.raises(InputError, match=message):
        plan([Meeting("x", transcript, Track(Path("x.wav"), "sha256:1"), {})], DataSettings())


def test_a_transcript_of_another_recording_gets_a_notice() -> None:
    found = meeting(1)
    other = Meeting(found.name, found.transcript, Track(Path("b.wav"), "sha256:2"), {})
    assert [one.code for one in plan([other], DataSettings(dev=0, test=0)).notices] == ["training.other-recording"]
