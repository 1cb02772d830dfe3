from __future__ import annotations

import gc
from functools import partial

import pytest

from meetscribe.errors import IncompleteError, InputError
from meetscribe.evaluation.pairing import Recordings, check_complete, read_pairs
from meetscribe.timeline import Span
from meetscribe.transcript import Meta, Transcript


def transcript(duration: float) -> Transcript:
    """A transcript that is recognised by its duration."""
    return Transcript((), Meta("en", duration))


def unreadable() -> Transcript:
    raise InputError("not a transcript")


def recordings(**durations: float) -> Recordings:
    return {name: partial(transcript, duration) for name, duration in durations.items()}


def test_recordings_are_matched_by_name() -> None:
    pairs = read_pairs(recordings(a=1, b=2, c=3), recordings(c=30, a=10))
    assert [(pair.name, pair.reference.duration, pair.hypothesis.duration) for pair in pairs] == [
        ("a", 1, 10),
        ("c", 3, 30),
    ]


def test_a_single_reference_matches_a_single_hypothesis() -> None:
    (pair,) = read_pairs(recordings(a=1), recordings(b=2))
    assert (pair.name, pair.hypothesis.duration, pair.within) == ("a", 2, None)
    with pytest.raises(InputError, match="no recording is on both sides: HYP has b, REF has a"):
        read_pairs(recordings(a=1), recordings(b=2), by_name=True)


def test_without_a_common_recording_the_names_are_listed() -> None:
    """At most four names of each side are listed."""
    with pytest.raises(InputError, match="HYP has x, REF has a, b, c, d, …"):
        read_pairs(recordings(a=1, b=1, c=1, d=1, e=1), recordings(x=1))


def test_each_pair_has_its_regions() -> None:
    """A single region matches a single recording; a recording without regions is an error."""
    regions = {"a": (Span(0, 1),), "b": (Span(2, 3),)}
    both = recordings(a=1, b=2)
    assert [pair.within for pair in read_pairs(both, both, regions)] == [(Span(0, 1),), (Span(2, 3),)]
    (pair,) = read_pairs(recordings(a=1), recordings(a=1), {"x": (Span(0, 1),)})
    assert pair.within == (Span(0, 1),)
    with pytest.raises(InputError, match="does not contain b, only a"):
        read_pairs(both, both, {"a": (Span(0, 1),)})


def test_unmatched_recordings_are_reported() -> None:
    """Only readable files count; the side is named."""
    references, hypotheses = recordings(a=1, b=1), {**recordings(a=1, x=1), "notes": unreadable}
    pairs = read_pairs(references, hypotheses)
    with pytest.raises(IncompleteError, match=r"not scored: b \(only in REF\); x \(only in HYP\)"):
        check_complete(references, hypotheses, pairs)
    check_complete(recordings(a=1), recordings(b=1), read_pairs(recordings(a=1), recordings(b=1)))


def test_garbage_collection_is_enabled_again() -> None:
    with pytest.raises(InputError, match="not a transcript"):
        read_pairs({"a": unreadable}, recordings(a=1))
    assert gc.isenabled()
