"""Evidence: what is doubtful is left out, until a correction settles it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.timeline import Span
from meetscribe.training.data.clips.evidence import Evidence
from meetscribe.transcript import Finding, Meta, Segment, Transcript, Word
from meetscribe.transcript.values import FINDING_KINDS

TEXTS = "we use the vitter bee algorithm here".split()


def transcript(*findings: Finding) -> Transcript:
    """Return a word per second, each half a second long."""
    words = tuple(Word(text, at, at + 0.5, speaker="A") for at, text in enumerate(TEXTS))
    return Transcript((Segment(words),), Meta("en", 8.0, findings=findings))


def doubts(made: Transcript) -> dict[str, str]:
    """Return the words that cannot be used, with the reasons."""
    evidence = Evidence(made)
    return {word.text: doubt for word in evidence.edited.words if (doubt := evidence.doubt(word))}


SUSPECT = Finding("suspect", 3.0, 4.5, "repeated")
UNCOVERED = Finding("uncovered", 5.5, 6.0, "speech without words")


def test_suspect_words_are_left_out() -> None:
    assert doubts(transcript(SUSPECT)) == {"vitter": "suspect", "bee": "suspect"}


def test_a_corrected_passage_is_certain() -> None:
    """Whether one word replaces two, each is replaced, or both are deleted."""
    made = transcript(SUSPECT)
    assert doubts(made.replace(3, 5, "Viterbi")) == {}
    assert doubts(made.replace(3, 5, "Peter be")) == {}
    assert doubts(made.delete(3, 5)) == {}


def test_a_passage_that_is_corrected_in_part_stays_doubtful() -> None:
    assert doubts(transcript(SUSPECT).replace(3, 4, "Peter")) == {"Peter": "suspect", "bee": "suspect"}


def test_speech_without_words_is_certain_once_words_are_inserted() -> None:
    made = transcript(UNCOVERED)
    assert Evidence(made).doubts == [(UNCOVERED.span, "uncovered")]
    assert Evidence(made.insert(5.5, "exactly", "A")).doubts == []


def test_new_words_of_a_correction_are_certain() -> None:
    """Their times are interpolated; those of other interpolated words say nothing about the sound."""
    longer = transcript().replace(3, 5, "one of the faster")
    assert {word.timing for word in Evidence(longer).edited.words} == {"engine", "interpolated"}
    assert doubts(longer) == {}
    subtitles = transcript().with_segments([Segment((Word("so", 1, 2, timing="interpolated"),))])
    assert doubts(subtitles) == {"so": "interpolated"}


@given(st.lists(st.tuples(st.sampled_from(FINDING_KINDS), st.floats(0, 7), st.floats(0.1, 4)), max_size=6))
def test_doubts_are_found_as_by_looking_at_every_finding(found: list[tuple[str, float, float]]) -> None:
    """The search by bisection agrees with a loop over all findings."""
    findings = [Finding(kind, start, start + length, "") for kind, start, length in found]  # type: ignore[arg-type]
    evidence = Evidence(transcript(*findings))
    blocking = [one for one in findings if one.kind in ("suspect", "removed", "uncovered")]
    empty = [one for one in blocking if not any(_shares(one.span, word.span) for word in evidence.edited.words)]
    for word in evidence.edited.words:
        live = [one for one in blocking if one not in empty and _shares(one.span, word.span)]
        assert (evidence.doubt(word) is not None) == bool(live)
    assert len(evidence.doubts) == len(blocking) - sum(one.kind == "suspect" for one in empty)


def _shares(one: Span, other: Span) -> bool:
    return one.overlap(other) > 0


@pytest.mark.parametrize("kind", ["recovered", "speaker"])
def test_other_findings_are_no_doubts(kind: str) -> None:
    """Recovered words are words; who says them does not matter for the text."""
    assert doubts(transcript(Finding(kind, 3.0, 4.5, ""))) == {}  # type: ignore[arg-type]
