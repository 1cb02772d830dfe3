"""A PostgreSQL server on loopback for tests and benchmarks, from the packages of the system."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

USER = "postgres"
"""The user of the server where the tests run as root, which PostgreSQL refuses."""


@dataclass
class PostgresServer:
    """A running server, and the databases that were made on it."""

    port: int
    numbers: Iterator[int] = field(default_factory=count)

    def new_database(self) -> str:
        """Create an empty database and return its address."""
        import psycopg

        name = f"library_{next(self.numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.address(name)

    def empty_database(self) -> str:
        """Return the address of the first database, without a library; that is faster than making another."""
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(b"DROP SCHEMA IF EXISTS meetscribe_library CASCADE")
        return self.address("postgres")

    def address(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Yield a server in a new folder, and remove both; skips the test where PostgreSQL or psycopg is missing.

    Without `durable`, the server does not wait for the disk.
    """
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="meetscribe-postgres-", dir="/tmp"))
    run = _as_user(folder)
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
    options += "" if durable else " -c fsync=off"
    data, log = str(folder / "data"), str(folder / "log")
    try:
        run(programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run(programs / "pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start")
        try:
            yield PostgresServer(port)
        finally:
            run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest one; Debian keeps them out of the path."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name.split(".")[0]))
    return (
        Path(found).parent if found else next((each for each in reversed(folders) if (each / "initdb").exists()), None)
    )


def _as_user(folder: Path) -> Runner:
    """Return a function that runs a program as a user other than root, who gets the folder."""
    prefix: list[str] = []
    if os.getuid() == 0:
        try:
            user = pwd.getpwnam(USER)
        except KeyError:
            pytest.skip(f"PostgreSQL cannot run as root, and there is no user {USER}")
        os.chown(folder, user.pw_uid, user.pw_gid)
        prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return Runner(prefix, folder)


@dataclass
class Runner:
    """Runs programs with a prefix, in a folder."""

    prefix: list[str]
    folder: Path

    def __call__(self, program: Path, *arguments: str) -> None:
        """Run a program and raise its error."""
        subprocess.run(
            [*self.prefix, str(program), *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
