"""Confirm that a speaker of a saved meeting is a known person, and add the voiceprint to the profile."""

from __future__ import annotations

from dataclasses import dataclass

from meetscribe.errors import InputError, SettingsError
from meetscribe.meetings.enrolment import learn
from meetscribe.meetings.speakers import Meeting, Tools
from meetscribe.profiles.suggestions import suggestions_by_label, without_settled_suggestions
from meetscribe.profiles.values import Profile, same_name
from meetscribe.transcript import Rename, Transcript
from meetscribe.transcript.edits.labels import names_by_label
from meetscribe.transcript.edits.operations import find_speaker, list_speakers
from meetscribe.transcript.edits.word_edits import now, with_edits


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The transcript with the name, and the updated profile, or in `not_learnt` why no voiceprint was added to it.

    `profile` and `not_learnt` are None if no update was requested.
    """

    transcript: Transcript
    label: str
    name: str
    profile: Profile | None = None
    not_learnt: str | None = None


def confirm(
    meeting: Meeting, speaker: str, tools: Tools, *, name: str | None = None, teach: bool = True
) -> Confirmation:
    """Give a speaker (by label or name) the suggested name or `name`, and with `teach` update the person's profile.

    The transcript is not saved. Raises SettingsError for an unknown speaker or person, without a name or suggestion,
    and for a name that another speaker has. The name is given even if the voiceprint is refused, the recording is
    missing, or no thresholds were measured for the embedder.
    """
    label = find_speaker(meeting.transcript, speaker)
    person = tools.profiles.require(name or _suggested(meeting.transcript, label)).name
    _require_free(meeting.transcript, label, person)
    edit = _confirming_edit(meeting.transcript, label, person)
    named = without_settled_suggestions(with_edits(meeting.transcript, [edit]))
    if not teach:
        return Confirmation(named, label, person)
    try:
        return Confirmation(named, label, person, learn(person, meeting, label, tools))
    except (InputError, SettingsError) as error:  # the name is valid even without a voiceprint
        return Confirmation(named, label, person, None, error.message)


def _suggested(transcript: Transcript, label: str) -> str:
    """Return the name that was suggested or assigned automatically; raises SettingsError if there is none."""
    if (notice := suggestions_by_label(transcript).get(label)) is not None:
        return str(notice.data["name"])
    if (edit := _automatic_edit(transcript, label)) is not None:
        return edit.names[label]
    raise SettingsError(
        f"no name was suggested for {label}", f"Give it: meetscribe profiles confirm MEETING {label} --as NAME"
    )


def _automatic_edit(transcript: Transcript, label: str) -> Rename | None:
    """Return the edit that names a label automatically, None if there is none or a later edit names the label."""
    edits = [edit for edit in transcript.meta.edits if isinstance(edit, Rename) and label in edit.names]
    return edits[-1] if edits and edits[-1].is_automatic else None


def _confirming_edit(transcript: Transcript, label: str, person: str) -> Rename:
    """Return the edit with the confirmed name, and the score and margin if this name was suggested or assigned."""
    notice, automatic = suggestions_by_label(transcript).get(label), _automatic_edit(transcript, label)
    if notice is not None and same_name(str(notice.data["name"]), person):
        score, margin = (_number(notice.data.get(key)) for key in ("score", "margin"))
        return Rename({label: person}, now(), "confirmed", score, margin)
    if automatic is not None and same_name(automatic.names[label], person):
        return Rename({label: person}, now(), "confirmed", automatic.score, automatic.margin)
    return Rename({label: person}, now(), "confirmed")


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _require_free(transcript: Transcript, label: str, person: str) -> None:
    """Raise SettingsError if another speaker of the meeting has this name."""
    names = names_by_label(transcript.meta.edits)
    others = [each.label for each in list_speakers(transcript) if each.label != label]
    taken = [other for other in others if same_name(names.get(other, other), person)]
    if taken:
        raise SettingsError(
            f"{taken[0]} is {person} already",
            f"If both are one person, merge them: meetscribe speakers merge MEETING {taken[0]} {label}",
        )
