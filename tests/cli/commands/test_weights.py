"""`meetscribe weights`: list, path, verify and convert."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from meetscribe import weights
from meetscribe.alignment.models import ALIGNERS
from meetscribe.cli.commands.weights import LAYOUTS
from meetscribe.models.catalogue import USES
from meetscribe.weights import store
from meetscribe.weights.catalogue import WHISPER_BY_LAYOUT
from meetscribe.weights.sources import hub

Call = Callable[..., Result]
ASR = Path(__file__).parents[3] / "samples" / "weights" / "asr"


def test_a_model_is_converted(call: Call, place: Path) -> None:
    """Only the path is printed: in the cache, or that of -o, which must not exist."""
    result = call("weights", "convert", str(ASR), "--to", "ctranslate2")
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    assert weights.is_ctranslate2(Path(line)) and Path(line).is_relative_to(place.parent / "cache")
    arguments = ("weights", "convert", str(ASR), "--to", "ctranslate2", "-o", "mine/model")
    assert call(*arguments).stdout == "mine/model\n"
    assert weights.is_ctranslate2(Path("mine/model"))
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "already exists" in result.stderr


def test_the_path_of_a_file(call: Call) -> None:
    """For openai-whisper the path is that of the file in the directory."""
    result = call("weights", "convert", str(ASR), "--to", "openai-whisper", "-o", "pt")
    assert result.stdout == "pt/model.pt\n"
    assert Path("pt/model.pt").is_file() and weights.alignment_heads(Path("pt/model.pt"))


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([".", "--to", "mlx"], 4, "not a Whisper"),
        (["none", "--to", "mlx"], 2, "does not exist"),
        ([str(ASR)], 2, "--to"),
        ([str(ASR), "--to", "onnx"], 2, "onnx"),
    ],
)
def test_conversion_errors(call: Call, arguments: list[str], code: int, message: str) -> None:
    """Nothing is printed on stdout."""
    result = call("weights", "convert", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr


def test_help_names_every_engine(call: Call) -> None:
    """The help names the layout of every engine, and every layout."""
    help = "".join(call("weights", "convert", "--help").stdout.split())  # lines end at hyphens
    assert all(name in help for name in (*LAYOUTS, "faster-whisper", "whisperx", "mlx-whisper"))
    assert set(LAYOUTS) == set(WHISPER_BY_LAYOUT)


@pytest.fixture
def models(place: Path) -> Path:
    """A folder with one model, as copied to a machine without a network."""
    need = weights.whisper_spec("me/whisper")
    model = place / "stick" / "me" / "whisper"
    model.mkdir(parents=True)
    for name in ("config.json", "model.bin"):
        (model / name).write_bytes(name.encode())
    hashes = {name: hub.hash_of(model / name, "0" * 64) for name in ("config.json", "model.bin")}
    store.write_record(model, store.Record("me/whisper", "0" * 40, None, need.page, hashes))
    return place / "stick"


def test_the_list_of_models(call: Call) -> None:
    """The list has sizes, licences, restrictions and the pages with conditions."""
    lines = call("weights", "list").stdout.splitlines()
    assert [line for line in lines if line and not line.startswith(" ")] == list(USES)
    listed = {line.split()[0].strip(","): line for line in lines if line.startswith("  ")}
    assert "486 MB" in listed["small"] and "MIT" in listed["small"]
    assert "not for commercial use" in listed["VOXPOPULI_ASR_BASE_10K_DE"]
    assert "needs a token" in listed["community-1"]
    assert "    accept the conditions at https://huggingface.co/pyannote/segmentation-3.0" in lines
    assert all(model.model in listed for model in ALIGNERS.values())


def test_the_list_for_a_language_as_json(call: Call) -> None:
    """For German the list has the aligner, the torchaudio bundle and multilingual models."""
    rows = json.loads(call("weights", "list", "--language", "de", "--json").stdout)
    aligners = [row for row in rows if row["use"] == "alignment.model"]
    assert [row["commercial"] for row in aligners] == [True, False]
    assert {"small", "large-v3"} <= {name for row in rows for name in row["names"]}
    (community,) = [row for row in rows if "community-1" in row["names"]]
    assert community["accept_at"] == ["https://huggingface.co/pyannote/speaker-diarization-community-1"]
    assert not any(row["here"] for row in rows)


def test_the_path_of_a_copied_model(call: Call, models: Path) -> None:
    """The model is found offline; for a missing one the error names the command that downloads it."""
    result = call("weights", "path", "me/whisper", "--weights", str(models))
    assert result.stdout == f"{models / 'me' / 'whisper'}\n"
    result = call("weights", "path", "small", "--weights", str(models))
    assert (result.exit_code, result.stdout) == (4, "")
    assert "weights pull Systran/faster-whisper-small --to" in result.stderr


def test_damage_is_detected(call: Call, models: Path) -> None:
    """Every file is verified against its hash, offline."""
    verify = ("weights", "verify", "me/whisper", "--weights", str(models))
    assert call(*verify).stdout == "me/whisper: intact, 2 files verified\n"
    (models / "me" / "whisper" / "model.bin").write_bytes(b"model.bit")
    result = call(*verify)
    assert result.exit_code == 4
    assert "damaged: model.bin" in result.stdout
    assert "meetscribe weights pull me/whisper" in result.stderr


def test_an_unknown_model_is_an_error(call: Call) -> None:
    """The error names the nearest model."""
    result = call("weights", "pull", "smal")
    assert result.exit_code == 2
    assert "did you mean 'small'?" in result.stderr
