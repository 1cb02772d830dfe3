"""All scores at once: what is missing is said, and recordings add up."""

from __future__ import annotations

import pytest

from meetscribe.errors import SettingsError
from meetscribe.evaluation import METRICS, EvaluationSettings, Rate, Unknown, add_up, compare, interval, score
from meetscribe.evaluation.rates import ErrorRate
from meetscribe.evaluation.results import Results
from meetscribe.timeline import Span, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word


def meeting(*words: Word, turns: tuple[Turn, ...] = ()) -> Transcript:
    return Transcript(tuple(Segment((word,)) for word in words), Meta("en", 9.0, turns=turns))


ANN, BO = Word("So", 0, 1, speaker="Ann"), Word("yes.", 1, 2, speaker="Bo")
TURNS = (Turn(0, 1, "Ann"), Turn(1, 2, "Bo"))


def unknown(reference: Transcript, hypothesis: Transcript) -> dict[str, str]:
    return {name: one.reason for name, one in score(reference, hypothesis).items() if isinstance(one, Unknown)}


def test_the_truth_has_every_score_and_no_error() -> None:
    scores = score(meeting(ANN, BO), meeting(ANN, BO))
    assert list(scores) == list(METRICS)
    for name, value in scores.items():
        assert not isinstance(value, Unknown)
        assert value.rate == (0 if METRICS[name].errors else 1)


def test_a_hypothesis_that_names_nobody_has_words_but_no_speakers() -> None:
    nobody = meeting(Word("So", 0, 1), Word("yes", 1, 2))
    missing = unknown(meeting(ANN, BO), nobody)
    assert {"cpwer", "tcpwer", "wder", "der", "jer", "speakers"} <= set(missing)
    assert set(missing.values()) == {"the hypothesis names no speakers"}
    assert not {"wer", "cer", "orcwer", "boundaries"} & set(missing)


def test_turns_alone_have_no_words() -> None:
    missing = unknown(meeting(turns=TURNS), meeting(ANN, BO))
    assert missing["wer"] == "the reference has no words, only turns"
    assert not {"der", "jer", "purity", "coverage", "speakers"} & set(missing)


def test_guessed_times_of_the_reference_are_no_truth_and_no_times_are_none() -> None:
    guessed = meeting(Word("So", 0, 1, timing="interpolated", speaker="Ann"))
    assert "times of its words" in unknown(guessed, meeting(ANN))["boundaries"]
    timeless = meeting(Word("So", 0, 0, speaker="Ann"))
    assert unknown(meeting(ANN), timeless)["tcpwer"] == "the hypothesis has no times"


def test_a_silent_recording_is_no_error_and_an_empty_hypothesis_misses_all() -> None:
    assert "wer" not in unknown(meeting(), meeting())
    empty = score(meeting(ANN, BO), meeting())["wer"]
    assert empty == ErrorRate(2, 2, 0, 2, 0)


def test_only_what_is_within_is_scored() -> None:
    scores = score(meeting(ANN, BO), meeting(ANN), within=[Span(0, 1)])
    assert scores["wer"] == ErrorRate(0, 1, 0, 0, 0)


def test_recordings_add_up_and_unknown_ones_are_left_out() -> None:
    wanted = EvaluationSettings(metrics=("cpwer",))
    one = score(meeting(ANN, BO), meeting(ANN), wanted)
    other = score(meeting(ANN, BO), meeting(Word("So", 0, 1)), wanted)
    assert isinstance(other["cpwer"], Unknown)
    for order in ([one, other, one], [other, one, one]):
        total = add_up(order)["cpwer"]
        assert not isinstance(total, Unknown)
        assert total.fraction == (2, 4)
    results = Results({"a": one, "b": other})
    assert (list(results.known("cpwer")), list(results.unknown("cpwer"))) == (["a"], ["b"])


def test_settings_that_cannot_be_are_refused() -> None:
    for wrong in ({"metrics": ("wr",)}, {"normalization": "basik"}, {"collar": -1.0}):
        with pytest.raises(SettingsError):
            EvaluationSettings(**wrong)  # type: ignore[arg-type]


def rates(*errors: int) -> list[Rate]:
    return [ErrorRate(count, 100, 0, count, 0) for count in errors]


def test_the_interval_holds_the_rate_and_is_the_same_each_time() -> None:
    some = rates(1, 5, 9, 4, 6, 30)
    found = interval(some)
    assert found is not None
    assert found[0] < 55 / 600 < found[1]
    assert interval(some) == found
    assert interval(rates(7, 7, 7)) == (0.07, 0.07)
    assert interval(rates(7)) is None


def test_a_system_that_is_always_better_is_so_by_no_chance_and_one_that_is_sometimes_may_be() -> None:
    sure = compare(rates(1, 2, 3, 4, 5, 6, 7, 8), rates(5, 6, 7, 8, 9, 10, 11, 13))
    assert (sure.wins, sure.losses, sure.ties) == (8, 0, 0)
    assert sure.chance is not None
    assert sure.chance < 0.01
    even = compare(rates(1, 9, 1, 9, 1, 9, 5, 5), rates(9, 1, 9, 1, 9, 1, 5, 4))
    assert (even.wins, even.losses, even.ties) == (3, 4, 1)
    assert even.chance is not None
    assert even.chance > 0.5
    assert compare(rates(1, 2), rates(5, 6)).chance is None


def test_of_what_is_right_more_is_better() -> None:
    assert compare(rates(1), rates(5), errors=False).losses == 1
