"""Outputs at an address: files are written into a temporary folder and sent from there.

The earlier files of the same names are fetched first, so that what protects edited files and carries corrections over
works as it does in a local folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from meetscribe.corpus.remote.copies import private_folder, remove_folder
from meetscribe.corpus.remote.files import RemoteFile
from meetscribe.corpus.remote.stores import described, fetch, send
from meetscribe.errors import Notice, OutputError
from meetscribe.transcript import Transcript


@dataclass(slots=True)
class Staging:
    """A temporary folder for the files of a recording, which belong into `folder` at an address."""

    folder: RemoteFile
    path: Path
    fetched: set[str] = field(default_factory=set)

    def fetch(self, names: Sequence[str]) -> None:
        """Fetch the earlier files of these names, and the transcripts that were set aside."""
        for name in names:
            if self._fetch(name) and name.endswith(".json"):
                number = 1
                while self._fetch(f"{name.removesuffix('.json')}.before-{number}.json"):
                    number += 1

    def shown(self, text: str) -> str:
        """Return a text with the address in place of the temporary folder."""
        return text.replace(str(self.path), str(self.folder))

    def addressed(self, transcript: Transcript) -> Transcript:
        """Return a transcript whose notices name files by their addresses."""
        notices = tuple(map(self._addressed, transcript.meta.notices))
        return transcript if notices == transcript.meta.notices else transcript.with_meta(notices=notices)

    def send(self, outputs: Sequence[str]) -> tuple[str, ...]:
        """Send these files, and before them those that are new otherwise; return their addresses."""
        written = [Path(output) for output in outputs]
        others = [path for path in sorted(self.path.iterdir()) if path.name not in self.fetched and path not in written]
        for path in (*others, *written):
            send(path, self.folder / path.name)
        return tuple(str(self.folder / path.name) for path in written)

    def _fetch(self, name: str) -> bool:
        """Fetch a file if it exists, and return whether it does; raises InputError."""
        file = described(self.folder / name)
        if file is None:
            return False
        fetch(file, self.path / name)
        self.fetched.add(name)
        return True

    def _addressed(self, notice: Notice) -> Notice:
        data = {key: self.shown(value) if isinstance(value, str) else value for key, value in notice.data.items()}
        return replace(notice, text=self.shown(notice.text), data=data)


@contextmanager
def staged(folder: RemoteFile, names: Sequence[str]) -> Iterator[Staging]:
    """Yield a temporary folder with the files of these names that exist at an address; it is removed at the end.

    Raises OutputError with addresses in place of temporary paths, UnreachableError and SettingsError.
    """
    path, lock = private_folder()
    staging = Staging(folder, path)
    try:
        staging.fetch(names)
        yield staging
    except OutputError as error:
        raise OutputError(staging.shown(error.message), error.remedy) from error
    finally:
        remove_folder(path, lock)
