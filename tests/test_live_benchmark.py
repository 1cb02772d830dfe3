"""The live benchmark: lost words, latency, erasure, and the commands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from meetscribe.live import events
from meetscribe.live.simulation import Emission
from meetscribe.timeline import Turn
from meetscribe.transcript import Word
from tests.benchmarks.live import __main__ as command
from tests.benchmarks.live import faults, soak
from tests.benchmarks.live.measures import erasure, lost_words, matches, measure, timed_matches
from tests.benchmarks.live.outputs import Output, ShownWord, stored
from tests.benchmarks.live.speakers import changed
from tests.benchmarks.live.systems import to_output


def output(text: str, late: float = 1.0) -> Output:
    """Return words that end at each full second and are committed `late` seconds after that."""
    return Output(tuple(ShownWord(word, n + 1.0, n + 1.0 + late) for n, word in enumerate(text.split())), 2.0)


def split(text: str) -> list[str]:
    return text.lower().split()


def test_lost_words_are_those_that_only_the_offline_result_has() -> None:
    """A word that is wrong in both is not lost; neighbours in the reference make a run."""
    assert lost_words([]) == (0, 0, 0)
    assert lost_words([0, 1, 5, 9, 10, 11]) == (1, 2, 5)
    assert matches(["a", "b", "c"], ["a", "x", "c"]) == {0: 0, 2: 2}
    reference = [Word(text, n, n + 1) for n, text in enumerate("so we move it to the other monday".split())]
    found = measure(reference, output("so we move it two the other monday"), output("so move it"), 8.0, split)
    assert (found.single, found.runs, found.in_runs, found.dropped) == (1, 1, 3, 4)
    replaced = measure(reference, output("so we move it"), output("so he moves it"), 8.0, split)
    assert (replaced.in_runs, replaced.dropped) == (2, 0)
    assert found.errors.rate == pytest.approx(5 / 8)


def shown(*words: tuple[str, float, float]) -> tuple[list[str], list[ShownWord]]:
    """Return words with their end and the moment of their commit."""
    return [text for text, _, _ in words], [ShownWord(*word) for word in words]


def test_a_word_that_is_said_twice_is_matched_with_the_nearer_one() -> None:
    """But never at the cost of a further edit, nor with a word that is said long before or after it."""
    twice = ["okay", "okay"], [6.2, 7.2]
    assert timed_matches(*twice, *shown(("okay", 7.0, 8.3))) == {1: 0}
    assert timed_matches(*twice, *shown(("okay", 6.5, 8.3))) == {0: 0}
    late = [ShownWord("okay", 8.0, 8.3, start=6.0)]
    assert timed_matches(*twice, ["okay"], late) == {1: 0}
    assert timed_matches(["no", "okay", "so"], [1.0, 2.0, None], *shown(("okay", 1.0, 1.1), ("no", 2.0, 3.0))) == {1: 0}
    assert timed_matches(*twice, *shown(("okay", 9.9, 11.0))) == {}


def test_a_word_with_the_times_of_a_phrase_is_near_all_of_it() -> None:
    assert ShownWord("so", 4.0, 5.0, start=1.0).distance(2.5) == 0
    assert ShownWord("so", 4.0, 5.0, start=1.0).distance(0.5) == 0.5
    assert ShownWord("so", None, 5.0).distance(90) == 0


WORDS = st.lists(st.sampled_from("abc"), max_size=8)


@given(WORDS, WORDS)
def test_matching_by_delay_has_the_fewest_edits(reference: list[str], found: list[str]) -> None:
    """The pairs are equal words in order, as many edits apart as the texts are."""
    words = [ShownWord(text, None, 1.5 * n) for n, text in enumerate(found)]
    pairs = timed_matches(reference, [float(n) for n in range(len(reference))], found, words)
    assert all(reference[place] == found[at] for place, at in pairs.items())
    assert [pairs[place] for place in sorted(pairs)] == sorted(set(pairs.values()))
    gaps, before = 0, (-1, -1)
    for pair in [*sorted(pairs.items()), (len(reference), len(found))]:
        gaps += max(pair[0] - before[0], pair[1] - before[1]) - 1
        before = pair
    assert gaps == Levenshtein.distance(reference, found)


def test_latency_is_counted_from_the_true_end_of_a_word() -> None:
    """Where the reference has no times, the end is that of the offline result; a wrong word has no latency."""
    timed = [Word("so", 0, 0.5), Word("we", 0.5, 1.5)]
    found = measure(timed, output("so we"), output("so me", late=2.0), 2.0, split)
    assert found.latencies == (2.5,)
    untimed = [Word("so", 0, 0.5, "interpolated"), Word("we", 0.5, 1.5, "interpolated")]
    found = measure(untimed, output("so we"), output("so we", late=2.0), 2.0, split)
    assert found.latencies == (2.0, 2.0) and found.latency() == (2.0, 2.0, 2.0, 2.0)
    assert (found + found).duration == 4.0


def test_erasure_counts_words_that_were_shown_and_replaced() -> None:
    assert erasure(["a", "a b", "a c d", "x"]) == 1 + 3
    assert erasure(["a b", "a"]) == 1
    assert erasure([]) == 0


def test_the_output_of_a_session_has_the_moment_of_each_commit() -> None:
    words = [Word("so", 0.0, 0.5), Word("we", 0.5, 1.0)]
    drafts = [
        (events.partial("a", "so me", 0, 1), 1.0),
        (events.commit("a", 0, words[:1]), 2.0),
        (events.partial("a", "we", 0.5, 1), 2.0),
        (events.commit("a", 1, words[1:], closed=True), 3.5),
    ]
    emissions = [Emission(draft.published(n, at), at) for n, (draft, at) in enumerate(drafts, start=1)]
    found = to_output(emissions, 1.0)
    assert found.words == (ShownWord("so", 0.5, 2.0), ShownWord("we", 1.0, 3.5))
    assert found.changed == 0 and found.erased >= 1


def test_outputs_are_stored(tmp_path: Path) -> None:
    """A stored output is not computed again, and nothing is computed without time left."""
    assert stored(tmp_path / "a" / "x.json", None) is None
    first = stored(tmp_path / "a" / "x.json", lambda: output("so it goes"))
    assert first == output("so it goes") == stored(tmp_path / "a" / "x.json", None)


def test_labels_that_changed_are_counted() -> None:
    first = [Turn(0, 4, "A"), Turn(4, 8, "B")]
    assert changed(first, first, 10) == 0
    assert changed(first, [Turn(0, 8, "A")], 10) == pytest.approx(0.5)


def test_a_long_session_is_continued_by_the_next_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two calls record all audio and commit every word, and at most the word that the first one cut off twice."""
    for hours in ("0.01", "0.025"):
        soak.main(["--hours", hours, "--folder", str(tmp_path / "soak")])
    printed = capsys.readouterr().out
    assert "recorded: 90.0 s of 90.0 s; state live-final" in printed
    row = printed.rpartition("| 1 |")[2].splitlines()[0]
    spoken, found, missing, runs = (cell.strip() for cell in row.split("|")[:4])
    assert int(found) - int(spoken) in (0, 1)
    assert (missing, runs) == ("0", "0 (0)")


@pytest.mark.parametrize("name", ["sends samples that are no numbers"])
def test_faults_lose_nothing_else(name: str, tmp_path: Path) -> None:
    """All audio is saved, and all words are in the log that the fault did not destroy."""
    fault = faults.FAULTS[name]()
    sent, saved, spoken, found, lost, _ = (cell.strip() for cell in faults.run(fault, tmp_path / "s").split("|")[:6])
    assert (sent, spoken, lost) == (saved, found, "0")


def test_memory_growth_is_the_slope_of_the_second_half() -> None:
    states = [soak.State(minute * 60, 100 + (minute if minute > 9 else 30), 0, 0, 0) for minute in range(30)]
    assert soak.growth(states) == pytest.approx(60)
    assert np.isnan(soak.growth(states[:3]))


@pytest.mark.parametrize("arguments", [["--help"], ["speakers", "--help"], ["soak", "--help"], ["faults", "--help"]])
def test_the_commands_print_their_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(arguments)
    assert not stopped.value.code and "python -m tests.benchmarks.live" in capsys.readouterr().out
