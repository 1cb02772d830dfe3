"""The files of the server: an owner-only folder per job, and the operator's folders of recordings."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from platformdirs import user_data_path

from meetscribe.audio.opening import file_hash, open_recording
from meetscribe.corpus.inputs import SUFFIXES
from meetscribe.errors import InputError, OutputError, os_reason
from meetscribe.results import recording_folder
from meetscribe.server.settings import ServerSettings

_ID = re.compile(r"[0-9a-f]{16}")
_MAX_SUFFIX_LENGTH = 8  # characters, with the dot


@dataclass(frozen=True, slots=True)
class JobFiles:
    """The paths of a job's files."""

    folder: Path
    suffix: str

    @property
    def recording(self) -> Path:
        """The uploaded recording, a link to a recording in the operator's folders, or the folder of a live session."""
        return self.folder / f"recording{self.suffix}"

    @property
    def transcript(self) -> Path:
        """The transcript in native JSON."""
        return self.folder / "transcript.json"

    @property
    def options(self) -> Path:
        """The options of the job for its worker."""
        return self.folder / "options.json"

    @property
    def references(self) -> Path:
        """The folder of voice samples of known speakers, which only some jobs have."""
        return self.folder / "references"


@dataclass(frozen=True, slots=True)
class ServerFiles:
    """The data folder of a server, and the folders of recordings that clients may transcribe."""

    root: Path
    inputs: tuple[Path, ...] = ()

    @classmethod
    def of(cls, settings: ServerSettings) -> ServerFiles:
        """Create the data folder with mode 0700; raises OutputError, and InputError for a missing input folder."""
        root = server_folder(settings)
        try:
            (root / "jobs").mkdir(parents=True, exist_ok=True)
            root.chmod(0o700)
        except OSError as error:
            raise OutputError(f"{root}: {os_reason(error)}", "Choose another folder (server.folder).") from error
        inputs = tuple(Path(folder).expanduser() for folder in settings.inputs)
        for folder in inputs:
            if not folder.is_dir():
                raise InputError(f"{folder} is not a folder", "Correct server.inputs.")
        return cls(root, tuple(folder.resolve() for folder in inputs))

    @property
    def database(self) -> Path:
        """The SQLite file of the jobs."""
        return self.root / "jobs.sqlite3"

    def job(self, id: str, name: str) -> JobFiles:
        """Return the files of a job; only a plain suffix of the client's `name` is used. Raises InputError."""
        if not _ID.fullmatch(id):
            raise InputError(f"{id!r} is not the id of a job")
        return JobFiles(self.root / "jobs" / id, plain_suffix(name))

    def create(self, id: str, name: str) -> JobFiles:
        """Create the owner-only folder of a new job; raises OutputError."""
        files = self.job(id, name)
        try:
            files.folder.mkdir(mode=0o700)
        except OSError as error:
            raise OutputError(f"the folder of the job cannot be created: {os_reason(error)}", "Free space.") from error
        return files

    def delete(self, id: str) -> None:
        """Delete the files of a job, if any."""
        shutil.rmtree(self.job(id, "").folder, ignore_errors=True)

    def find_input(self, given: str) -> Path:
        """Return the recording for a client's `FOLDER/PATH`, where FOLDER is the name of an input folder.

        The path must be below the folder and contain no symbolic link. Raises InputError, which does not reveal whether
        a file exists.
        """
        parts = PurePosixPath(given).parts
        problem = InputError("there is no such recording in the folders of the server", "See GET /api/inputs.")
        if len(parts) < 2 or any(part in ("..", "/") or "\0" in part or "\\" in part for part in parts):
            raise problem
        for folder in self.inputs:
            if folder.name != parts[0]:
                continue
            path = folder.joinpath(*parts[1:])
            try:
                found = path.resolve(strict=True)
            except (OSError, RuntimeError, ValueError):
                continue
            if found.is_relative_to(folder) and found.is_file() and not _has_link(folder, path):
                return found
        raise problem

    def list_inputs(self, limit: int = 5000) -> list[str]:
        """Return at most `limit` recordings in the input folders, as `FOLDER/PATH`."""
        found: list[str] = []
        for folder in self.inputs:
            for parent, folders, names in os.walk(folder):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(names):
                    path = Path(parent) / name
                    if not name.startswith(".") and path.suffix.lower() in SUFFIXES and not path.is_symlink():
                        found.append(f"{folder.name}/{path.relative_to(folder).as_posix()}")
                        if len(found) == limit:
                            return found
        return found


def forget_results(recording: Path) -> None:
    """Delete the cached stage results of a recording, if any."""
    try:
        with open_recording(recording) as data:
            digest = file_hash(data)
    except InputError:
        return
    shutil.rmtree(recording_folder(digest), ignore_errors=True)


def server_folder(settings: ServerSettings) -> Path:
    """Return the data folder of a server, which need not exist."""
    if settings.folder:
        return Path(settings.folder).expanduser()
    return user_data_path("meetscribe", appauthor=False) / "server"


def plain_suffix(name: str) -> str:
    """Return the suffix of a file name if it is short and plain, else "".

    >>> plain_suffix("Café.M4A"), plain_suffix("../../etc/passwd"), plain_suffix("a.b/c")
    ('.m4a', '', '')
    """
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    return suffix if len(suffix) <= _MAX_SUFFIX_LENGTH and re.fullmatch(r"\.[a-z0-9]+", suffix) else ""


def _has_link(folder: Path, path: Path) -> bool:
    """Return whether the path, or a folder between it and `folder`, is a symbolic link."""
    return any(part.is_symlink() for part in [path, *path.parents] if part.is_relative_to(folder))
