"""Words that the turns of their speaker hardly cover appear as findings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetscribe.attribution import attribute
from meetscribe.attribution.doubtful_speakers import MIN_SCORE, with_doubtful_speakers
from meetscribe.transcript import Finding, Word
from tests.attribution.conftest import diarization, one_segment

OTHER = Finding("suspect", 0.5, 1.0, "repetition", "we")


def found(*findings: Finding) -> list[tuple[float, float, str, str]]:
    """Return the time, reason and text of the findings of speakers."""
    return [
        (finding.start, finding.end, finding.reason, finding.text) for finding in findings if finding.kind == "speaker"
    ]


def test_words_given_to_another_speaker_than_their_turn_are_a_finding() -> None:
    """The words within a clause that the turns give to somebody else are one finding, and so is a word in no turn."""
    texts = ("we", "could", "do", "that", "too.")
    words = one_segment(*((text, i * 0.3, i * 0.3 + 0.3) for i, text in enumerate(texts)), ("Well.", 2.5, 3.0))
    result = attribute(words, diarization((0, 0.6, "A"), (0.6, 0.9, "B"), (0.9, 1.5, "A")))
    assert [word.speaker for word in result.words] == ["A"] * 6
    assert found(*result.meta.findings) == [
        (0.6, 0.9, "assigned by the surrounding words, against the turns", "do"),
        (2.5, 3.0, "in no turn; assigned by the nearest turn", "Well."),
    ]


def test_findings_of_speakers_are_replaced_and_the_others_kept() -> None:
    """A second attribution with better turns removes the findings of the first, and keeps those of recognition."""
    words = one_segment(("so", 0.0, 0.3), ("we", 0.5, 1.0)).with_meta(findings=(OTHER,))
    far, near = diarization((2, 3, "A")), diarization((0, 1, "A"))
    once = attribute(words, far)
    assert [finding.kind for finding in once.meta.findings] == ["speaker", "suspect"]
    assert found(*once.meta.findings) == [(0.0, 1.0, "in no turn; assigned by the nearest turn", "so we")]
    assert attribute(once, near).meta.findings == (OTHER,)


@pytest.mark.parametrize("score", [0.0, MIN_SCORE - 0.01, MIN_SCORE, 1.0])
def test_only_a_score_near_zero_is_a_finding(score: float) -> None:
    words = [Word("so", 0, 1, speaker="A", speaker_score=score, speaker_source="turn")]
    assert bool(with_doubtful_speakers((), words)) == (score < MIN_SCORE)


def test_words_of_two_speakers_are_two_findings_and_trusted_words_none() -> None:
    word = Word("so", 0, 1, speaker="A", speaker_score=0.0, speaker_source="nearest")
    words = [word, replace(word, speaker="B"), replace(word, speaker="C", speaker_source="hint")]
    assert [text for *_, text in found(*with_doubtful_speakers((), words))] == ["so", "so"]
