"""Scores equal those of meeteval, pyannote.metrics, spyder and md-eval on files outside the repository.

Their folder is MEETSCRIBE_SHARED_DATA, by default ../shared/data beside the checkout. Run with `-m long`.
"""

from __future__ import annotations

import itertools
import json
import os
from collections import defaultdict
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
    total_scores,
    wer,
)
from meetscribe.formats.parts.recordings import read_recordings
from meetscribe.timeline import Span, Turn
from meetscribe.transcript import Transcript

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
DATA = Path(os.environ.get("MEETSCRIBE_SHARED_DATA", BESIDE))
METRICS = DATA / "metrics"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not (METRICS / "expected.json").is_file(),
        reason=f"no metrics/expected.json in {DATA}: set MEETSCRIBE_SHARED_DATA",
    ),
]

Streams = dict[str, dict[str, list[str]]]


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((METRICS / "expected.json").read_text())[name]
    return found


def read_rttm(path: Path) -> list[Turn]:
    fields = [line.split() for line in path.read_text().splitlines() if line.startswith("SPEAKER")]
    return [Turn(float(row[3]), float(row[3]) + float(row[4]), row[7]) for row in fields]


def read_stm(path: Path) -> Streams:
    """Return the words of each speaker of each session in order of time, without normalization."""
    rows = [line.split() for line in path.read_text().splitlines() if line]
    sessions: Streams = defaultdict(lambda: defaultdict(list))
    for session, _, speaker, _, _, *words in sorted(rows, key=lambda row: float(row[3])):
        sessions[session][speaker] += words
    return sessions


def test_cpwer_of_streams_equals_that_of_meeteval() -> None:
    theirs = expected("meeteval_0.4.3_ref.stm_vs_hyp.stm")["cpwer"]
    reference, hypothesis = (read_stm(METRICS / "meeteval" / f"{name}.stm") for name in ("ref", "hyp"))
    rates = {session: cpwer(reference[session], hypothesis[session]) for session in reference}
    for session, rate in rates.items():
        assert (rate.errors, rate.length) == tuple(theirs["per_session"][session][key] for key in ("errors", "length"))
    overall = sum(rates.values(), ErrorRate.zero())
    assert overall == ErrorRate(*(theirs["overall"][key] for key in ("errors", "length", "ins", "dele", "sub")))
    assert overall.rate == pytest.approx(theirs["overall"]["error_rate"])


@pytest.mark.parametrize(("metric", "key"), [("cpwer", "cpwer"), ("tcpwer", "tcpwer_collar5"), ("orcwer", "orcwer")])
def test_scores_of_files_equal_those_of_meeteval_to_the_last_digit(metric: str, key: str) -> None:
    theirs = expected("meeteval_0.4.3_ref.stm_vs_hyp.stm")[key]
    reference, hypothesis = (sessions(METRICS / "meeteval" / f"{name}.stm") for name in ("ref", "hyp"))
    wanted = EvaluationSettings(metrics=(metric,), normalization="none")
    scores = {
        name: score(reference=reference[name], hypothesis=hypothesis[name], settings=wanted) for name in reference
    }
    for name, counts in theirs["per_session"].items():
        ours = scores[name][metric]
        assert isinstance(ours, ErrorRate)
        assert (ours.rate, ours.errors, ours.length) == (counts["error_rate"], counts["errors"], counts["length"])
    overall = total_scores(scores.values())[metric]
    assert isinstance(overall, ErrorRate)
    assert overall == ErrorRate(*(theirs["overall"][key] for key in ("errors", "length", "ins", "dele", "sub")))
    assert overall.rate == theirs["overall"]["error_rate"]


def sessions(path: Path) -> dict[str, Transcript]:
    return read_recordings(path.read_bytes(), path.name)


@pytest.mark.parametrize("pair", ["ref.seglst.json hyp.seglst.json", "refA.stm hypA.stm", "ref_siso.stm hyp_siso.stm"])
@pytest.mark.parametrize("metric", ["cpwer", "tcpwer", "orcwer"])
def test_scores_of_other_files_equal_those_of_meeteval(pair: str, metric: str) -> None:
    meeteval = pytest.importorskip("meeteval", reason="meeteval, which must be compiled, is not installed")
    paths = [METRICS / "meeteval" / name for name in pair.split()]
    options = {"collar": 5} if metric == "tcpwer" else {}
    theirs = getattr(meeteval.wer, metric)(*(meeteval.io.load(path) for path in paths), **options)
    reference, hypothesis = map(sessions, paths)
    wanted = EvaluationSettings(metrics=(metric,), normalization="none")
    for place, session in enumerate(theirs):
        name = session if session in reference else list(reference)[place]
        ours = score(reference=reference[name], hypothesis=hypothesis[name], settings=wanted)[metric]
        assert isinstance(ours, ErrorRate)
        assert (ours.errors, ours.length) == (theirs[session].errors, theirs[session].length)


def test_the_word_error_rate_of_one_stream_equals_the_orc_wer() -> None:
    """In this session, the words in order of time have as many errors as ORC-WER."""
    theirs = expected("meeteval_0.4.3_ref.stm_vs_hyp.stm")["orcwer"]["per_session"]["recordingA"]
    reference, hypothesis = (
        [word for words in read_stm(METRICS / "meeteval" / f"{name}.stm")["recordingA"].values() for word in words]
        for name in ("ref", "hyp")
    )
    assert wer(reference, hypothesis).errors == theirs["errors"]


@pytest.mark.parametrize(
    ("collar", "skip_overlap", "key", "digits"),
    [
        (0.0, False, "DER", 3),
        (0.25, False, "pyannote collar=0.5", 3),
        (0.25, True, "pyannote collar=0.5 skip_overlap (== md-eval -c 0.25 -1 = 7.16923618)", 7),
    ],
)
def test_der_of_a_real_meeting_equals_that_of_pyannote_and_md_eval(
    collar: float, skip_overlap: bool, key: str, digits: int
) -> None:
    rate = der(
        read_rttm(METRICS / "ES2014c.ref.rttm"),
        read_rttm(METRICS / "ES2014c.sys.rttm"),
        collar=collar,
        skip_overlap=skip_overlap,
    ).rate
    assert rate is not None
    assert round(rate, digits) == expected("speechbrain_ES2014c")[key]


@pytest.mark.parametrize("collar", [0.0, 0.2])
def test_der_of_the_dscore_files_equals_that_of_spyder(collar: float) -> None:
    """Spyder's "single" is the time with exactly one speaker in the reference."""
    theirs = expected("dscore ref/sys (spyder tests)")
    reference, hypothesis = (read_rttm(METRICS / "dscore" / f"{name}.rttm") for name in ("ref", "sys"))
    everywhere = der(reference, hypothesis, collar=collar)
    speech = [turn.span for turn in reference]
    single = der(reference, hypothesis, collar=collar, skip_overlap=True, within=speech)
    suffix = "c0.2" if collar else "c0"
    assert everywhere.rate == pytest.approx(theirs[f"all,{suffix}"], abs=1e-4)
    assert single.rate == pytest.approx(theirs[f"single,{suffix}"], abs=1e-4)


def test_der_of_overlapping_speech_equals_that_of_spyder() -> None:
    reference, hypothesis = (read_rttm(METRICS / "dscore" / f"{name}.rttm") for name in ("ref", "sys"))
    overlapped = [
        Span(max(one.start, other.start), min(one.end, other.end))
        for one, other in itertools.combinations(reference, 2)
        if one.span.overlap(other.span) > 0
    ]
    rate = der(reference, hypothesis, within=overlapped).rate
    assert rate == pytest.approx(expected("dscore ref/sys (spyder tests)")["overlap,c0"], abs=1e-4)


def test_der_within_the_regions_of_a_uem_equals_that_of_spyder() -> None:
    reference, hypothesis = (read_rttm(METRICS / "dscore" / f"{name}.rttm") for name in ("ref", "sys"))
    rows = [line.split() for line in (METRICS / "dscore" / "ref.uem").read_text().splitlines()]
    regions = [Span(float(start), float(end)) for name, _, start, end in rows if name == "FILE1"]
    rate = der(reference, hypothesis, within=regions).rate
    assert rate == pytest.approx(expected("dscore ref/sys (spyder tests)")["uem"], abs=1e-4)


def regions() -> dict[str, Span]:
    """Return the scored region of each AMI meeting; none without the data."""
    path = DATA / "ami" / "ami.uem"
    rows = [line.split() for line in path.read_text().splitlines()] if path.is_file() else []
    return {name: Span(float(start), float(end)) for name, _, start, end in rows}


@pytest.mark.skipif(not regions(), reason=f"no ami/ami.uem in {DATA}")
@pytest.mark.parametrize("diarizer", ["vbx", "vbx-overlap", "online-5s", "online-0.5s"])
@pytest.mark.parametrize("name", ["IS1009a", *(pytest.param(name, marks=pytest.mark.long) for name in regions())])
def test_scores_of_real_diarizers_equal_those_of_pyannote_metrics(name: str, diarizer: str) -> None:
    """DER with its parts, JER, purity and coverage of each meeting."""
    metrics = pytest.importorskip("pyannote.metrics.diarization", reason="pyannote.metrics is not installed")
    core = pytest.importorskip("pyannote.core")
    found = DATA / "ami" / f"{name}.{diarizer}.rttm"
    if not found.is_file():
        pytest.skip(f"no {found.name}")
    sides = read_rttm(DATA / "ami" / f"{name}.ref.rttm"), read_rttm(found)
    within = regions()[name]
    uem = core.Timeline([core.Segment(within.start, within.end)])
    theirs = [annotation(core, turns) for turns in sides]
    ours, parts = der(*sides, within=within), metrics.DiarizationErrorRate()(*theirs, uem=uem, detailed=True)
    for own, key in (("miss", "missed detection"), ("false_alarm", "false alarm"), ("confusion", "confusion")):
        assert getattr(ours, own) == pytest.approx(parts[key], abs=1e-3)
    assert ours.rate == pytest.approx(parts["diarization error rate"], abs=1e-6)
    assert jer(*sides, within=within).rate == pytest.approx(metrics.JaccardErrorRate()(*theirs, uem=uem), abs=1e-6)
    # theirs have no regions
    assert purity(*sides).rate == pytest.approx(metrics.DiarizationPurity()(*theirs), abs=1e-6)
    assert coverage(*sides).rate == pytest.approx(metrics.DiarizationCoverage()(*theirs), abs=1e-6)


def annotation(core: Any, turns: list[Turn]) -> Any:
    made = core.Annotation()
    for index, turn in enumerate(turns):
        made[core.Segment(turn.start, turn.end), index] = turn.speaker
    return made.support()
