"""`meetscribe formats`: the list and the description of formats."""

from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import Result

from meetscribe.formats import FORMATS
from meetscribe.formats.parts.options import choices_of, options_of

Call = Callable[..., Result]


def test_formats_are_listed(call: Call) -> None:
    """`meetscribe formats` lists what each format carries and loses, in lines that fit on a terminal."""
    output = call("formats").output
    assert max(map(len, output.splitlines())) <= 120
    text = " ".join(output.split())
    for format in FORMATS.values():
        assert f" {format.name} {format.carries} loses {format.loses} " in text


def test_a_format_is_described(call: Call) -> None:
    """`meetscribe formats NAME` prints its suffixes and its options; an unknown name is an error."""
    for format in FORMATS.values():
        output = call("formats", format.name).output
        assert f"{format.name}: " in output
        assert all(suffix in output for suffix in format.suffixes)
        assert all(f"  --set {format.name}.{option}=" in output for option in options_of(format))
        assert all(value in output for values in choices_of(format).values() for value in values)
    done = call("formats", "vtx")
    assert done.exit_code == 2
    assert "did you mean 'vtt'" in done.stderr


def test_formats_as_json(call: Call) -> None:
    """`meetscribe formats --json` prints the table of formats."""
    rows = json.loads(call("formats", "--json").output)
    assert [row["name"] for row in rows] == list(FORMATS)
    assert {"preset", "dialogue"} <= set(next(row for row in rows if row["name"] == "srt")["options"])


def test_the_json_describes_the_formats_that_are_named(call: Call) -> None:
    """The members say what can be read and written, and which package is needed."""
    srt, parquet = json.loads(call("formats", "srt", "parquet", "--json").output)
    assert (srt["name"], srt["reads"], srt["writes"], srt["requires"]) == ("srt", True, True, None)
    assert (parquet["name"], parquet["requires"]) == ("parquet", "pyarrow")
    assert set(srt["choices"]) <= set(srt["options"])


def test_formats_are_grouped_by_what_can_be_done_with_them(call: Call) -> None:
    """Each format is in one group; a format that is only read is not listed as written."""
    groups: dict[str, set[str]] = {}
    for line in call("formats").output.splitlines():
        if line in ("Read and written", "Written only", "Read only"):
            group = groups.setdefault(line, set())
        elif line.startswith("  ") and not line.startswith("   "):
            group.add(line.split()[0])
    assert groups == {
        "Read and written": {row.name for row in FORMATS.values() if row.reads and row.writes},
        "Written only": {row.name for row in FORMATS.values() if not row.reads},
        "Read only": {row.name for row in FORMATS.values() if not row.writes},
    }
