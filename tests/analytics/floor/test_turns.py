"""Turns and backchannels: by examples, and equal to the definition applied to all pairs."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings

from meetscribe.analytics import AnalyticsSettings
from meetscribe.analytics.activity import speech_of
from meetscribe.analytics.floor.turns import divide
from meetscribe.analytics.floor.units import Unit, units_of
from meetscribe.analytics.lexical.lexicon import Lexicon, lexicon_of
from meetscribe.timeline import Turn
from meetscribe.transcript import Word
from tests.analytics.test_activity import random_turns

SETTINGS = AnalyticsSettings()
NO_LEXICON = Lexicon("und")


def turns_of(
    turns: list[Turn], words: list[Word] | None = None, lexicon: Lexicon = NO_LEXICON
) -> list[tuple[object, ...]]:
    """Return the turns as tuples."""
    floor = divide(units_of(speech_of(turns), words or [], SETTINGS.unit_pause), lexicon, SETTINGS)
    return [(turn.start, turn.end, turn.speaker) for turn in floor.turns]


def test_a_turn_goes_on_over_a_pause() -> None:
    """Pauses up to a second do not end a turn; longer ones do."""
    assert turns_of([Turn(0, 2, "A"), Turn(3, 5, "A")]) == [(0, 5, "A")]
    assert turns_of([Turn(0, 2, "A"), Turn(3.001, 5, "A")]) == [(0, 2, "A"), (3.001, 5, "A")]


def test_a_backchannel_does_not_break_a_turn() -> None:
    """A short response inside a turn, even in its pause, is no turn."""
    assert turns_of([Turn(0, 3, "A"), Turn(3.1, 3.6, "B"), Turn(3.8, 6, "A")]) == [(0, 6, "A")]


def test_speech_of_another_in_the_pause_ends_the_turn() -> None:
    """Whoever is heard longer than a backchannel in the pause takes the floor."""
    spoken = [Turn(0, 3, "A"), Turn(2.5, 3.9, "B"), Turn(3.8, 6, "A")]
    assert turns_of(spoken) == [(0, 3, "A"), (2.5, 3.9, "B"), (3.8, 6, "A")]


def test_speech_inside_a_turn_does_not_break_it() -> None:
    """A longer stretch inside the other's speech is a turn, and the other's turn goes on."""
    assert turns_of([Turn(0, 6, "A"), Turn(2, 4, "B"), Turn(6.5, 8, "A")]) == [(0, 8, "A"), (2, 4, "B")]


def test_the_words_of_a_short_turn_decide() -> None:
    """A short turn with other words than those of a backchannel is a turn."""
    spoken = [Turn(0, 6, "A"), Turn(2, 2.6, "B")]
    english = lexicon_of("en")
    for text, count in (("Yeah,", 1), ("Mm-hmm.", 1), ("Stop!", 2)):
        words = [Word("and", 1, 2, speaker="A"), Word(text, 2, 2.6, speaker="B")]
        assert len(turns_of(spoken, words, english)) == count, text


def test_every_word_is_in_one_unit_of_its_speaker() -> None:
    """Words outside their speaker's turns belong to the nearest unit."""
    words = [Word("a", 0, 1, speaker="A"), Word("b", 9, 9.5, speaker="A"), Word("c", 4, 4.2, speaker="A")]
    units = units_of(speech_of([Turn(0, 2, "A"), Turn(6, 8, "A")]), words, 0.2)
    assert [[word.text for word in unit.words] for unit in units] == [["a"], ["b", "c"]]


@settings(max_examples=150, deadline=None)
@given(random_turns())
def test_turns_are_those_of_the_definition(turns: list[Turn]) -> None:
    """Neighbouring units of a speaker are one turn if the pause is short and no other unit is heard in it."""
    units = units_of(speech_of(turns), [], SETTINGS.unit_pause)
    floor = divide(units, NO_LEXICON, SETTINGS)
    responses = [(one.start, one.end, one.speaker) for one in floor.backchannels]
    counted = [unit for unit in units if not any(_within(unit, one) for one in responses)]
    expected = []
    for speaker in {unit.speaker for unit in counted}:
        own = [unit for unit in counted if unit.speaker == speaker]
        others = [unit for unit in counted if unit.speaker != speaker]
        starts = [own[0].start, *(b.start for a, b in pairwise(own) if not _joins(a, b, others))]
        ends = [*(a.end for a, b in pairwise(own) if not _joins(a, b, others)), own[-1].end]
        expected += [(start, end, speaker) for start, end in zip(starts, ends, strict=True)]
    assert sorted((turn.start, turn.end, turn.speaker) for turn in floor.turns) == sorted(expected)
    assert all(end - start <= 1.0 + 1e-9 for start, end, _ in responses)


def _joins(unit: Unit, after: Unit, others: list[Unit]) -> bool:
    if round(after.start - unit.end, 6) > SETTINGS.turn_pause:
        return False
    return not any(max(unit.end, one.start) < min(after.start, one.end) for one in others)


def _within(unit: Unit, span: tuple[float, float, str]) -> bool:
    return unit.speaker == span[2] and span[0] <= unit.start and unit.end <= span[1]
