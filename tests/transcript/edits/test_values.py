from __future__ import annotations

import pytest

from meetscribe.transcript import Assign, Merge, Rename, Word
from meetscribe.transcript.edits.values import edit_members


def test_names_are_copied() -> None:
    """An edit does not change with the mapping that it was made from."""
    names = {"A": "Anna"}
    edit = Rename(names)
    names["A"] = "Ben"
    assert edit == Rename({"A": "Anna"}) and hash(edit) == hash(Rename({"B": "x"}))


@pytest.mark.parametrize("speakers", [(), ("A",), ("A", "A"), ("A", "B", "A"), ("A", "")])
def test_a_merge_needs_different_speakers(speakers: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="speaker"):
        Merge(speakers)


@pytest.mark.parametrize(("span", "speaker"), [((2.0, 1.0), "A"), ((0.0, 1.0), "")])
def test_an_assignment_needs_a_span_and_a_speaker(span: tuple[float, float], speaker: str) -> None:
    with pytest.raises(ValueError, match=r"before the start|must have a label"):
        Assign(*span, speaker)


@pytest.mark.parametrize(("start", "end", "covered"), [(0, 2, True), (0.5, 1.5, True), (1, 3, False), (0, 1, False)])
def test_the_middle_of_a_word_is_in_the_half_open_span(start: float, end: float, covered: bool) -> None:
    assert Assign(1.0, 2.0, "A").covers(Word("x", start, end)) == covered


def test_the_source_of_a_name_is_recorded_if_known() -> None:
    """Source, score and margin are members of the JSON only if known, so that older logs keep their revision."""
    assert edit_members(Rename({"A": "Anna"})) == {"kind": "rename", "names": {"A": "Anna"}, "made": None}
    known = edit_members(Rename({"A": "Anna"}, None, "profile", 0.81234, None))
    assert (known["source"], known["score"], "margin" in known) == ("profile", 0.8123, False)
    with pytest.raises(ValueError, match="source"):
        Rename({"A": "Anna"}, source="guess")
