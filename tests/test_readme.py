"""README.md says what is so: its tables, its settings, its flags and its Python."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import meetscribe
from meetscribe.asr.engine_table import ENGINES
from meetscribe.cli.application import COMMANDS, application
from meetscribe.cli.commands import run, watch
from meetscribe.errors import MeetscribeError
from meetscribe.settings import load_settings
from meetscribe.storage import files

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def table(head: str) -> list[list[str]]:
    """The rows of the table whose header starts with `head`, without the rule under it."""
    lines = README[README.index(f"| {head} |") :].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[: lines.index("")]]
    return rows[2:]


def test_engines_are_those_there_are() -> None:
    """Every engine stands in the table of engines, and no other."""
    assert {row[0] for row in table("engine")} == {f"`{name}`" for name in ENGINES}


def test_commands_are_those_there_are() -> None:
    """Every command stands in the table of commands, and no other."""
    named = {row[0].strip("`").split()[1] for row in table("command")}

    assert named == set(COMMANDS)


def test_flags_of_commands_exist() -> None:
    """Every flag that a `meetscribe run` command or the whisperX table shows is a flag of the command."""
    known = {name for parameter in run.command.params if isinstance(parameter, click.Option) for name in parameter.opts}
    ours = [line for block in blocks("sh") for line in block.splitlines() if "meetscribe run" in line]
    text = "\n".join([*ours, *(row[1] for row in table("whisperX"))])
    used = set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", text)) - {"-m"}

    assert "--min-speakers" in used
    assert used <= known | {"--user"}


def test_settings_of_the_toml_block_are_read(tmp_path: Path) -> None:
    """The block of settings is read as it stands."""
    (tmp_path / "meetscribe.toml").write_text(blocks("toml")[0])
    settings = load_settings(tmp_path / "meetscribe.toml", {})

    assert settings.asr.vocabulary == ("meetscribe", "Viterbi")
    assert settings.diarization.max_speakers == 4


def test_python_uses_names_that_exist() -> None:
    """The Python block parses, and what it takes from meetscribe is public."""
    tree = ast.parse(blocks("python")[0])
    names = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "meetscribe"
    }

    assert names == {"run", "Settings"}
    assert names <= set(meetscribe.__all__)


def test_exit_codes_are_those_of_the_errors() -> None:
    """The documented exit codes are those that errors carry."""
    line = README[README.index("Exit codes:") :].split("\n\n")[0]
    documented = {int(code) for code in re.findall(r"(\d+) ", line)}
    raised = {MeetscribeError.exit_code} | {error.exit_code for error in MeetscribeError.__subclasses__()}

    assert raised | {0, 130} == documented


def test_limits_of_files_are_those_that_are_held() -> None:
    """The documented sizes are those beyond which files are refused."""
    sizes = dict(re.findall(r"[Oo]f (settings|lists|transcripts)[\w, ]*? (\d+) MB", README))
    assert {name: int(size) * 10**6 for name, size in sizes.items()} == {
        "settings": files.SETTINGS_BYTES,
        "lists": files.LINES_BYTES,
        "transcripts": files.TRANSCRIPT_BYTES,
    }


def test_kinds_of_progress_are_those_there_are() -> None:
    """What --progress is told to take is what it takes, and `watch` looks as often as it says."""
    option = {parameter.name: parameter for parameter in watch.command.params}
    assert isinstance(option["progress"].type, click.Choice)
    assert {"json", "none"} <= set(option["progress"].type.choices)
    assert option["interval"].default == 10.0


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_commands_have_help(command: str) -> None:
    """Every command explains itself."""
    result = CliRunner().invoke(application, [command, "--help"])

    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3
