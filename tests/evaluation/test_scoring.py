"""Scores by metric: missing data is reported, and recordings are added up."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import SettingsError
from meetscribe.evaluation import METRICS, EvaluationSettings, UnknownScore, evaluate, score, total_scores
from meetscribe.evaluation.metrics.error_rates import ErrorRate
from meetscribe.timeline import Span, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word


def meeting(*words: Word, turns: tuple[Turn, ...] = ()) -> Transcript:
    return Transcript(tuple(Segment((word,)) for word in words), Meta("en", 9.0, turns=turns))


ANN, BO = Word("So", 0, 1, speaker="Ann"), Word("yes.", 1, 2, speaker="Bo")
TURNS = (Turn(0, 1, "Ann"), Turn(1, 2, "Bo"))


def unknown(reference: Transcript, hypothesis: Transcript) -> dict[str, str]:
    scores = score(reference=reference, hypothesis=hypothesis)
    return {name: one.reason for name, one in scores.items() if isinstance(one, UnknownScore)}


def test_a_perfect_hypothesis_has_every_score_and_no_errors() -> None:
    scores = score(reference=meeting(ANN, BO), hypothesis=meeting(ANN, BO))
    assert list(scores) == list(METRICS)
    for name, value in scores.items():
        assert not isinstance(value, UnknownScore)
        assert value.rate == (0 if METRICS[name].errors else 1)


def test_the_order_of_the_arguments_cannot_be_confused() -> None:
    """Reference and hypothesis can only be passed by name."""
    with pytest.raises(TypeError, match="positional"):
        score(meeting(ANN), meeting(BO))  # type: ignore[misc]


def test_a_hypothesis_without_speakers_has_scores_of_words_only() -> None:
    without_speakers = meeting(Word("So", 0, 1), Word("yes", 1, 2))
    missing = unknown(meeting(ANN, BO), without_speakers)
    assert {"cpwer", "tcpwer", "wder", "der", "jer", "speakers"} <= set(missing)
    assert set(missing.values()) == {"the hypothesis names no speakers"}
    assert not {"wer", "cer", "orcwer", "boundaries"} & set(missing)


def test_scores_can_be_tabulated() -> None:
    """An unknown score has the rate None, like a rate of length 0."""
    scores = score(reference=meeting(ANN, BO), hypothesis=meeting(Word("So", 0, 1)))
    rates = {name: one.rate for name, one in scores.items()}
    assert rates["cpwer"] is None and rates["wer"] is not None


def test_a_reference_of_turns_has_no_scores_of_words() -> None:
    missing = unknown(meeting(turns=TURNS), meeting(ANN, BO))
    assert missing["wer"] == "the reference has no words, only turns"
    assert not {"der", "jer", "purity", "coverage", "speakers"} & set(missing)


def test_interpolated_and_missing_times_are_not_scored() -> None:
    interpolated = meeting(Word("So", 0, 1, timing="interpolated", speaker="Ann"))
    assert "no word times" in unknown(interpolated, meeting(ANN))["boundaries"]
    without_times = meeting(Word("So", 0, 0, speaker="Ann"))
    assert unknown(meeting(ANN), without_times)["tcpwer"] == "the hypothesis has no times"


def test_an_empty_hypothesis_has_only_deletions() -> None:
    """If the reference is empty as well, there are no errors."""
    assert "wer" not in unknown(meeting(), meeting())
    empty = score(reference=meeting(ANN, BO), hypothesis=meeting())["wer"]
    assert empty == ErrorRate(2, 2, 0, 2, 0)


def test_only_the_given_regions_are_scored() -> None:
    scores = score(reference=meeting(ANN, BO), hypothesis=meeting(ANN), within=[Span(0, 1)])
    assert scores["wer"] == ErrorRate(0, 1, 0, 0, 0)


def test_files_and_frames_are_scored_like_transcripts(tmp_path: Path) -> None:
    reference, hypothesis = meeting(ANN, BO), meeting(ANN)
    hypothesis.save(tmp_path / "hypothesis.json")
    settings = EvaluationSettings(metrics=("wer", "cpwer"))
    found = evaluate(
        tmp_path / "hypothesis.json", reference=reference.to_frame(), settings={"metrics": ("wer", "cpwer")}
    )
    assert found == score(reference=reference, hypothesis=hypothesis, settings=settings)
    assert isinstance(found["wer"], ErrorRate) and found["wer"].errors == 1


def test_unknown_settings_are_rejected() -> None:
    """A mapping of settings is checked as the settings are; the error names the nearest field."""
    with pytest.raises(SettingsError, match=r"unknown setting 'metric' of an evaluation\ndid you mean 'metrics'\?"):
        evaluate(meeting(ANN), reference=meeting(ANN), settings={"metric": ("wer",)})
    with pytest.raises(SettingsError, match="a collar must be a number"):
        evaluate(meeting(ANN), reference=meeting(ANN), settings={"collar": "0.25"})


def test_word_times_of_a_frame_are_scored() -> None:
    """A frame with a row per word, with or without our columns, is a reference for word times."""
    frame = meeting(ANN, BO).to_frame("word")
    for reference in (frame, frame[["start", "end", "speaker", "text"]].rename(columns={"text": "word"})):
        found = evaluate(meeting(ANN, BO), reference=reference, settings={"metrics": ("boundaries",)})
        assert not isinstance(found["boundaries"], UnknownScore)


def test_totals_leave_out_unknown_scores() -> None:
    settings = EvaluationSettings(metrics=("cpwer",))
    one = score(reference=meeting(ANN, BO), hypothesis=meeting(ANN), settings=settings)
    other = score(reference=meeting(ANN, BO), hypothesis=meeting(Word("So", 0, 1)), settings=settings)
    assert isinstance(other["cpwer"], UnknownScore)
    for order in ([one, other, one], [other, one, one]):
        total = total_scores(order)["cpwer"]
        assert not isinstance(total, UnknownScore)
        assert total.fraction == (2, 4)


def test_a_score_too_long_to_compute_is_unknown() -> None:
    """ORC-WER beyond its limit is reported as unknown, the other scores are computed."""
    words = [Word("yes", at, at + 1, speaker=name) for at in range(700) for name in ("Ann", "Bo", "Cy")]
    long = Transcript((Segment(tuple(words)),), Meta("en", 700.0))
    settings = EvaluationSettings(metrics=("wer", "orcwer"))
    scores = score(reference=long, hypothesis=long, settings=settings)
    assert scores["wer"] == ErrorRate(0, 2100, 0, 0, 0)
    assert isinstance(scores["orcwer"], UnknownScore)
    assert "too long for an exact score" in scores["orcwer"].reason


@pytest.mark.parametrize("wrong", [{"metrics": ("wr",)}, {"normalization": "basik"}, {"collar": -1.0}])
def test_invalid_settings_are_rejected(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        EvaluationSettings(**wrong)  # type: ignore[arg-type]


def test_metrics_given_as_a_string_are_rejected() -> None:
    """The error shows the tuple, instead of reading letters as names."""
    for text, names in (("wer", r"\('wer',\)"), ("wer,der", r"\('wer', 'der'\)")):
        with pytest.raises(SettingsError, match=names):
            EvaluationSettings(metrics=text)  # type: ignore[arg-type]


def test_rates_are_formatted_in_the_unit_of_their_metric() -> None:
    assert METRICS["wer"].format(0.1234) == "12.3 %"
    assert METRICS["boundaries"].format(0.012, sign=True) == "+12 ms"
    assert METRICS["speakers"].format(1 / 3) == "0.33"
    assert METRICS["wer"].format(None) == "n/a"
