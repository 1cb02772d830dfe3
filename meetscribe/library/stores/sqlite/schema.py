"""The tables of the SQLite database, in numbered migrations.

Passages are numbered `meeting << 20 | position`, so that the number of a match gives its meeting without reading a row.
The tables `terms` and `vocabulary` are derived from the passages. The table `access` holds the user's decisions, which
are in no file: they are kept when meetings are removed or read again.
"""

from __future__ import annotations

import sqlite3

from meetscribe.errors import OutputError

TERMS = """
CREATE VIRTUAL TABLE terms USING fts5(words, speaker, tokenize = "ascii tokenchars '+#'");
CREATE TABLE vocabulary (
    number INTEGER PRIMARY KEY,
    form TEXT NOT NULL,
    term TEXT NOT NULL,
    UNIQUE (form, term)
) STRICT;
CREATE VIRTUAL TABLE parts USING fts5(
    form, content = 'vocabulary', content_rowid = 'number', tokenize = 'trigram', columnsize = 0
);
CREATE TRIGGER vocabulary_added AFTER INSERT ON vocabulary BEGIN
    INSERT INTO parts (rowid, form) VALUES (new.number, new.form);
END;
"""
"""The index, which is dropped and rebuilt when the text analysis changes."""

DROP_TERMS = "DROP TABLE terms; DROP TABLE parts; DROP TABLE vocabulary;"

MIGRATIONS = (
    f"""
    CREATE TABLE meetings (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        path TEXT NOT NULL,
        content TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        available INTEGER NOT NULL,
        title TEXT NOT NULL,
        recorded_at TEXT,
        day TEXT,
        language TEXT NOT NULL,
        duration REAL NOT NULL,
        recording TEXT,
        passages INTEGER NOT NULL,
        people TEXT NOT NULL
    ) STRICT;
    CREATE INDEX meetings_by_path ON meetings (path);
    CREATE TABLE access (id TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE passages (
        number INTEGER PRIMARY KEY,
        start REAL NOT NULL,
        "end" REAL NOT NULL,
        speaker TEXT,
        text TEXT NOT NULL,
        word TEXT
    ) STRICT;
    {TERMS}
    """,
    "CREATE INDEX meetings_shown ON meetings (language, available, day, id);",
    """
    CREATE TABLE vectors (
        number INTEGER PRIMARY KEY, embedder TEXT NOT NULL, positions BLOB NOT NULL, vectors BLOB NOT NULL
    ) STRICT;
    """,
    "CREATE TABLE notes (number INTEGER PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL) STRICT;",
)
"""The steps from an empty database to the current schema; the version of a database is the number of applied steps."""


def migrate(database: sqlite3.Connection, location: str) -> None:
    """Migrate a database to the current version in one transaction; raises OutputError for a newer version."""
    if version(database) == len(MIGRATIONS):
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        done = version(database)
        if done > len(MIGRATIONS):
            raise OutputError(
                f"{location} was written by a newer version of meetscribe",
                "Update meetscribe, or choose another library.",
            )
        for step in MIGRATIONS[done:]:
            for statement in statements(step):
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise


def version(database: sqlite3.Connection) -> int:
    """Return the version of a database, 0 for an empty one."""
    found: int = database.execute("PRAGMA user_version").fetchone()[0]
    return found


def statements(script: str) -> list[str]:
    """Return the statements of a script, to run one by one because `executescript` commits the transaction.

    >>> statements("DROP TABLE a; CREATE TRIGGER b BEGIN SELECT 1; END;")
    ['DROP TABLE a;', 'CREATE TRIGGER b BEGIN SELECT 1; END;']
    """
    found, current = [], ""
    for piece in script.split(";")[:-1]:
        current = f"{current}{piece};"
        if sqlite3.complete_statement(current):
            found.append(current.strip())
            current = ""
    return found
