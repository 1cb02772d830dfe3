"""The generated tables of meetscribe/formats/README.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from meetscribe import formats
from meetscribe.formats import FORMATS
from meetscribe.formats.parts.cues import STYLES, CueStyle
from meetscribe.formats.parts.options import choices_of, options_of
from meetscribe.formats.parts.templates import TIMES

README = Path(formats.__file__).with_name("README.md")


def tables() -> dict[str, str]:
    """Return the generated tables by the name of their place in the README."""
    return {"formats": _formats(), "options": _options(), "presets": _presets(), "times": _times()}


def filled(text: str) -> str:
    """Return the README with its tables regenerated."""
    for name, table in tables().items():
        before, after = text.split(f"<!-- {name} -->\n", 1)
        text = f"{before}<!-- {name} -->\n{table}\n<!-- end -->{after.split('<!-- end -->', 1)[1]}"
    return text


def _formats() -> str:
    rows = (
        (
            f"`{row.name}`",
            ", ".join(f"`{suffix}`" for suffix in row.suffixes),
            " and ".join([*(["read"] if row.reads else []), *(["written"] if row.writes else [])]),
            row.carries,
            row.loses,
        )
        for row in FORMATS.values()
    )
    return _table(("format", "suffix", "support", "carries", "loses"), rows)


def _options() -> str:
    rows = []
    for row in FORMATS.values():
        choices = choices_of(row)
        for option, default in options_of(row).items():
            values = choices.get(option) or (("false", "true") if isinstance(default, bool) else ())
            kind = " ".join(f"`{value}`" for value in values) or ("text" if isinstance(default, str) else "a number")
            shown = str(default).lower() if isinstance(default, bool) else str(default)
            rows.append((f"`{row.name}.{option}`", kind, f"`{shown}`" if shown else "none"))
    return _table(("option", "values", "default"), rows)


def _presets() -> str:
    columns = [field.name for field in fields(CueStyle)]
    rows = ((f"`{name}`", *(_shown(getattr(style, column)) for column in columns)) for name, style in STYLES.items())
    return _table(("preset", *(column.replace("_", " ") for column in columns)), rows)


def _times() -> str:
    rows = ((f"`{{start:{name}}}`" if name else "`{start}`", spell(62.35)) for name, spell in TIMES.items())
    return _table(("field", "62.35 s"), rows)


def _shown(value: int | None) -> str:
    return "no limit" if value is None else str(value)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])
