"""Results read back equal from their JSON."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.results import DIARIZATION, SPANS, SPEECH, TRANSCRIPT
from meetscribe.timeline import DetectedSpeech, Diarization, Span, Turn
from meetscribe.transcript import Transcript
from tests.support.notices import notices

spans = st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)).map(sorted).map(lambda pair: Span(*pair))).map(tuple)
turns = st.lists(st.from_type(Turn), max_size=4).map(tuple)


@settings(deadline=None)
@given(spans)
def test_spans_read_back_equal(value: tuple[Span, ...]) -> None:
    assert SPANS.read(SPANS.write(value)) == value
    speech = DetectedSpeech(value, value[1:])
    assert SPEECH.read(SPEECH.write(speech)) == speech


@settings(max_examples=20, deadline=None)
@given(st.from_type(Transcript))
def test_transcripts_read_back_equal(value: Transcript) -> None:
    assert TRANSCRIPT.read(TRANSCRIPT.write(value)) == value


@settings(max_examples=25, deadline=None)
@given(turns, turns, st.none() | st.text(), st.lists(st.text()).map(tuple))
def test_diarizations_read_back_equal(
    all_turns: tuple[Turn, ...], exclusive: tuple[Turn, ...], embedder: str | None, texts: tuple[str, ...]
) -> None:
    value = Diarization(all_turns, exclusive, embedder=embedder, notices=notices(*texts))
    assert DIARIZATION.read(DIARIZATION.write(value)) == value
