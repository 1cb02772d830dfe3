"""Labels: text and times of clips, prompts of the right length, and shares of both."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.timeline import Span
from meetscribe.training.data import DataSettings, Split
from meetscribe.training.data.clips.augmentation import Change
from meetscribe.training.data.clips.cutting import Clip
from meetscribe.training.data.clips.meetings import Track
from meetscribe.training.data.clips.selection import Passage, SpokenWord
from meetscribe.training.data.labels import PlacedClip, changed_example, clip_id, make_examples
from meetscribe.training.data.tokens import CONTEXT, MAX_PROMPT
from meetscribe.transcript import Word

TRACK = Track(Path("a.wav"), "sha256:1")
ALL_PROMPTS = DataSettings(prompts=1.0)


def clip(number: int, words: int = 4, split: Split = "train", track: Track = TRACK, gap: float = 0.0) -> PlacedClip:
    """Return clip `number` of a recording: ten seconds, the words in two segments of two speakers."""
    start = number * (10 + gap)
    spoken = []
    for at in range(words):
        time = start + 1 + at * 8 / words
        half = int(at >= words / 2)
        spoken.append(SpokenWord(Word(f"w{number}.{at}", time, time + 4 / words), "AB"[half], 2 * number + half))
    passage = Passage(tuple(spoken), track, Span(start, start + 10), "en")
    return PlacedClip(Clip(passage, tuple(spoken), Span(start, start + 10)), "m", split)


def test_an_example_has_times_within_its_clip() -> None:
    (example,) = make_examples([clip(3)], len, DataSettings())
    assert example.text == "w3.0 w3.1 w3.2 w3.3"
    assert [(one.text, one.start, one.end) for one in example.words[:2]] == [("w3.0", 1.0, 2.0), ("w3.1", 3.0, 4.0)]
    assert [(one.text, one.start, one.end) for one in example.segments] == [
        ("w3.0 w3.1", 1.0, 4.0),
        ("w3.2 w3.3", 5.0, 8.0),
    ]
    assert (example.span, example.seconds, example.language) == (Span(30, 40), 10.0, "en")
    assert example.speaker is None


def test_a_prompt_is_the_text_before_on_the_same_track() -> None:
    """Not that of another track, of another split, or of long before."""
    other = Track(Path("a.wav"), "sha256:1", 1)
    placed = [
        clip(0),
        clip(1),
        clip(2, split="test"),
        clip(3, split="test"),
        clip(4, track=other),
        clip(50, track=other),
    ]
    prompts = [one.prompt for one in make_examples(placed, len, ALL_PROMPTS)]
    text = "w{0}.0 w{0}.1 w{0}.2 w{0}.3".format
    assert prompts == [None, text(0), None, text(2), None, None]
    assert make_examples([clip(0), clip(1), clip(2)], len, ALL_PROMPTS)[2].prompt == f"{text(0)} {text(1)}"


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 7))
def test_prompt_and_label_fit_the_decoder(before: int, words: int, tokens: int) -> None:
    """With four tokens before the label, one after it, one before the prompt, and two for the times of each segment."""
    _, example = make_examples([clip(0, before), clip(1, words)], lambda word: tokens, ALL_PROMPTS)
    prompt = tokens * len((example.prompt or "").split())
    assert prompt <= MAX_PROMPT
    assert prompt + 1 + 4 + tokens * words + 2 * len(example.segments) + 1 <= max(CONTEXT, tokens * words + 10)
    if tokens * (words + before) + 10 <= CONTEXT and tokens * before <= MAX_PROMPT:
        assert len((example.prompt or "").split()) == before


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
def test_the_shares_are_those_of_the_settings(share: float) -> None:
    """In each split."""
    placed = [clip(at, split="train" if at % 3 else "dev") for at in range(60)]
    examples = make_examples(placed, len, DataSettings(timestamps=share, prompts=share))
    for split, count in (("train", 40), ("dev", 20)):
        own = [one for one in examples if one.split == split]
        assert sum(one.timestamps for one in own) == round(share * count)
        assert sum(one.prompt is not None for one in own) <= round(share * count)


def test_an_id_says_what_the_sound_is_made_of() -> None:
    """A corrected text keeps the clip; another recording, channel, span or change is another clip."""
    ids = {
        clip_id(TRACK, Span(0, 9)),
        clip_id(Track(Path("a.wav"), "sha256:2"), Span(0, 9)),
        clip_id(Track(Path("a.wav"), "sha256:1", 0), Span(0, 9)),
        clip_id(TRACK, Span(0, 9.5)),
        clip_id(TRACK, Span(0, 9), "gain +3 dB"),
    }
    assert len(ids) == 5
    assert clip_id(Track(Path("moved/b.wav"), "sha256:1"), Span(0, 9)) in ids


def test_the_times_of_a_copy_follow_its_speed() -> None:
    (example,) = make_examples([clip(0)], len, DataSettings())
    copy = changed_example(example, TRACK, Change(speed=0.5, gain=3.0))
    assert (copy.seconds, copy.words[1].start, copy.segments[0].end) == (20.0, 6.0, 8.0)
    assert (copy.augmentation, copy.audio) == ("speed 0.5, gain +3 dB", f"clips/{copy.id}.wav")
    assert (copy.span, copy.text) == (example.span, example.text)
