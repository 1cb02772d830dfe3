"""The evidence of a word and of its sentence: short replies in their own turn keep their speaker."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.attribution import AttributionSettings, attribute
from meetscribe.attribution.evidence import LONGEST_WORD_MS, change_costs, speaker_evidence, word_evidence
from meetscribe.attribution.problem import Problem
from meetscribe.timeline import Diarization
from meetscribe.transcript import Transcript
from tests.attribution.conftest import diarization, lines, one_segment, speakers
from tests.attribution.replies import conversation
from tests.attribution.strategies import diarizations, transcripts

DEFAULTS = AttributionSettings()


def test_a_reply_after_a_full_stop_keeps_its_speaker() -> None:
    """The only sentence in a turn belongs to it, 0.1 s after the sentence of another speaker."""
    words = one_segment(("Hello", 0.5, 0.9), ("there", 1.0, 1.4), ("friends.", 1.5, 2.0), ("Bye.", 2.1, 3.0))
    result = attribute(words, diarization((0.4, 2.05, "anna"), (2.1, 3.0, "ben")))
    assert lines(result) == [("anna", "Hello there friends."), ("ben", "Bye.")]


def test_a_reply_between_two_turns_of_another_speaker_keeps_its_speaker() -> None:
    question = (("Shall", 0.5, 0.8), ("we", 0.8, 1.0), ("start?", 1.0, 1.5), ("Yes.", 1.6, 2.0))
    words = one_segment(*question, ("Then", 2.1, 2.4), ("page", 2.4, 2.8), ("two.", 2.8, 3.3))
    result = attribute(words, diarization((0.4, 1.55, "anna"), (1.6, 2.02, "ben"), (2.08, 3.4, "anna")))
    assert lines(result) == [("anna", "Shall we start?"), ("ben", "Yes."), ("anna", "Then page two.")]


@pytest.mark.parametrize("words", [1, 2, 3])
@pytest.mark.parametrize("gap", [0.0, 0.05, 0.1, 0.2, 0.3, 0.5])
@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize("full_stops", [True, False])
def test_short_replies_in_clean_turns_keep_their_speaker(gap: float, words: int, count: int, full_stops: bool) -> None:
    """40 replies of 1 to 3 words, and all words around them, have the right speaker."""
    rng = random.Random(f"{gap} {words} {count} {full_stops}")
    talks = [
        conversation(rng, gap=gap, words=words, speakers=count, replies=1 + i % 4, full_stops=full_stops)
        for i in range(16)
    ]
    assert sum(len(talk.replies) for talk in talks) == 40 * words
    for talk in talks:
        assert speakers(attribute(talk.blank, talk.diarization)) == speakers(talk.transcript)


def test_a_reply_in_a_turn_that_is_overlapped_as_a_whole_has_no_evidence_of_its_own() -> None:
    """If both speakers cover the whole reply, its sentence does not decide between them."""
    problem = _problem(one_segment(("So.", 0.0, 0.4), ("Yes.", 0.4, 0.8)), diarization((0, 2, "A"), (0.4, 0.8, "B")))
    costs = change_costs(problem, DEFAULTS)
    added = speaker_evidence(problem, costs, 0.0, DEFAULTS) - word_evidence(problem, 0.0, DEFAULTS)
    assert np.allclose(added, [[DEFAULTS.sentence_evidence, 0.0], [0.0, 0.0]])


@settings(max_examples=50, deadline=None)
@given(transcripts, diarizations, st.sampled_from([-0.1, 0.0, 0.2]))
def test_the_evidence_of_a_sentence_is_the_share_that_one_speaker_alone_covers(
    transcript: Transcript, found: Diarization, lag: float
) -> None:
    """It agrees with a count of the milliseconds of each sentence, and is divided equally among the words."""
    problem = _problem(transcript, found)
    if not problem.words or not problem.speakers:
        return
    costs = change_costs(problem, DEFAULTS)
    added = speaker_evidence(problem, costs, lag, DEFAULTS) - word_evidence(problem, lag, DEFAULTS)
    for sentence in _sentences(problem, costs):
        expected = [
            share * DEFAULTS.sentence_evidence / len(sentence)
            for share in _shares(problem, sentence, round(lag * 1000))
        ]
        assert np.allclose(added[sentence], expected)


def test_the_first_capital_counts_as_the_beginning_of_a_sentence() -> None:
    """A reply within a text without full stops is recognised by its capital, also if only the first word has one."""
    words = one_segment(("So", 0, 0.3), ("we", 0.3, 0.6), ("start", 0.6, 0.9), ("Yes.", 0.9, 1.2), ("Then", 1.2, 1.5))
    result = attribute(words, diarization((0, 0.9, "A"), (0.9, 1.2, "B"), (1.2, 1.5, "A")))
    assert speakers(result) == ["A", "A", "A", "B", "A"]


def _problem(transcript: Transcript, found: Diarization) -> Problem:
    return Problem.of(transcript.words, found)


def _sentences(problem: Problem, costs: np.ndarray) -> list[list[int]]:
    """Return the indices of the words of each sentence, which ends at a full stop or where a change is free."""
    sentences: list[list[int]] = []
    for i in range(len(problem.words)):
        if i == 0 or problem.words[i - 1].text.endswith((".", "?")) or costs[i] == 0:
            sentences.append([])
        sentences[-1].append(i)
    return sentences


def _shares(problem: Problem, sentence: list[int], lag: int) -> list[float]:
    """Return for each speaker the share of the milliseconds of a sentence that no other speaker covers."""
    times = [
        t + lag
        for i in sentence
        for t in range(problem.starts[i], min(problem.ends[i], problem.starts[i] + LONGEST_WORD_MS))
    ]
    covered = [_covered(problem, speaker) for speaker in range(len(problem.speakers))]
    others = [set().union(*covered[:i], *covered[i + 1 :]) for i in range(len(covered))]
    return [sum(t in own - other for t in times) / len(times) for own, other in zip(covered, others, strict=True)]


def _covered(problem: Problem, speaker: int) -> set[int]:
    coverage = problem.coverages[speaker]
    return {t for s, e in zip(coverage.starts.tolist(), coverage.ends.tolist(), strict=True) for t in range(s, e)}
