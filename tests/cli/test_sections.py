from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from meetscribe.cli.application import COMMANDS, application
from meetscribe.cli.sections import GENERAL, MAX_UNDIVIDED, OUTPUT, WORDS, DefaultGroup, SectionedCommand, option


def help_of(*decorators: object) -> str:
    """Return the help of a command with these options."""

    def command(**given: object) -> None:
        """Do something."""

    for decorator in decorators:
        command = decorator(command)  # type: ignore[operator]
    return CliRunner().invoke(click.command(cls=SectionedCommand)(command), ["--help"]).output


def test_options_are_listed_by_section() -> None:
    """The sections are in their fixed order; options without a section are general."""
    many = [option(f"--many-{number}", section=OUTPUT) for number in range(MAX_UNDIVIDED)]
    text = help_of(option("--other"), *many, option("--words", section=WORDS))
    places = [text.index(part) for part in (f"{WORDS}:", "--words", f"{OUTPUT}:", "--many-4", f"{GENERAL}:", "--other")]
    assert places == sorted(places)
    assert "Options:" not in text.replace(" options:", "")


def test_few_options_are_not_divided() -> None:
    text = help_of(option("--other"), option("--words", section=WORDS))
    assert "Options:\n  --words" in text
    assert WORDS not in text


def test_an_option_that_is_looked_for_has_a_hint() -> None:
    done = CliRunner().invoke(application, ["serve", "--token", "secret"])
    assert done.exit_code == 2 and "No such option: --token. " in done.output
    assert "MEETSCRIBE_SERVER__TOKEN" in done.output and "secret" not in done.output


def _commands() -> list[tuple[str, ...]]:
    """Return the words of every command and subcommand."""
    context = click.Context(application)
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        command = application.get_command(context, name)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, each) for each in command.list_commands(context)]
    return found


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_helps_are_complete_sentences(words: tuple[str, ...]) -> None:
    """Every help starts with an imperative sentence and describes every option in sentences that fit the terminal."""
    done = CliRunner().invoke(application, [*words, "--help"], env={"COLUMNS": "80"})
    assert done.exit_code == 0
    body, _, examples = done.output.partition("Examples:")
    assert max(map(len, body.splitlines())) <= 80, "a line is longer than the terminal"
    command: click.Command | None = application
    for word in words:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
    assert command is not None and (command.help or "")[0].isupper()
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            text = (parameter.help or "").partition("  [")[0]
            assert text[:1].isupper() or text.startswith(("mix:", "{stem}")), parameter.name
            assert text.endswith("."), parameter.name
    assert all("pip install meetscribe" not in line for line in examples.splitlines())


def test_every_command_has_debug() -> None:
    """The message for an unexpected error names --debug, whatever the command."""
    for words in _commands():
        command: click.Command = application
        for word in words:
            assert isinstance(command, click.Group)
            found = command.get_command(click.Context(command), word)
            assert found is not None
            command = found
        if isinstance(command, DefaultGroup):
            command = command.commands[command.default]
        names = {name for parameter in command.params for name in parameter.opts}
        assert isinstance(command, click.Group) or "--debug" in names, words


def test_the_default_command_needs_no_name() -> None:
    """Arguments that do not begin with the name of a command go to the default command, which is not listed."""

    @click.group(cls=DefaultGroup, default="main")
    def group() -> None:
        """Do something."""

    @group.command("main")
    @click.argument("file")
    def main(file: str) -> None:
        click.echo(f"main {file}")

    @group.command("log")
    def log() -> None:
        click.echo("log")

    def output(*arguments: str) -> str:
        return CliRunner().invoke(group, arguments, prog_name="tool").output

    assert [output("a.json"), output("log"), output("main", "log")] == ["main a.json\n", "log\n", "main log\n"]
    assert output("--help").startswith("Usage: tool [OPTIONS] FILE\n       tool log FILE")
    assert "Usage: tool [OPTIONS] FILE\n" in output("a", "b")
