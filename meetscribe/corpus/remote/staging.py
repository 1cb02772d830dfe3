"""Remote outputs: files are written to a temporary folder and uploaded from there.

Earlier files with the same names are fetched first, so that edited files are protected and corrections are transferred
as in a local folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from meetscribe.corpus.remote.copies import private_folder, remove_folder
from meetscribe.corpus.remote.files import RemoteFile
from meetscribe.corpus.remote.stores import fetch, look_up, send
from meetscribe.errors import Notice, OutputError
from meetscribe.transcript import Transcript


@dataclass(slots=True)
class Staging:
    """A temporary folder for the files of a recording, which are uploaded to the remote `folder`."""

    folder: RemoteFile
    path: Path
    fetched: set[str] = field(default_factory=set)

    def fetch(self, names: Sequence[str]) -> None:
        """Fetch the earlier files with these names, and the transcripts renamed to `.before-N.json`."""
        for name in names:
            if self._fetch(name) and name.endswith(".json"):
                number = 1
                while self._fetch(f"{name.removesuffix('.json')}.before-{number}.json"):
                    number += 1

    def with_address(self, text: str) -> str:
        """Return a text with the temporary folder replaced by the address."""
        return text.replace(str(self.path), str(self.folder))

    def addressed(self, transcript: Transcript) -> Transcript:
        """Return the transcript with addresses in its notices."""
        notices = tuple(map(self._addressed, transcript.meta.notices))
        return transcript if notices == transcript.meta.notices else transcript.with_meta(notices=notices)

    def send(self, outputs: Sequence[str]) -> tuple[str, ...]:
        """Upload the outputs, after any other new files; return the addresses of the outputs."""
        written = [Path(output) for output in outputs]
        others = [path for path in sorted(self.path.iterdir()) if path.name not in self.fetched and path not in written]
        for path in (*others, *written):
            send(path, self.folder / path.name)
        return tuple(str(self.folder / path.name) for path in written)

    def _fetch(self, name: str) -> bool:
        """Fetch a file if it exists, and return whether it does; raises InputError."""
        file = look_up(self.folder / name)
        if file is None:
            return False
        fetch(file, self.path / name)
        self.fetched.add(name)
        return True

    def _addressed(self, notice: Notice) -> Notice:
        data = {
            key: self.with_address(value) if isinstance(value, str) else value for key, value in notice.data.items()
        }
        return replace(notice, text=self.with_address(notice.text), data=data)


@contextmanager
def staged(folder: RemoteFile, names: Sequence[str]) -> Iterator[Staging]:
    """Yield a temporary folder with copies of the existing remote files of these names, which is removed at the end.

    Raises UnreachableError, SettingsError, and OutputError with addresses instead of temporary paths.
    """
    path, lock = private_folder()
    staging = Staging(folder, path)
    try:
        staging.fetch(names)
        yield staging
    except OutputError as error:
        raise OutputError(staging.with_address(error.message), error.remedy) from error
    finally:
        remove_folder(path, lock)
