"""Parts cut out and put in: times by a slow simulation, words, turns and findings at the edges."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.shifts import Shift, moved, parse_shift, shift_chapters, shift_transcript
from meetscribe.timeline import Turn
from meetscribe.transcript import Finding, Meta, Transcript
from tests.podcast.episodes import said

LENGTH = 60


@st.composite
def shift_lists(draw: st.DrawFn) -> list[Shift]:
    """Draw shifts at whole seconds, none within a part cut out."""
    found, free = [], 0
    for at in sorted(draw(st.lists(st.integers(0, LENGTH), max_size=5, unique=True))):
        by = draw(st.integers(-15, 15))
        if at >= free:
            found.append(Shift(at, by))
            free = at - min(0, by)
    return found


def published(shifts: list[Shift]) -> list[int | None]:
    """Return the second of the transcript that each second of the published episode holds, None for parts put in."""
    seconds: list[int | None] = []
    for second in range(LENGTH):
        for shift in shifts:
            if shift.at == second and shift.by > 0:
                seconds += [None] * int(shift.by)
        if not any(shift.at <= second < shift.at - shift.by for shift in shifts):
            seconds.append(second)
    return seconds


@given(shift_lists())
def test_times_are_those_of_a_simulation(shifts: list[Shift]) -> None:
    """Each second that is left moves to its place in the published episode; the others to where they were cut out."""
    seconds = published(shifts)
    for second in range(LENGTH):
        left = [place for place, held in enumerate(seconds) if held is not None and held >= second]
        if second in seconds:
            assert moved(second, shifts) == seconds.index(second)
            assert moved(second + 1, shifts, is_end=True) == seconds.index(second) + 1
        elif left and not any(shift.by > 0 and shift.at >= second for shift in shifts):
            assert moved(second, shifts) == left[0]


@given(shift_lists(), st.lists(st.floats(0, LENGTH), min_size=2))
def test_times_keep_their_order(shifts: list[Shift], times: list[float]) -> None:
    ordered = [moved(time, shifts) for time in sorted(times)]
    assert ordered == sorted(ordered)
    assert all(moved(time, shifts, is_end=True) <= moved(time, shifts) for time in times)


def talk() -> Transcript:
    """Return ten words of 0.4 s from 10 s on, with turns and a finding."""
    segments = (said("Anna", 10, *"a b c d e".split()), said("Ben", 12, *"f g h i j".split()))
    turns = (Turn(10, 12, "Anna"), Turn(12, 14, "Ben"))
    return Transcript(segments, Meta("en", 20, turns=turns, findings=(Finding("suspect", 10.5, 11, "doubtful"),)))


def times(transcript: Transcript) -> list[tuple[str, float, float]]:
    return [(word.text, word.start, word.end) for word in transcript.words]


def test_an_advert_that_was_cut_out() -> None:
    """Words with their middle in it go, those after it come earlier; so do turns, findings and the end."""
    cut = shift_transcript(talk(), [Shift(10.5, -2.0)])
    assert times(cut) == [("a", 10, 10.4), ("g", 10.5, 10.8), ("h", 10.8, 11.2), ("i", 11.2, 11.6), ("j", 11.6, 12)]
    assert cut.turns == (Turn(10, 10.5, "Anna"), Turn(10.5, 12, "Ben"))
    assert cut.meta.findings == () and cut.duration == 18
    assert [segment.speaker for segment in cut.segments] == ["Anna", "Ben"]


def test_an_advert_that_was_put_in() -> None:
    """A word in which it begins ends there; a turn is divided."""
    put = shift_transcript(talk(), [Shift(12.5, 30.0)])
    assert times(put)[5:8] == [("f", 12, 12.4), ("g", 12.4, 12.5), ("h", 42.8, 43.2)]
    assert put.turns == (Turn(10, 12, "Anna"), Turn(12, 12.5, "Ben"), Turn(42.5, 44, "Ben"))
    assert put.duration == 50 and put.meta.findings == talk().meta.findings


def test_several_shifts_are_times_of_the_transcript() -> None:
    """Times are those before any shift, in any order."""
    shifts = [Shift(12, -1), Shift(0, 5)]
    assert times(shift_transcript(talk(), shifts)) == times(shift_transcript(talk(), shifts[::-1]))
    assert times(shift_transcript(talk(), shifts))[0] == ("a", 15, 15.4)


def test_corrections_are_applied() -> None:
    """The result has the names and words as corrected, and no edits that refer to the old times."""
    named = talk().rename({"Anna": "Änne"})
    assert shift_transcript(named, [Shift(0, 1)]).speakers == ("Änne", "Ben")


def test_chapters_move_with_the_words() -> None:
    """A chapter within a removed part is dropped; one that begins within it begins at the cut; the first stays at 0."""
    given = (Chapter(0, "a", 10), Chapter(10, "gone", 12), Chapter(12, "late", 20), Chapter(20, "b", 30))
    shifted = (Chapter(0, "a", 15), Chapter(15, "late", 20), Chapter(20, "b", 30))
    assert shift_chapters(given, [Shift(0, 5), Shift(10, -5)]) == shifted
    assert shift_chapters([Chapter(10, "gone"), Chapter(12, "b")], [Shift(9, -3)]) == (Chapter(9, "b"),)


def test_shifts_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(SettingsError, match="the shift at 15 s lies within the part removed at 10 s"):
        shift_transcript(talk(), [Shift(15, 5), Shift(10, -20)])
    with pytest.raises(SettingsError, match=r"\+5 s at -1 s is not a shift"):
        Shift(-1, 5)


@pytest.mark.parametrize("text", ["", "12:30", "12:30=45", "=-45", "1:2:3:4=-5", "12:30=-", "-5=+3"])
def test_other_notations_are_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="is not TIME=±LENGTH"):
        parse_shift(text)


def test_notations() -> None:
    assert parse_shift(" 1:02:03.5=-1:30 ") == Shift(3723.5, -90.0)
    assert replace(parse_shift("5=+2"), by=1.0) == Shift(5.0, 1.0)
