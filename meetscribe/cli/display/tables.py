"""Tables on stdout."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

import click
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

UNKNOWN = "–"
"""An unknown value in a table."""


def print_columns(head: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int]) -> None:
    """Print a table as plain text; columns with an index in `right` are right-aligned."""
    widths = [max(map(cell_len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        padding = [" " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = [padding[index] + cell if index in right else cell + padding[index] for index, cell in enumerate(row)]
        click.echo("  ".join(cells).rstrip())


def print_score_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table whose inner columns are numbers, in colours on a terminal and as plain columns elsewhere."""
    inner = range(1, len(head) - 1)
    if not sys.stdout.isatty():
        print_columns(head, rows, right=inner)
        click.echo()
        return
    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for index, title in enumerate(head):
        numeric = index in inner
        style = "bold" if index == 1 else ""
        table.add_column(title, justify="right" if numeric else "left", no_wrap=numeric, style=style)
    for row in rows:
        table.add_row(*(Text(cell, style="dim" if cell == "n/a" else "") for cell in row))
    Console().print(table)
