"""Scores equal those of meeteval, pyannote.metrics and spyder on the files in `data/` (`data/make_expected.py`)."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from meetscribe.evaluation import (
    ErrorRate,
    EvaluationSettings,
    coverage,
    cpwer,
    der,
    jer,
    purity,
    score,
    texts,
    total_scores,
    wer,
    words_by_speaker,
)
from meetscribe.evaluation.inputs import ScoringInput
from meetscribe.evaluation.normalization import find_normalization
from meetscribe.formats import load
from meetscribe.formats.parts.recordings import read_recordings
from meetscribe.timeline import Span, Turn
from meetscribe.transcript import Transcript

DATA = Path(__file__).parent / "data"
EXPECTED: dict[str, Any] = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
COUNTS = ("errors", "length", "insertions", "deletions", "substitutions")


def sessions(name: str) -> dict[str, Transcript]:
    return read_recordings((DATA / name).read_bytes(), name)


def turns(name: str) -> tuple[Turn, ...]:
    return load(DATA / name).turns


def scoring_input(transcript: Transcript) -> ScoringInput:
    return ScoringInput(transcript, find_normalization("none"))


@pytest.mark.parametrize("metric", ["cpwer", "tcpwer", "orcwer"])
def test_word_error_counts_equal_those_of_meeteval(metric: str) -> None:
    """Each session and the total have the same counts and the same rate, to the last digit."""
    theirs = EXPECTED["meeteval"][metric]
    reference, hypothesis = sessions("ref.stm"), sessions("hyp.stm")
    settings = EvaluationSettings(metrics=(metric,), normalization="none")
    scores = {
        name: score(reference=reference[name], hypothesis=hypothesis[name], settings=settings) for name in reference
    }
    for name, counts in theirs["per_session"].items():
        ours = scores[name][metric]
        assert isinstance(ours, ErrorRate)
        assert (ours.rate, ours.errors, ours.length) == (counts["error_rate"], counts["errors"], counts["length"])
    overall = total_scores(scores.values())[metric]
    assert isinstance(overall, ErrorRate)
    assert overall.rate == theirs["overall"]["error_rate"]
    assert (overall.errors, overall.length) == (theirs["overall"]["errors"], theirs["overall"]["length"])


def test_counts_of_streams_equal_those_of_meeteval() -> None:
    """`cpwer` of lists of words gives the counts of each session and, added up, of all."""
    theirs = EXPECTED["meeteval"]["cpwer"]
    total = ErrorRate.zero()
    reference, hypothesis = sessions("ref.stm"), sessions("hyp.stm")
    for name, counts in theirs["per_session"].items():
        streams = [words_by_speaker(scoring_input(one[name]).words) for one in (reference, hypothesis)]
        rate = cpwer(*({speaker: texts(words) for speaker, words in stream.items()} for stream in streams))
        assert (rate.errors, rate.length) == (counts["errors"], counts["length"])
        total += rate
    assert total == ErrorRate(*(theirs["overall"][key] for key in COUNTS))
    assert total.rate == pytest.approx(theirs["overall"]["error_rate"])


def test_the_orc_wer_is_at_most_the_word_error_rate() -> None:
    """ORC-WER is a lower bound of the WER of all words in order of time, ignoring speakers."""
    reference, hypothesis = sessions("ref.stm"), sessions("hyp.stm")
    for name, counts in EXPECTED["meeteval"]["orcwer"]["per_session"].items():
        single = wer(texts(scoring_input(reference[name]).words), texts(scoring_input(hypothesis[name]).words))
        assert single.errors >= counts["errors"]
        assert single.length == counts["length"]


@pytest.mark.parametrize("row", EXPECTED["pyannote"], ids=lambda row: f"{row['collar']}-{row['skip_overlap']}")
def test_turn_errors_equal_those_of_pyannote_metrics(row: dict[str, Any]) -> None:
    """DER with its parts and JER follow the scoring rule; purity and coverage of pyannote.metrics have none."""
    sides = turns("planning.ref.rttm"), turns("planning.hyp.rttm")
    within = None if row["within"] is None else [Span(*region) for region in row["within"]]
    ours = der(*sides, collar=row["collar"], skip_overlap=row["skip_overlap"], within=within)
    for part in ("miss", "false_alarm", "confusion"):
        assert getattr(ours, part) == pytest.approx(row[part], abs=1e-3)
    assert ours.rate == pytest.approx(row["der"], abs=1e-6)
    rate = jer(*sides, collar=row["collar"], skip_overlap=row["skip_overlap"], within=within).rate
    assert rate == pytest.approx(row["jer"], abs=1e-6)
    assert purity(*sides).rate == pytest.approx(row["purity"], abs=1e-6)
    assert coverage(*sides).rate == pytest.approx(row["coverage"], abs=1e-6)


def test_regions_of_a_uem_are_those_of_the_expected_scores() -> None:
    """The UEM file and the recorded scores have the same regions."""
    rows = [line.split() for line in (DATA / "planning.uem").read_text(encoding="utf-8").splitlines()]
    regions = [[float(start), float(end)] for _, _, start, end in rows]
    assert regions in [row["within"] for row in EXPECTED["pyannote"]]


@pytest.mark.parametrize("region", ["all", "single", "overlap"])
def test_der_by_the_number_of_speakers_equals_that_of_spyder(region: str) -> None:
    """Spyder's "single" is the time with exactly one speaker in the reference."""
    reference, hypothesis = turns("planning.ref.rttm"), turns("planning.hyp.rttm")
    speech = [turn.span for turn in reference]
    overlapped = [
        Span(max(one.start, other.start), min(one.end, other.end))
        for one, other in itertools.combinations(reference, 2)
        if one.span.overlap(other.span) > 0
    ]
    within = {"all": None, "single": speech, "overlap": overlapped}[region]
    rate = der(reference, hypothesis, skip_overlap=region == "single", within=within).rate
    assert rate == pytest.approx(EXPECTED["spyder"][region], abs=1e-4)
