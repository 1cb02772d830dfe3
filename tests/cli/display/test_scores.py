"""Scores as tables and as JSON, and limits on them."""

from __future__ import annotations

import json

import pytest

from meetscribe.cli.display.scores import check_limits, parse_limits, print_json, print_tables
from meetscribe.errors import SettingsError, ThresholdError
from meetscribe.evaluation import ErrorRate, EvaluationSettings, UnknownScore
from meetscribe.evaluation.results import Results

SETTINGS = EvaluationSettings(metrics=("wer", "cpwer"))
NO_SPEAKERS = UnknownScore("the hypothesis names no speakers")


def results(*errors: int) -> Results:
    """Return recordings of ten words with these numbers of errors; the last one has no speakers."""
    rates = [ErrorRate(count, 10, 0, 0, count) for count in errors]
    scores = {f"r{number}": {"wer": rate, "cpwer": rate} for number, rate in enumerate(rates)}
    return Results({**scores, f"r{len(errors) - 1}": {"wer": rates[-1], "cpwer": NO_SPEAKERS}})


def test_limits_are_rates_of_error_metrics() -> None:
    assert parse_limits(["wer=0.12", "der=0"]) == {"wer": 0.12, "der": 0.0}


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("wre=0.1", "unknown error metric 'wre'", "did you mean 'wer'"),
        ("purity=0.9", "unknown error metric 'purity'", ""),
        ("wer=12%", "'12%' is not a number", "wer=0.12 for 12.0 %"),
        ("wer", "'' is not a number", "wer=0.12 for 12.0 %"),
        ("boundaries=50ms", "'50ms' is not a number", "boundaries=0.12 for 120 ms"),
    ],
)
def test_invalid_limits_are_refused(text: str, message: str, remedy: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        parse_limits([text])
    assert remedy in caught.value.remedy


def test_a_rate_equal_to_its_limit_passes() -> None:
    check_limits(results(1, 1), {"wer": 0.1})
    with pytest.raises(ThresholdError, match=r"WER is 10\.0 %, which exceeds 9\.9 %"):
        check_limits(results(1, 1), {"wer": 0.099})


def test_an_unknown_rate_fails_any_limit() -> None:
    """The error names the recordings, and all missed limits."""
    with pytest.raises(ThresholdError) as caught:
        check_limits(results(0, 5), {"wer": 0.2, "cpwer": 1.0})
    assert caught.value.message.splitlines() == [
        "WER is 25.0 %, which exceeds 20.0 %",
        "cpWER is unknown for r1: the hypothesis names no speakers",
    ]


def test_a_limit_needs_its_metric() -> None:
    with pytest.raises(SettingsError, match="this metric is not computed"):
        check_limits(results(0), {"der": 0.1})


def test_tables_of_several_recordings(capsys: pytest.CaptureFixture[str]) -> None:
    """Each recording has a row, and the total names the recordings that it leaves out."""
    print_tables(results(0, 5), None, SETTINGS)
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["r0", "0.0", "%", "0.0", "%"] in rows
    assert ["r1", "50.0", "%", "n/a"] in rows
    assert ["all", "25.0", "%", "0.0", "%"] in rows
    (total,) = [" ".join(row) for row in rows if row[:1] == ["cpWER"]]
    assert total.endswith("(without r1: the hypothesis names no speakers)")


def test_a_single_recording_has_no_interval(capsys: pytest.CaptureFixture[str]) -> None:
    print_tables(results(5), None, SETTINGS)
    printed = capsys.readouterr().out
    assert "95 % interval" not in printed and "recording" not in printed
    assert "50.0 %" in printed and "n/a" in printed


def test_a_comparison_shows_difference_and_wins(capsys: pytest.CaptureFixture[str]) -> None:
    print_tables(results(0, 5), results(2, 5), SETTINGS)
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("WER") and "/ 0 /" in line]
    assert row.split() == ["WER", "25.0", "%", "35.0", "%", "-10.0", "%", *row.split()[7:]]
    assert "1 / 0 / 1" in row and row.endswith("too few recordings")


def test_the_p_value_of_unknown_rates_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    """Six recordings are enough, but a reference without words has no rate."""
    silent = Results({f"r{number}": {"wer": ErrorRate(0, 0, 0, 0, 0)} for number in range(6)})
    print_tables(silent, silent, EvaluationSettings(metrics=("wer",)))
    assert capsys.readouterr().out.rstrip().endswith("unknown")


def test_json_has_counts_rates_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(results(0, 5), results(2, 5), SETTINGS)
    found = json.loads(capsys.readouterr().out)
    assert found["recordings"]["r1"]["wer"]["errors"] == 5
    assert found["recordings"]["r1"]["cpwer"] == {"rate": None, "unknown": "the hypothesis names no speakers"}
    assert (found["total"]["wer"]["rate"], found["total"]["cpwer"]["recordings"]) == (0.25, 1)
    against = found["against"]["wer"]
    assert (against["rate"], against["wins"], against["losses"], against["ties"]) == (0.35, 1, 0, 1)
    assert against["p_value"] is against["chance"] is None
