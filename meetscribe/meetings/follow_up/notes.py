"""The actions and decisions of a meeting in the library, from the minutes beside its transcript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from meetscribe.analytics import stats
from meetscribe.errors import OutputError, os_reason
from meetscribe.library import Meeting
from meetscribe.meetings.follow_up.values import MeetingItem
from meetscribe.minutes import dumps, minutes_by_rules
from meetscribe.minutes.citations import WordIndex
from meetscribe.report.sources import minutes_beside, read_minutes
from meetscribe.storage.files import replace_file
from meetscribe.transcript import Transcript
from meetscribe.transcript.notes import Item, Minutes
from meetscribe.transcript.word_ids import with_word_ids


def meeting_items(meeting: Meeting, *, make: bool = False) -> Iterator[MeetingItem]:
    """Yield the agreed actions and the decisions of a meeting, as open ones; none if it has no minutes.

    With `make`, minutes that are missing are made by rules and saved beside the transcript. Items whose words were
    deleted are left out; names are those of the transcript as corrected. Raises InputError if a file cannot be read,
    OutputError if the minutes cannot be saved.
    """
    path = Path(meeting.source.path)
    found = minutes_beside(path)
    if found is None and not make:
        return
    transcript = with_word_ids(Transcript.load(path))
    minutes = read_minutes(found) if found else make_minutes(path, transcript)
    index = WordIndex.of(transcript)
    for item in minutes.items:
        start = index.start(item.citations[0])
        if item.kind in ("action", "decision") and item.status == "agreed" and start is not None:
            owners = _owners(item, minutes, index, transcript)
            quote = index.text(item.citations[0])
            yield MeetingItem(f"{meeting.id}/{item.id}", meeting, item.kind, item.text, quote, start, owners, item.due)


def make_minutes(path: Path, transcript: Transcript) -> Minutes:
    """Return the minutes of a transcript by rules, and save them beside it; raises OutputError."""
    minutes = minutes_by_rules(transcript, stats(transcript).topics)
    file = path.with_name(f"{path.stem}.minutes.json")
    try:
        replace_file(file, dumps(minutes).encode())
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {os_reason(error)}", "Check the folder.") from error
    return minutes


def _owners(item: Item, minutes: Minutes, index: WordIndex, transcript: Transcript) -> tuple[str, ...]:
    """Return the present names of the owners of an item; those of all participants if it is a task of everyone."""
    people = minutes.participants if item.everyone else item.owners
    return tuple(dict.fromkeys(index.name(person, transcript) for person in people))
