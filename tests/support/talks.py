"""Short transcripts and corrections for tests of edits."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word

Wanted = tuple[str, tuple[object, ...]]


"""A correcting method of a transcript, and its arguments."""


LABELS = ("S0", "S1", "S2", "S3")


CALLED = ("Anna", "Ben", "anna", "S1", "Cleo Ünal")


def said(speaker: str | None, start: float, *texts: str) -> Segment:
    """Return a segment of words of half a second each."""
    return Segment(tuple(Word(t, start + n / 2, start + n / 2 + 0.5, speaker=speaker) for n, t in enumerate(texts)))


TALK = Transcript(
    (
        said("S0", 0, "Good", "morning", "all."),
        said("S1", 2, "Hello."),
        said(None, 3, "Hm."),
        said("S2", 4, "So,", "we", "start."),
        said("S0", 6, "Yes."),
    ),
    Meta(
        "en",
        8,
        turns=(Turn(0, 1.5, "S0"), Turn(1.4, 2.5, "S1"), Turn(4, 5.5, "S2"), Turn(6, 6.5, "S0")),
        exclusive=(Turn(0, 1.5, "S0"), Turn(1.5, 2.5, "S1"), Turn(4, 5.5, "S2"), Turn(6, 6.5, "S0")),
    ),
)


@st.composite
def talks(draw: st.DrawFn) -> Transcript:
    """Draw a transcript of alternating speakers, with turns or without."""
    segments, time = [], 0.0
    for _ in range(draw(st.integers(1, 6))):
        texts = draw(st.lists(st.sampled_from(["yes", "no.", "well,"]), min_size=1, max_size=4))
        segments.append(said(draw(st.sampled_from(LABELS)), time, *texts))
        time = segments[-1].end + draw(st.sampled_from([0, 0.25, 2]))
    turns = tuple(Turn(one.start, one.end, one.speaker or "") for one in segments) if draw(st.booleans()) else ()
    return Transcript(tuple(segments), Meta("en", time + 1, turns=turns, exclusive=turns))


@st.composite
def corrections(draw: st.DrawFn) -> list[Wanted]:
    """Draw corrections: methods of a transcript and their arguments."""
    found: list[Wanted] = []
    who = st.sampled_from([*LABELS, *CALLED])
    for kind in draw(st.lists(st.sampled_from(["rename", "merge", "assign"]), max_size=5)):
        if kind == "rename":
            found.append((kind, (draw(st.dictionaries(who, st.sampled_from(CALLED), min_size=1, max_size=2)),)))
        elif kind == "merge":
            found.append((kind, (draw(who), draw(who))))
        else:
            start = draw(st.integers(0, 30)) / 4
            found.append((kind, (start, start + draw(st.integers(1, 12)) / 4, draw(who))))
    return found


def states(transcript: Transcript, wanted: list[Wanted]) -> Iterator[Transcript]:
    """Return the transcript, and its state after each correction that is valid."""
    yield transcript
    for method, arguments in wanted:
        try:
            transcript = getattr(transcript, method)(*arguments)
        except SettingsError:
            continue
        yield transcript


FRAMED = Transcript(
    (
        Segment(
            (
                Word("Hi.", 0, 1, "aligned", 0.5, "A", 1, "turn", True, 0.9, id="r-0"),
                Word("Yes.", 1, 2, speaker="A", id="r-1"),
            )
        ),
        Segment((Word("Hm.", 3, 4, "interpolated", language="de", id="r-2"),)),
    ),
    Meta("en", 5),
)
