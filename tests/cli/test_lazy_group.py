from __future__ import annotations

import sys

import click
import pytest
from click.testing import CliRunner

from meetscribe.cli.application import COMMANDS
from meetscribe.cli.lazy_group import LazyGroup, Row


@click.command()
def hello() -> None:
    """Print a greeting."""
    click.echo("hello")


@pytest.fixture
def group() -> LazyGroup:
    """A group with a command of this module and one whose module does not exist."""
    return LazyGroup(
        "group",
        table={
            "hello": Row(f"{__name__}:hello", "Greet."),
            "broken": Row("no.such.module:command", "Fail."),
        },
    )


def test_the_help_imports_no_command(group: LazyGroup) -> None:
    """The summaries come from the table, in its order."""
    done = CliRunner().invoke(group, ["--help"])
    assert done.exit_code == 0
    assert done.output.endswith("Commands:\n  hello   Greet.\n  broken  Fail.\n")
    assert "no.such.module" not in sys.modules


def test_a_command_is_imported_when_it_runs(group: LazyGroup) -> None:
    assert CliRunner().invoke(group, ["hello"]).output == "hello\n"
    assert CliRunner().invoke(group, ["broken"]).exception is not None
    assert "No such command 'other'" in CliRunner().invoke(group, ["other"]).output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_exists(name: str) -> None:
    """Each row names a command; its summary is one short sentence in the imperative."""
    row = COMMANDS[name]
    command = LazyGroup(table=COMMANDS).get_command(click.Context(click.Command("x")), name)
    assert isinstance(command, click.Command) and command.help
    assert row.summary.endswith(".") and len(f"  {name:<10}  {row.summary}") <= 80
