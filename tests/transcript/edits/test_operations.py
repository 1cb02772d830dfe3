"""Operations find speakers by name or label, and refuse what is ambiguous."""

from __future__ import annotations

import pytest

from meetscribe.errors import SettingsError
from meetscribe.timeline import Turn
from meetscribe.transcript import Merge, Meta, Rename, Transcript
from meetscribe.transcript.edits.operations import find_speaker, list_speakers, name_speakers
from tests.support.talks import TALK


def test_speakers_are_found_by_name_or_label() -> None:
    """A name precedes a label, an exact match precedes other cases, and a merged label finds the merged speaker."""
    after = TALK.rename({"S0": "Anna", "S1": "Ben"})
    assert [find_speaker(after, who) for who in ("Anna", "BEN", "s0", "S2")] == ["S0", "S1", "S0", "S2"]
    swapped = TALK.rename({"S0": "S1", "S1": "S0"})
    assert (find_speaker(swapped, "S0"), find_speaker(swapped, "S1")) == ("S1", "S0")
    assert find_speaker(after.merge("Anna", "Ben"), "S1") == "S0"
    twins = TALK.with_meta(edits=(Rename({"S0": "Eve", "S1": "Eve"}),))
    for transcript, who, message in (
        (after, "Anan", "there is no speaker 'Anan'\nknown speakers: Anna \\(S0\\), Ben \\(S1\\), S2$"),
        (twins, "Eve", "'Eve' fits several speakers: S0, S1"),
        (Transcript((), Meta("en", 1)), "Eve", "there are no speakers"),
    ):
        with pytest.raises(SettingsError, match=message):
            find_speaker(transcript, who)
    with pytest.raises(SettingsError, match="fits several speakers"):
        twins.assign(0, 1, "eve")


def test_shared_names_need_a_merge() -> None:
    """A name that another speaker has is refused without `merge`; merged, the other keeps label and name."""
    named = TALK.rename({"S0": "Anna"})
    with pytest.raises(
        SettingsError, match=r"S2 would have the same name as S0: anna\n.*--merge, or merge=True in Python"
    ):
        named.rename({"S2": "anna"})
    one = named.rename({"S2": "anna"}, merge=True)
    assert one.meta.edits[1:] == (Merge(("S0", "S2"), one.meta.edits[-1].made),)
    assert one.edited().speakers == ("Anna", "S1")
    both = TALK.rename({"S1": "Eve", "S2": "Eve"}, merge=True)
    assert [edit.kind for edit in both.meta.edits] == ["rename", "merge"]
    assert both.edited().speakers == ("S0", "Eve")


def test_names_can_be_exchanged() -> None:
    """All names of one call are set at once; a name that is set already changes nothing."""
    named = TALK.rename({"S0": "Anna", "S1": "Ben"})
    assert named.rename({"Anna": "Ben", "Ben": "Anna"}).edited().speakers == ("Ben", "Anna", "S2")
    assert named.rename({"Anna": "Anna"}) == named
    assert named.rename({"Anna": "S0"}).edited().speakers == ("S0", "Ben", "S2")


@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("rename", ({"S0": " \n"},), "a name needs a visible character"),
        ("rename", ({"S0": "Anna", "s0": "Eve"},), "S0 cannot be both Anna and Eve"),
        ("rename", ({"S9": "Anna"},), "there is no speaker 'S9'"),
        ("merge", ("S0", "S9"), "there is no speaker 'S9'"),
        ("assign", (3, 3, "S0"), "0:00:03.0 is not after 0:00:03.0"),
        ("assign", (7, 8, "S0"), "there is no word between 0:00:07.0 and 0:00:08.0\nThe recording lasts 0:00:08.0"),
        ("assign", (0, 1, " "), "a name needs a visible character"),
        ("undo", (), "there is no correction to undo"),
        ("undo", (1,), "there is no correction to undo"),
    ],
)
def test_invalid_corrections_are_refused(method: str, arguments: tuple[object, ...], message: str) -> None:
    """An invalid correction is refused, with a remedy."""
    with pytest.raises(SettingsError, match=message):
        getattr(TALK, method)(*arguments)


def test_speakers_are_listed() -> None:
    """Talk time is that of the turns; speakers without words are listed too."""
    after = TALK.with_meta(turns=(*TALK.turns, Turn(7, 8, "S7"))).rename({"S2": "Cleo"}).assign(4, 5.5, "S1")
    assert [(one.label, one.name, one.seconds, one.words, one.first) for one in list_speakers(after)] == [
        ("S0", "S0", 2.0, 4, "Good morning all. Yes."),
        ("S1", "S1", 2.6, 4, "Hello. So, we start."),
        ("S7", "S7", 1.0, 0, ""),
        ("S2", "Cleo", 0.0, 0, ""),
    ]


def test_a_name_that_another_speaker_has_names_that_speaker() -> None:
    """A speaker whose name changes only in case is not named if another has the name, and the notice says who."""
    shared = TALK.with_meta(edits=(Rename({"S0": "Anna", "S1": "Anna"}),))
    assert name_speakers(shared, {"S0": "ANNA"}).meta.warnings == ("S0 was not named ANNA: S1 has that name",)


def test_names_at_run_time_never_merge() -> None:
    """Names that are possible are set; each of the others becomes a notice, and no speakers are merged."""
    named = name_speakers(TALK.rename({"S0": "Anna"}), {"S1": "anna", "S2": "Cleo", "S8": "Eve", "s2": "Dora"})
    assert named.edited().speakers == ("Anna", "S1", "Cleo")
    assert named.meta.warnings == (
        "not named Eve: there is no speaker 'S8', known speakers: Anna (S0), S1, S2",
        "S2 was named Cleo, not Dora",
        "S1 was not named anna: S0 has that name",
    )
    assert name_speakers(TALK, {}) == TALK
    (edit,) = name_speakers(TALK, {"S0": "Anna"}).meta.edits
    assert isinstance(edit, Rename) and edit.source == "hint"
