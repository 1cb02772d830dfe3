"""The actions and decisions of a meeting in the library, from the minutes beside its transcript."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from meetscribe.analytics import stats
from meetscribe.errors import JSON, InputError, OutputError, os_reason
from meetscribe.library import Library, Meeting
from meetscribe.meetings.follow_up.documents import due_values
from meetscribe.meetings.follow_up.values import MeetingItem
from meetscribe.minutes import dumps, minutes_by_rules
from meetscribe.minutes.citations import WordIndex
from meetscribe.report.sources import minutes_beside, read_minutes
from meetscribe.storage.files import file_digest, replace_file
from meetscribe.transcript import Transcript
from meetscribe.transcript.notes import Due, Item, Minutes
from meetscribe.transcript.word_ids import with_word_ids

SCHEMA = "items/1"
"""The version of the items stored in a library; items of another version are read again."""


class Notes:
    """Reads the items of a library's meetings from the minutes, and caches them in the library.

    A note is an entry of this cache (`Store.notes`), whose key has the hash of the minutes. The items are read again if
    the minutes changed; if the transcript changed, the library itself removes the note when it reads the meeting again.
    """

    def __init__(self, library: Library) -> None:
        self._store = library.store
        self._cached = library.store.notes()

    def items(self, meeting: Meeting, *, make: bool = False) -> list[MeetingItem]:
        """Return the items of a meeting, as `meeting_items` does.

        If there are no minutes, the result is empty, or they are produced with `make` (see `save_minutes`). Raises
        InputError if a file cannot be read, OutputError if the minutes cannot be saved.
        """
        path = Path(meeting.source.path)
        if (file := minutes_beside(path)) is None:
            if not make:
                return []
            file = save_minutes(path)
        key = f"{SCHEMA}/{_digest(file)}"
        cached_key, value = self._cached.get(meeting.id, ("", ""))
        if cached_key == key:
            return [_item_of(values, meeting) for values in json.loads(value)]
        read = list(meeting_items(meeting, file))
        text = json.dumps([_values(item) for item in read], ensure_ascii=False)
        self._store.put_note(meeting.id, key, text, meeting.source.content)
        return read


def meeting_items(meeting: Meeting, file: Path) -> Iterator[MeetingItem]:
    """Yield the agreed actions and the decisions in the minutes of a meeting, with the status "open".

    Items whose words were deleted are omitted; names are those of the corrected transcript. Raises InputError if a file
    cannot be read.
    """
    transcript = with_word_ids(Transcript.load(Path(meeting.source.path)))
    minutes = read_minutes(file)
    index = WordIndex.of(transcript)
    for item in minutes.items:
        start = index.start(item.citations[0])
        if item.kind in ("action", "decision") and item.status == "agreed" and start is not None:
            owners = _owners(item, minutes, index, transcript)
            quote = index.text(item.citations[0])
            yield MeetingItem(f"{meeting.id}/{item.id}", meeting, item.kind, item.text, quote, start, owners, item.due)


def save_minutes(path: Path) -> Path:
    """Produce the minutes of a transcript by rules, save them beside it, and return their file.

    Raises InputError if the transcript cannot be read, OutputError if the minutes cannot be saved.
    """
    transcript = with_word_ids(Transcript.load(path))
    minutes = minutes_by_rules(transcript, stats(transcript).topics)
    file = path.with_name(f"{path.stem}.minutes.json")
    try:
        replace_file(file, dumps(minutes).encode())
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {os_reason(error)}", "Check the folder.") from error
    return file


def _digest(file: Path) -> str:
    """Return the hash of a file; raises InputError."""
    try:
        return file_digest(file)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {os_reason(error)}", "Check its permissions.") from error


def _values(item: MeetingItem) -> dict[str, JSON]:
    """Return an item without its meeting as JSON values."""
    plain = {name: getattr(item, name) for name in ("id", "kind", "text", "quote", "start")}
    return {**plain, "owners": list(item.owners), "due": due_values(item.due)}


def _item_of(values: dict[str, Any], meeting: Meeting) -> MeetingItem:
    """Return the item with these values."""
    due = values["due"] and Due(**values["due"])
    return MeetingItem(meeting=meeting, **{**values, "owners": tuple(values["owners"]), "due": due})


def _owners(item: Item, minutes: Minutes, index: WordIndex, transcript: Transcript) -> tuple[str, ...]:
    """Return the corrected names of an item's owners, or of all participants if the task is for everyone."""
    people = minutes.participants if item.everyone else item.owners
    return tuple(dict.fromkeys(index.name(person, transcript) for person in people))
