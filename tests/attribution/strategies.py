"""Hypothesis strategies for transcripts, diarizations and settings of attribution."""

from __future__ import annotations

from hypothesis import strategies as st

from meetscribe.attribution import AttributionSettings
from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word

times = st.integers(0, 120).map(lambda ticks: round(ticks * 0.05, 3))


@st.composite
def intervals(draw: st.DrawFn) -> tuple[float, float]:
    """Return a start and an end."""
    start, length = draw(times), draw(st.integers(0, 12))
    return round(start, 3), round(start + length * 0.05, 3)


turns = st.lists(
    st.tuples(intervals(), st.sampled_from("ABC")).map(lambda pair: Turn(*pair[0], pair[1])), max_size=12
).map(tuple)
diarizations = st.builds(Diarization, turns, turns)
words = st.tuples(st.sampled_from(["yes", "no.", "well,", "so?", "and"]), intervals()).map(
    lambda pair: Word(pair[0], *pair[1])
)
transcripts = st.lists(st.lists(words, min_size=1, max_size=6).map(tuple).map(Segment), max_size=5).map(
    lambda segments: Transcript(tuple(segments), Meta("en", 10.0))
)
attribution_settings = st.builds(
    AttributionSettings,
    method=st.sampled_from(["viterbi", "max-overlap"]),
    change=st.sampled_from([0.0, 0.3, 1.5]),
    breath=st.sampled_from([0.0, 0.15]),
    max_lag=st.sampled_from([0.0, 0.2]),
    max_gap=st.sampled_from([0.0, 0.1, 2.0]),
    sentence_pause=st.sampled_from([0.0, 0.3]),
    pause=st.sampled_from([0.0, 0.5, 1.0]),
    max_segment=st.sampled_from([0.2, 1.0, 30.0]),
)
