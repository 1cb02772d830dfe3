"""The tables of the PostgreSQL database, in numbered migrations, in the schema meetscribe_library.

They match those of SQLite. The tsvector of the terms is written by meetscribe, because PostgreSQL's dictionaries know
neither CJK nor the language of a passage: names of speakers have the label A, words the label D.
"""

from __future__ import annotations

SCHEMA = "meetscribe_library"

LOCK = 0x6D656574  # key of the advisory lock that one process holds while it migrates

MIGRATIONS = (
    """
    CREATE TABLE meetings (
        number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        path TEXT NOT NULL,
        content TEXT NOT NULL,
        size BIGINT NOT NULL,
        modified BIGINT NOT NULL,
        available BOOLEAN NOT NULL,
        title TEXT NOT NULL,
        recorded_at TEXT,
        day TEXT,
        language TEXT NOT NULL,
        duration DOUBLE PRECISION NOT NULL,
        recording TEXT,
        passages INTEGER NOT NULL,
        people TEXT NOT NULL
    );
    CREATE TABLE access (id TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE passages (
        number BIGINT PRIMARY KEY,
        start DOUBLE PRECISION NOT NULL,
        "end" DOUBLE PRECISION NOT NULL,
        speaker TEXT,
        text TEXT NOT NULL,
        word TEXT,
        terms TSVECTOR NOT NULL
    );
    CREATE INDEX passages_by_terms ON passages USING gin (terms);
    CREATE TABLE vocabulary (form TEXT NOT NULL, term TEXT NOT NULL, PRIMARY KEY (form, term));
    """,
    """
    CREATE TABLE vectors (
        number BIGINT PRIMARY KEY, embedder TEXT NOT NULL, positions BYTEA NOT NULL, vectors BYTEA NOT NULL
    );
    """,
    "CREATE TABLE notes (number BIGINT PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL);",
)
"""The steps from an empty schema to the current one; the version of a database is the number of applied steps."""

PREPARE = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
CREATE TABLE IF NOT EXISTS {SCHEMA}.about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

TRIGRAMS = """
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE INDEX IF NOT EXISTS vocabulary_by_trigram ON vocabulary USING gin (form public.gin_trgm_ops);
"""
"""An index of the parts of words; without permission to create the extension, searches for parts are slower."""
