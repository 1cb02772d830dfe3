"""Turns follow assigned and inserted speech, wherever they lie in the recording."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.timeline import Span, Turn, cut, overlap, total
from meetscribe.transcript.edits.replay.labels import Labels
from meetscribe.transcript.edits.replay.turns import EditedTurns

TIMES = st.sampled_from([0, 1, 15.5, 16, 17, 100, 1500, 4000.25])
SPANS = st.tuples(TIMES, TIMES).map(sorted).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Span(*pair))
TURNS = st.lists(st.builds(lambda span, who: Turn(span.start, span.end, who), SPANS, st.sampled_from("AB")), min_size=1)


def turns_after(turns: list[Turn], *spans: Span) -> tuple[Turn, ...]:
    """Return the turns after the spans were assigned to "C"."""
    edited = EditedTurns(turns, Labels())
    for span in spans:
        edited.assign(span, [], "C")
    return edited.turns(lambda label: label)


@given(TURNS, st.lists(SPANS, min_size=1, max_size=3))
def test_speech_is_moved_and_never_lost(turns: list[Turn], spans: list[Span]) -> None:
    """All speech within the spans is of the speaker, that outside is as before; short turns and long ones alike."""
    after = turns_after(turns, *spans)
    assert total(turn.span for turn in after) == total(turn.span for turn in turns)
    assert list(after) == sorted(after)
    for span in spans:
        assert overlap(span, [turn.span for turn in after if turn.speaker != "C"]) == 0
    for who in "AB":
        own = [turn.span for turn in turns if turn.speaker == who]
        moved = total(part for span in spans for part in cut(own, span))
        assert total(turn.span for turn in after if turn.speaker == who) == total(own) - moved


def test_inserted_speech_extends_a_turn_or_is_a_new_one() -> None:
    """Inserted speech joins the turn of its speaker that it touches; without any turns, none are created."""
    edited = EditedTurns([Turn(0, 2, "A"), Turn(1, 5, "B")], Labels())
    edited.add(Span(2, 3), "A")
    edited.add(Span(2, 3), "B")
    edited.add(Span(7, 8), "C")
    assert edited.turns(str.lower) == (Turn(0, 3, "a"), Turn(1, 5, "b"), Turn(7, 8, "c"))
    none = EditedTurns([], Labels())
    none.add(Span(0, 1), "A")
    none.assign(Span(0, 1), [Span(0, 1)], "A")
    assert none.turns(str.lower) == ()
