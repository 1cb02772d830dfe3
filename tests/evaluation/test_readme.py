"""The tables of the room's README list every metric, normalization and benchmark that exists."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import click

from meetscribe.cli.commands.evaluate import command
from meetscribe.evaluation import METRICS, NORMALIZATIONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "meetscribe" / "evaluation" / "README.md").read_text(encoding="utf-8")


def rows(head: str) -> list[list[str]]:
    """Return the cells of the table whose header starts with `head`."""
    lines = takewhile(lambda line: line.startswith("|"), README[README.index(f"| {head} |") :].splitlines())
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines][2:]


def first_column(head: str) -> list[str]:
    """Return the names in the first column of a table."""
    return [row[0] for row in rows(head)]


def test_the_table_of_metrics_is_complete_and_in_order() -> None:
    assert first_column("metric") == list(METRICS)


def test_the_table_of_normalizations_is_complete() -> None:
    assert first_column("`--normalization`") == list(NORMALIZATIONS)


def test_the_options_exist_with_these_defaults() -> None:
    """The table names options of the command; a number in it is the default."""
    options = {parameter.opts[0]: parameter for parameter in command.params if isinstance(parameter, click.Option)}
    for name, default, *_ in rows("option"):
        assert name in options
        if default not in ("off", "none"):
            assert options[name].default == float(default)


def test_the_benchmarks_exist() -> None:
    for name in first_column("benchmark"):
        assert (ROOT / "tests" / "benchmarks" / f"{name}.py").is_file()
