"""PostgreSQL: its versions, its errors, passwords, and several processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from meetscribe.errors import OutputError
from meetscribe.library.stores import open_store
from meetscribe.library.stores.postgres.schema import MIGRATIONS
from meetscribe.library.stores.postgres.store import PostgresStore
from meetscribe.library.values import Filter
from tests.support.postgres import PostgresServer, postgres_server


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """Yield a PostgreSQL server on loopback, or skip."""
    with postgres_server() as running:
        yield running


def test_a_newer_version_is_refused(server: PostgresServer) -> None:
    """Tables of a later version are not touched; those of the present one are used as they are."""
    psycopg = pytest.importorskip("psycopg")
    address = server.empty_database()
    open_store(address).close()
    open_store(address).close()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "UPDATE meetscribe_library.about SET value = %s WHERE name = 'schema'", (str(len(MIGRATIONS) + 1),)
        )
    with pytest.raises(OutputError, match="newer version"):
        open_store(address)


def test_a_lost_connection_is_made_again(server: PostgresServer) -> None:
    """After the server closed the connection, one call fails with a clear error, and the next works."""
    psycopg = pytest.importorskip("psycopg")
    store = open_store(server.empty_database())
    with psycopg.connect(server.address("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    with pytest.raises(OutputError, match="127.0.0.1"):
        store.meetings(Filter())
    assert store.meetings(Filter()) == []
    store.close()


def test_the_password_is_in_no_message() -> None:
    """The error of a server that does not answer names the place only."""
    pytest.importorskip("psycopg")
    with pytest.raises(OutputError) as raised:
        PostgresStore("postgresql://anna:secret@127.0.0.1:1/meetings?connect_timeout=2")
    assert "postgresql://anna@127.0.0.1:1/meetings" in str(raised.value)
    assert "secret" not in str(raised.value)
