"""`meetscribe weights`: a Whisper in another layout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from meetscribe import weights
from meetscribe.cli.weights import LAYOUTS
from meetscribe.weights.catalogue import WHISPER_BY_LAYOUT

Call = Callable[..., Result]
ASR = Path(__file__).parent.parent.parent / "samples" / "weights" / "asr"


def test_a_model_is_converted(call: Call, place: Path) -> None:
    """The path is all that is printed; it lies in the cache, or where it is wanted, and is not replaced there."""
    result = call("weights", "convert", str(ASR), "--to", "ctranslate2")
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    assert weights.is_ctranslate2(Path(line)) and Path(line).is_relative_to(place.parent / "cache")
    arguments = ("weights", "convert", str(ASR), "--to", "ctranslate2", "-o", "mine/model")
    assert call(*arguments).stdout == "mine/model\n"
    assert weights.is_ctranslate2(Path("mine/model"))
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "there already" in result.stderr


def test_a_file_is_named_as_such(call: Call) -> None:
    """openai-whisper reads a file, which lies in the directory."""
    result = call("weights", "convert", str(ASR), "--to", "openai-whisper", "-o", "pt")
    assert result.stdout == "pt/model.pt\n"
    assert Path("pt/model.pt").is_file() and weights.alignment_heads(Path("pt/model.pt"))


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([".", "--to", "mlx"], 4, "not a Whisper"),
        (["none", "--to", "mlx"], 2, "does not exist"),
        ([str(ASR)], 2, "--to"),
        ([str(ASR), "--to", "onnx"], 2, "onnx"),
    ],
)
def test_what_cannot_be_converted_is_told(call: Call, arguments: list[str], code: int, told: str) -> None:
    """Nothing is printed on stdout then."""
    result = call("weights", "convert", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr


def test_help_names_every_engine(call: Call) -> None:
    """It says which layout is for which engine, and the layouts are all that there are."""
    help = "".join(call("weights", "convert", "--help").stdout.split())  # lines end at hyphens
    assert all(name in help for name in (*LAYOUTS, "faster-whisper", "whisperx", "mlx-whisper"))
    assert set(LAYOUTS) == set(WHISPER_BY_LAYOUT)
