"""Vocabularies are read from TOML, and rows are added without touching the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import SettingsError
from meetscribe.publishing.vocabulary_files import add_rows, read_vocabulary
from meetscribe.transcript.vocabulary.rows import Row

TEXT = "# names\n\"vitter bee\" = \"Viterbi\"\nregexp = 'x'\n\n[regex]\n'gpt[ -]?(\\d)' = 'GPT-\\1'\n"


def test_rows_and_expressions(tmp_path: Path) -> None:
    """Rows are at the top, expressions in a table."""
    file = tmp_path / "corrections.toml"
    file.write_text(TEXT)
    vocabulary = read_vocabulary(file)
    assert vocabulary.rows == (
        Row("vitter bee", "Viterbi"),
        Row("regexp", "x"),
        Row(r"gpt[ -]?(\d)", r"GPT-\1", expression=True),
    )
    assert vocabulary.name == "corrections.toml"


def test_rows_are_added_before_the_table(tmp_path: Path) -> None:
    """Comments and other rows stay; a file that does not exist is created."""
    file = tmp_path / "corrections.toml"
    file.write_text(TEXT)
    add_rows(file, [Row('say "hi"', "\\x")])
    assert file.read_text() == TEXT.replace("'x'\n", '\'x\'\n"say \\"hi\\"" = "\\\\x"\n')
    assert Row('say "hi"', "\\x") in read_vocabulary(file).rows
    add_rows(tmp_path / "new.toml", [Row("a", "b")])
    assert (tmp_path / "new.toml").read_text() == '"a" = "b"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1", "a has no text as its correction"),
        ("[regex]\n'(' = 'x'", "not a regular expression"),
        ("[other]\na = 'x'", "other has no text"),
        ("a = ", "is not TOML"),
    ],
)
def test_invalid_files(tmp_path: Path, text: str, message: str) -> None:
    """An error names the file and the row."""
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(SettingsError, match=rf"c\.toml.*{message}"):
        read_vocabulary(tmp_path / "c.toml")
