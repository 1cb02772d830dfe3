"""Verification finds each kind of damage, and nothing in an intact corpus."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from meetscribe.corpus.tables import Corpus, compact, verify
from meetscribe.corpus.tables.files.manifest import write_checksums
from meetscribe.corpus.tables.files.parquet import write_part
from meetscribe.errors import InputError
from tests.support.corpora import small_corpus


def first(corpus: Corpus, table: str = "words") -> Path:
    """Return the path of a file of a table."""
    return corpus.files(table)[0].path(corpus.root)


def accept_hashes(corpus: Corpus) -> None:
    """Write the hashes of the files as they are now."""
    files = [file for table in ("meetings", "segments", "turns", "words") for file in corpus.files(table)]
    (corpus.root / "SHA256SUMS").unlink()
    write_checksums(corpus.root, files, {})


def rewrite(path: Path, change: Callable[[pyarrow.Table], pyarrow.Table]) -> None:
    """Replace the rows of a file."""
    parquet.write_table(change(parquet.ParquetFile(path).read()), path)


def flip_a_byte(corpus: Corpus) -> None:
    data = bytearray(first(corpus).read_bytes())
    data[len(data) // 2] ^= 255
    first(corpus).write_bytes(data)


def cut_a_file(corpus: Corpus) -> None:
    first(corpus).write_bytes(first(corpus).read_bytes()[:100])


def lose_a_file(corpus: Corpus) -> None:
    first(corpus).unlink()


def lose_rows(corpus: Corpus) -> None:
    rewrite(first(corpus), lambda table: table.slice(1))
    accept_hashes(corpus)


def lose_a_meeting(corpus: Corpus) -> None:
    first(corpus, "meetings").unlink()
    accept_hashes(corpus)


def rename_a_column(corpus: Corpus) -> None:
    rewrite(first(corpus), lambda table: table.rename_columns([*table.column_names[:-1], "other"]))
    accept_hashes(corpus)


def copy_a_meeting(corpus: Corpus) -> None:
    copy = corpus.root / "meetings" / "collection=copy" / first(corpus, "meetings").name
    copy.parent.mkdir()
    copy.write_bytes(first(corpus, "meetings").read_bytes())


def leave_a_part(corpus: Corpus) -> None:
    """Stop before the files that a part replaces are removed."""
    files = corpus.files("turns")
    rows = [parquet.ParquetFile(file.path(corpus.root)).read() for file in files]
    part = first(corpus, "turns").with_name("part-0123456789abcdef.parquet")
    write_part(part, "turns", rows, [file.name for file in files])


def leave_a_hidden_file(corpus: Corpus) -> None:
    first(corpus).with_name(".x.parquet.part").write_bytes(b"PAR1")


def claim_more(corpus: Corpus) -> None:
    manifest = json.loads((corpus.root / "manifest.json").read_text())
    manifest["rows"]["words"] += 1
    (corpus.root / "manifest.json").write_text(json.dumps(manifest))


DAMAGE: dict[Callable[[Corpus], None], set[str]] = {
    flip_a_byte: {"file-changed"},
    cut_a_file: {"file-changed", "file-damaged", "count"},
    lose_a_file: {"file-missing", "count", "rows"},
    lose_rows: {"count", "rows"},
    lose_a_meeting: {"count", "orphan"},
    rename_a_column: {"schema", "count", "rows"},
    copy_a_meeting: {"file-unlisted", "count", "twice", "rows"},
    leave_a_part: {"file-replaced", "file-unlisted"},
    leave_a_hidden_file: {"file-leftover"},
    claim_more: {"count"},
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_damage_is_found(tmp_path: Path, damage: Callable[[Corpus], None]) -> None:
    """Each kind of damage has its codes; the problems name a place and the command that repairs it."""
    corpus = small_corpus(tmp_path, 3)
    assert verify(corpus.root) == ()
    damage(corpus)
    problems = verify(corpus.root)
    found = {problem.code for problem in problems}
    assert DAMAGE[damage] - {"file-damaged"} <= found <= DAMAGE[damage] | {"file-damaged", "count", "rows"}
    assert all(problem.place and problem.text and "meetscribe corpus" in problem.remedy for problem in problems)


@pytest.mark.parametrize("damage", [leave_a_part, leave_a_hidden_file, claim_more, lose_a_meeting])
def test_compaction_repairs_what_a_crash_leaves(tmp_path: Path, damage: Callable[[Corpus], None]) -> None:
    """The command that the problems name repairs them; it can be run as it is printed."""
    corpus = small_corpus(tmp_path, 3)
    damage(corpus)
    (remedy,) = {problem.remedy for problem in verify(corpus.root)}
    assert shlex.split(remedy) == ["meetscribe", "corpus", "compact", str(corpus.root)]
    compact(corpus.root)
    assert verify(corpus.root) == ()


def test_unreadable_hashes_are_written_again(tmp_path: Path) -> None:
    """The error says how to replace a list of hashes that is not text."""
    root = small_corpus(tmp_path, 2).root
    (root / "SHA256SUMS").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=f"Delete it, and write it again: meetscribe corpus compact {root}"):
        verify(root)
    (root / "SHA256SUMS").unlink()
    compact(root)
    assert verify(root) == ()


def test_hashes_are_checked_by_sha256sum_too(tmp_path: Path) -> None:
    """The list has the format of coreutils."""
    corpus = small_corpus(tmp_path, 2)
    command = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    try:
        done = subprocess.run(command, cwd=corpus.root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("sha256sum is not installed")
    assert (done.returncode, done.stdout) == (0, "")
