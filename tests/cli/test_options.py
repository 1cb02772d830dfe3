from __future__ import annotations

from collections.abc import Callable

import click
import pytest
from click.testing import Result

from meetscribe.cli.application import COMMANDS, EPILOG, application
from meetscribe.cli.commands import run
from meetscribe.cli.flags import FLAGS, Flag
from meetscribe.settings import find_key

Call = Callable[..., Result]

OWN = {
    "--help",
    "--config",
    "--output",
    "--formats",
    "--names",
    "--corrections",
    "--title",
    "--date",
    "--overwrite",
    "--dry-run",
    "--quiet",
    "--debug",
    "--set",
    *("--channels", "--per-speaker"),
    *(
        "--list",
        "--jobs",
        "--shard",
        "--retry-failed",
        "--force",
        "--manifest",
        "--name",
        "--beside",
        "--corpus",
        *("--executor", "--address", "--gpu-jobs", "--price", "--tries", "--library"),
        "--progress",
    ),
}
"""Options of the command, not of a setting."""


def run_command() -> click.Command:
    return run.command


def long_names(command: click.Command) -> set[str]:
    """Return the long names of a command's options."""
    parameters = command.get_params(click.Context(command))
    options = [parameter for parameter in parameters if isinstance(parameter, click.Option)]
    return {name for option in options for name in option.opts if name.startswith("--")}


def test_no_flag_without_a_setting() -> None:
    """Every flag of `run` sets a setting that exists or is an option of the command itself."""
    assert long_names(run_command()) == OWN | {flag.name for flag in FLAGS}
    assert len({flag.setting for flag in FLAGS}) == len(FLAGS)


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.name)
def test_the_help_is_that_of_the_setting(flag: Flag, call: Call) -> None:
    """The help of a flag is that of its setting, with its choices; a flag that turns a default off has its own."""
    key = find_key(flag.setting)
    shown = " ".join(call("run", "--help").output.split())
    assert flag.name in shown
    text = (flag.help or key.help).casefold()
    assert "".join(text.split()) in "".join(shown.casefold().split())  # lines also break at hyphens
    for choice in key.choices or ():
        assert choice in shown


def test_a_switch_sets_the_other_value() -> None:
    """A flag without an argument sets the value that is not the default."""
    for flag in FLAGS:
        key = find_key(flag.setting)
        assert (flag.switch is not None) == (key.kind is bool)
        assert flag.switch is None or flag.switch is not key.default
        assert (flag.help is not None) == (flag.switch is False)


def test_options_are_in_sections(call: Call) -> None:
    help = call("run", "--help").output
    places = [
        help.index(f"{section}:")
        for section in ("Transcription options", "Speaker options", "Model and hardware options")
    ]
    assert places == sorted(places)
    assert places[1] < help.index("--speakers") < places[2] < help.index("--model")


def test_the_help_of_the_group(call: Call) -> None:
    """`meetscribe --help` lists the commands, then examples and exit codes."""
    help = call("--help").output
    assert all(f"\n  {name} " in help for name in COMMANDS)
    assert help.index("Commands:") < help.index("Examples:") < help.index("meetscribe meeting.mp4")


def test_without_arguments_help_is_shown(call: Call) -> None:
    done = call()
    assert "Usage: meetscribe" in done.output


def test_every_example_parses() -> None:
    """The examples in the help parse: none has an unknown flag."""
    import shlex

    lines = [line.strip() for line in (EPILOG + run.EPILOG).splitlines()]
    examples = [line for line in lines if line.startswith("meetscribe ") and "COMMAND" not in line]
    assert len(examples) > 6
    for example in examples:
        arguments = shlex.split(example.split("   ")[0].split(">")[0])[1:]
        if arguments[0] == "run":
            arguments = arguments[1:]
        run_command().make_context("run", arguments)


def test_version(call: Call) -> None:
    import meetscribe

    assert call("--version").output == f"meetscribe {meetscribe.__version__}\n"


def test_a_misspelt_command_is_an_error(call: Call) -> None:
    """An argument that resembles a command and is no file is a usage error with the nearest command."""
    done = call("fromats")
    assert done.exit_code == 2
    assert "There is no command or file 'fromats'. Did you mean 'formats'?" in done.stderr
    assert call("sound").exit_code == 3


def completions(*words: str) -> set[tuple[str, str]]:
    """Return the type and value of each completion for the last of the words."""
    from click.shell_completion import ShellComplete

    shell = ShellComplete(application, {}, "meetscribe", "_MEETSCRIBE_COMPLETE")
    found = shell.get_completions(list(words[:-1]), words[-1])
    return {(item.type, item.value) for item in found}


def test_shell_completion() -> None:
    """Commands and files are completed first, then the flags of `run`, also without the word `run`."""
    assert completions("") >= {("plain", "run"), ("plain", "formats"), ("file", "")}
    assert ("plain", "--language") in completions("meeting.mp4", "--lang")
    assert ("plain", "translate") in completions("run", "meeting.mp4", "--task", "tr")
    assert ("file", "") in completions("run", "")
