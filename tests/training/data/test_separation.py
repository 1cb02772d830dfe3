"""Separation: the same audio or text in two splits is found, whatever its case and punctuation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.timeline import Span
from meetscribe.training.data import SPLITS, Example, Split, TimedText
from meetscribe.training.data.separation import require_separate, shared


def example(id: str, split: Split, *segments: str, sha256: str = "") -> Example:
    texts = tuple(TimedText(text, 0, 1) for text in segments)
    return Example(
        id,
        f"clips/{id}.wav",
        sha256 or id,
        5,
        " ".join(segments),
        (),
        texts,
        "en",
        None,
        "",
        Span(0, 5),
        None,
        False,
        split,
    )


def pairs(*examples: Example) -> list[tuple[str, str]]:
    return [(one.id, other.id) for one, other in shared(examples)]


def test_a_sentence_in_two_splits_is_found() -> None:
    """Of five words or more, in the whole text or one of its segments."""
    train = example("a", "train", "Well.", "We meet again on Monday!")
    test = example("b", "test", "we meet again, on monday", "Yes.")
    assert pairs(train, test) == [("a", "b")]
    with pytest.raises(InputError) as caught:
        require_separate([train, test])
    assert "in train and test: clips/a.wav" in str(caught.value)
    assert "clips/b.wav" in str(caught.value)


def test_a_sentence_within_longer_segments_is_found() -> None:
    """Transcripts whose segments hold several sentences share one, between others."""
    train = example("a", "train", "Good morning. We meet again on Monday. Who takes the notes?")
    test = example("b", "test", "So. We meet again on Monday! The budget is too small.")
    assert pairs(train, test) == [("a", "b")]


def test_short_answers_are_no_copies() -> None:
    assert pairs(example("a", "train", "Yes, of course."), example("b", "dev", "Yes, of course.")) == []


def test_the_same_sound_is_found() -> None:
    """Whatever was transcribed; sound that is not known yet is not compared."""
    assert pairs(example("a", "dev", "x", sha256="7"), example("b", "test", "y", sha256="7")) == [("a", "b")]
    unknown = [replace(example("a", "dev", "x"), sha256=""), replace(example("b", "test", "y"), sha256="")]
    assert shared(unknown) == ()


def test_test_keeps_what_is_shared() -> None:
    """Then dev; train loses it."""
    text = "We meet again on Monday."
    found = pairs(example("a", "train", text), example("b", "dev", text), example("c", "test", text))
    assert found == [("b", "c"), ("a", "c")]


SENTENCES = st.sampled_from([f"this is the sentence number {number}" for number in range(6)])
DRAWN = st.lists(st.tuples(st.sampled_from(SPLITS), st.lists(SENTENCES, min_size=1, max_size=2)), max_size=8)


@given(DRAWN)
def test_without_the_shared_examples_the_splits_are_separate(drawn: list[tuple[Split, list[str]]]) -> None:
    """No sentence is left in two splits, compared one by one; examples of test are never left out."""
    examples = [example(str(at), split, *texts) for at, (split, texts) in enumerate(drawn)]
    left_out = {one.id for one, _ in shared(examples)}
    kept = [one for one in examples if one.id not in left_out]
    for one in kept:
        for other in kept:
            same = {text.text for text in one.segments} & {text.text for text in other.segments}
            assert one.split == other.split or not same
    assert not any(one.split == "test" for one in examples if one.id in left_out)
    require_separate(kept)
