"""Labels keep their owners when speakers are clustered again."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.live.speakers.labels import keep_labels, relabelled
from meetscribe.timeline import Turn, shared_time

PEOPLE = "abcd"


def name(number: int) -> str:
    return f"S{number}"


@st.composite
def conversations(draw: st.DrawFn, labels: str = PEOPLE) -> list[Turn]:
    """Draw turns that follow each other, in whole seconds."""
    turns, now = [], 0
    for speaker, length in draw(st.lists(st.tuples(st.sampled_from(labels), st.integers(1, 9)), max_size=12)):
        turns.append(Turn(now, now + length, speaker))
        now += length
    return turns


def seconds(turns: list[Turn], label: str) -> list[Turn]:
    return [turn for turn in turns if turn.speaker == label]


@given(found=conversations(), shown=conversations("STUV"), used=st.sets(st.sampled_from(["S0", "S1", "S7"])))
def test_the_mapping_is_one_to_one(found: list[Turn], shown: list[Turn], used: set[str]) -> None:
    """Each cluster has a label of its own, and a new label was never shown or used."""
    labels = keep_labels(found, shown, used, name)
    assert set(labels) == {turn.speaker for turn in found}
    assert len(set(labels.values())) == len(labels)
    before = {turn.speaker for turn in shown}
    assert all(label in before or label not in used for label in labels.values())


@given(turns=conversations(), order=st.permutations(PEOPLE), more=conversations())
def test_other_names_of_the_same_clusters_change_nothing(turns: list[Turn], order: list[str], more: list[Turn]) -> None:
    """If a clustering only numbers the speakers differently, every turn keeps its label, also while audio is added."""
    shown = list(relabelled(turns, keep_labels(turns, [], (), name)))
    end = turns[-1].end if turns else 0.0
    longer = [*turns, *(Turn(turn.start + end, turn.end + end, turn.speaker) for turn in more)]
    again = [Turn(turn.start, turn.end, order[PEOPLE.index(turn.speaker)]) for turn in longer]
    labels = keep_labels(again, shown, {turn.speaker for turn in shown}, name)
    assert list(relabelled(again, labels))[: len(turns)] == shown


@given(found=conversations("abc"), shown=conversations("STU"))
def test_the_time_in_common_is_the_greatest_possible(found: list[Turn], shown: list[Turn]) -> None:
    """No other one-to-one mapping of sufficiently similar speakers shares more time; tried one by one."""

    def value(cluster: str, label: str) -> float:
        own, other = seconds(found, cluster), seconds(shown, label)
        common = shared_time(own, other)
        least = min(sum(turn.duration for turn in own), sum(turn.duration for turn in other)) / 2
        return common if common >= least else 0.0

    clusters = list(dict.fromkeys(turn.speaker for turn in found))
    labels = keep_labels(found, shown, (), lambda number: f"new {number}")
    best = max(sum(map(value, clusters, order)) for order in permutations("STU"))
    assert sum(value(cluster, label) for cluster, label in labels.items()) == best


def test_a_label_that_was_given_up_is_not_given_to_another_person() -> None:
    """Two people were merged; a third one, found later, gets a new label, also where the times touch."""
    shown = [Turn(0, 10, "S0"), Turn(10, 14, "S1")]
    merged = keep_labels([Turn(0, 14, "a")], shown, {"S0", "S1"}, name)
    assert merged == {"a": "S0"}
    later = [Turn(0, 13, "a"), Turn(13, 40, "b")]
    assert keep_labels(later, [Turn(0, 14, "S0")], {"S0", "S1"}, name) == {"a": "S0", "b": "S2"}
