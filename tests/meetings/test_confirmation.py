"""A confirmed name is an edit with its evidence, and teaches the profile."""

from __future__ import annotations

import pytest

from meetscribe.errors import Notice, SettingsError
from meetscribe.meetings.confirmation import confirm
from meetscribe.meetings.enrolment import enrol_from_meeting
from meetscribe.meetings.speakers import Meeting, Tools
from meetscribe.profiles.suggestions import SUGGESTED
from meetscribe.transcript import Rename
from meetscribe.transcript.edits.word_edits import with_edits
from tests.meetings.conftest import ANNA


@pytest.fixture
def suggested(standup: Meeting, tools: Tools) -> Meeting:
    """The meeting with a suggestion for the first speaker; Anna is enrolled by the voice of the second."""
    enrol_from_meeting("Anna", standup, standup.transcript.speakers[1], ANNA, tools)
    data = {"speaker": standup.transcript.speakers[0], "name": "Anna", "score": 0.81, "margin": 0.33}
    notice = Notice(SUGGESTED, "it may be Anna", data)  # type: ignore[arg-type]
    return Meeting(standup.file, standup.transcript.with_notices(notice), standup.audio)


def test_a_suggestion_is_confirmed(suggested: Meeting, tools: Tools) -> None:
    """The name is given with score and margin, the suggestion disappears, the voiceprint is learnt; undo frees it."""
    label = suggested.transcript.speakers[0]
    done = confirm(suggested, label, tools)
    (edit,) = done.transcript.meta.edits
    assert isinstance(edit, Rename)
    assert (edit.names, edit.source, edit.score, edit.margin) == ({label: "Anna"}, "confirmed", 0.81, 0.33)
    assert SUGGESTED not in [notice.code for notice in done.transcript.meta.notices]
    assert done.profile is not None and len(done.profile.voiceprints) == 2
    assert done.profile.voiceprints[-1].source.speaker == label
    assert done.transcript.undo().name_of(label) == label


def test_nothing_is_learnt_on_request_or_without_the_recording(suggested: Meeting, tools: Tools) -> None:
    """With teach off, and if the recording is gone, the name is given and the profile stays as it is."""
    label = suggested.transcript.speakers[0]
    assert confirm(suggested, label, tools, teach=False).profile is None
    (suggested.file.parent / "standup.flac").unlink()
    done = confirm(suggested, label, tools)
    assert done.transcript.name_of(label) == "Anna" and done.profile is None
    assert done.not_learnt and "not found" in done.not_learnt
    assert len(tools.profiles.require("Anna").voiceprints) == 1


def test_an_automatic_name_is_confirmed(suggested: Meeting, tools: Tools) -> None:
    """A name given by voice becomes a confirmed one, with the same evidence."""
    label = suggested.transcript.speakers[2]
    edit = Rename({label: "Anna"}, None, "profile", 0.9, 0.4)
    named = Meeting(suggested.file, with_edits(suggested.transcript, [edit]))
    done = confirm(named, label, tools, teach=False)
    last = done.transcript.meta.edits[-1]
    assert isinstance(last, Rename) and (last.source, last.score, last.margin) == ("confirmed", 0.9, 0.4)


def test_what_cannot_be_confirmed(suggested: Meeting, tools: Tools) -> None:
    """No suggestion, nobody of that name, or another speaker of that name: each is an error with a remedy."""
    first, second, _ = suggested.transcript.speakers
    with pytest.raises(SettingsError, match="--as NAME"):
        confirm(suggested, second, tools)
    with pytest.raises(SettingsError, match="no profile 'Zoe'"):
        confirm(suggested, second, tools, name="Zoe")
    taken = Meeting(suggested.file, suggested.transcript.rename({second: "anna"}))
    with pytest.raises(SettingsError, match="merge"):
        confirm(taken, first, tools)
