"""README.md agrees with the code: its tables, settings, flags and exit codes. `test_readmes.py` runs its code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import meetscribe
from meetscribe import cli, corpus
from meetscribe.cli.application import COMMANDS, application
from meetscribe.cli.commands import run, watch
from meetscribe.errors import MeetscribeError
from meetscribe.evaluation import METRICS
from meetscribe.formats import FORMATS
from meetscribe.settings import load_settings
from meetscribe.storage import files
from tests.support.readmes import ROOT, blocks, commands, table

README = (ROOT / "README.md").read_text(encoding="utf-8")
CLI = Path(cli.__file__).with_name("README.md").read_text(encoding="utf-8")
CORPUS = Path(corpus.__file__).with_name("README.md").read_text(encoding="utf-8")


def test_numbers_of_formats_and_metrics() -> None:
    """The README's numbers of formats and metrics are right."""
    assert "in more than 30 formats" in README and len(FORMATS) > 30
    assert f"WER, cpWER, DER and {len(METRICS) - 3} more metrics" in README


def test_the_table_lists_all_commands() -> None:
    """Every command is in the table of commands, and no other."""
    named = {row[0].strip("`").split()[1] for row in table(README, "command")}
    assert named == set(COMMANDS)


def test_flags_of_commands_exist() -> None:
    """Every flag of a `meetscribe run` command is a flag of the command."""
    known = {name for parameter in run.command.params if isinstance(parameter, click.Option) for name in parameter.opts}
    used = {
        word
        for arguments in commands(README) + [line.split()[1:] for line in README.splitlines() if " run samples" in line]
        for word in arguments
        if re.fullmatch(r"--?[a-z][a-z-]*", word)
    }
    assert "--config" in used
    assert used <= known | {"-m"}


def test_settings_of_the_toml_block_are_read(tmp_path: Path) -> None:
    """The block of settings is read as it stands."""
    (tmp_path / "meetscribe.toml").write_text(blocks(README, "toml")[0])
    settings = load_settings(tmp_path / "meetscribe.toml", {})
    assert settings.asr.vocabulary == ("meetscribe", "Viterbi")
    assert settings.diarization.max_speakers == 4


def test_python_uses_public_names() -> None:
    """The Python block takes only public names from meetscribe."""
    tree = ast.parse(blocks(README, "python")[0])
    names = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "meetscribe"
    }
    assert names == {"run"}
    assert names <= set(meetscribe.__all__)


def test_exit_codes_are_those_of_the_errors() -> None:
    """The documented exit codes are those that errors carry."""
    line = README[README.index("Exit codes:") :].split("\n\n")[0]
    documented = {int(code) for code in re.findall(r"(\d+) ", line)}
    raised = {MeetscribeError.exit_code} | {error.exit_code for error in MeetscribeError.__subclasses__()}
    assert raised | {0, 130} == documented


def test_size_limits_of_files() -> None:
    """The documented sizes are those above which files are refused."""
    sizes = {row[0]: int(row[1].removesuffix(" MB")) * 10**6 for row in table(CLI, "file")}
    assert sizes == {
        "settings, names, vocabularies of corrections": files.SETTINGS_BYTES,
        "lists, vocabularies of `--vocabulary`, each line of the manifest of a batch": files.LINES_BYTES,
        "transcripts, manifests of corpora and data sets": files.TRANSCRIPT_BYTES,
    }


def test_the_default_interval_of_watch() -> None:
    """`watch` looks at the folder as often as the README of batches says."""
    interval = next(parameter for parameter in watch.command.params if parameter.name == "interval")
    assert interval.default == 10.0
    assert "--interval 10" in CORPUS


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_commands_have_help(command: str) -> None:
    """Every command has a help text."""
    result = CliRunner().invoke(application, [command, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 3
