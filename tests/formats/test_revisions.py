"""Corrections made by somebody else since a transcript was read are never lost."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from meetscribe.errors import OutputError, RevisionError
from meetscribe.formats import load, save
from meetscribe.formats.revisions import save_revision
from meetscribe.transcript import Transcript
from meetscribe.transcript.word_ids import with_word_ids
from tests.support.talks import TALK


@pytest.fixture
def meeting(tmp_path: Path) -> Path:
    """A corrected transcript in native JSON."""
    file = tmp_path / "meeting.json"
    save(with_word_ids(TALK).rename({"S0": "Anna"}), file)
    return file


def test_the_second_of_two_editors_is_refused(meeting: Path) -> None:
    """Of two editors who read the same file, the second cannot save; the message lists what differs."""
    mine, theirs = load(meeting), load(meeting)
    theirs.replace(4, 4.5, "Well,").save(meeting)
    changed = mine.delete(0, 0.5)
    with pytest.raises(RevisionError) as caught:
        changed.save(meeting)
    assert str(caught.value).splitlines() == [
        f"{meeting} was corrected since it was read",
        "  only in the file: replace 0:00:04.0-0:00:04.5 “So,” by “Well,”",
        "  not in the file: delete 0:00:00.0-0:00:00.5 “Good”",
        "Read the file again and repeat the correction, or save to another file.",
    ]
    assert (len(caught.value.added), len(caught.value.missing)) == (1, 1)
    load(meeting).delete(0, 0.5).save(meeting)
    assert [edit.kind for edit in load(meeting).meta.edits] == ["rename", "replace", "delete"]
    changed.save(meeting, force=True)
    assert [edit.kind for edit in load(meeting).meta.edits] == ["rename", "delete"]


def test_an_undo_by_somebody_else_is_kept(meeting: Path) -> None:
    """A correction that was undone in between does not come back."""
    mine = load(meeting)
    load(meeting).undo().save(meeting)
    with pytest.raises(RevisionError, match="not in the file: rename S0 to Anna"):
        mine.delete(0, 0.5).save(meeting)


def test_one_editor_may_save_again_and_again(meeting: Path) -> None:
    """Saving, editing on, undoing and saving an earlier state again are no conflicts."""
    first = load(meeting).replace(4, 4.5, "Well,")
    first.save(meeting)
    second = first.delete(0, 0.5)
    second.save(meeting)
    second.undo().save(meeting)
    assert load(meeting) == first
    first.save(meeting)
    first.save(meeting.with_suffix(".txt"))
    assert "Well," in meeting.with_suffix(".txt").read_text()


def test_other_words_are_a_conflict_for_commands(meeting: Path) -> None:
    """A file that was written by a new run since it was read is not replaced."""
    before = load(meeting)
    save(before.with_segments(before.segments[1:]), meeting)
    with pytest.raises(RevisionError, match="has changed since"):
        save_revision(before.delete(0, 0.5), meeting, before=before)


def test_unknown_corrections_are_not_replaced(meeting: Path) -> None:
    """A file with corrections of a newer version is refused; a file of another kind is replaced as before."""
    meeting.write_text(meeting.read_text().replace('"rename"', '"reorder"'))
    with pytest.raises(OutputError, match="cannot be read: .*edits.0..kind: expected rename"):
        TALK.save(meeting)
    meeting.write_text("{}")
    TALK.save(meeting)
    assert load(meeting).text == TALK.text


def test_the_file_is_checked_and_replaced_in_one_step(meeting: Path) -> None:
    """Of several threads that save at once, exactly one succeeds."""
    start, outcomes = threading.Barrier(4), []

    def run(transcript: Transcript) -> None:
        start.wait()
        try:
            transcript.save(meeting)
            outcomes.append("saved")
        except RevisionError:
            outcomes.append("refused")

    threads = [threading.Thread(target=run, args=(load(meeting).insert(n, f"word {n}", "S0"),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "refused", "refused", "saved"]
    assert len(load(meeting).meta.edits) == 2
