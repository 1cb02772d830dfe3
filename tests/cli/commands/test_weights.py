"""`meetscribe weights`: what there is, where it lies, whether it is whole, and a Whisper in another layout."""

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
from meetscribe.weights import hub, store
from meetscribe.weights.catalogue import WHISPER_BY_LAYOUT

Call = Callable[..., Result]
ASR = Path(__file__).parents[3] / "samples" / "weights" / "asr"


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
    assert "already exists" in result.stderr


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


@pytest.fixture
def carried(place: Path) -> Path:
    """A folder of models with one, as it is carried to a machine without a network."""
    need = weights.whisper_spec("me/whisper")
    model = place / "stick" / "me" / "whisper"
    model.mkdir(parents=True)
    for name in ("config.json", "model.bin"):
        (model / name).write_bytes(name.encode())
    hashes = {name: hub.hash_of(model / name, "0" * 64) for name in ("config.json", "model.bin")}
    store.write_record(model, store.Record("me/whisper", "0" * 40, None, need.page, hashes))
    return place / "stick"


def test_the_list_has_what_every_stage_can_use(call: Call) -> None:
    """Sizes, licences, what must not be used commercially, and the page to accept."""
    lines = call("weights", "list").stdout.splitlines()
    assert [line for line in lines if line and not line.startswith(" ")] == list(USES)
    listed = {line.split()[0].strip(","): line for line in lines if line.startswith("  ")}
    assert "486 MB" in listed["small"] and "MIT" in listed["small"]
    assert "not for commercial use" in listed["VOXPOPULI_ASR_BASE_10K_DE"]
    assert "needs a token" in listed["community-1"]
    assert "    accept the conditions at https://huggingface.co/pyannote/segmentation-3.0" in lines
    assert all(model.model in listed for model in ALIGNERS.values())


def test_the_list_for_a_language_and_for_machines(call: Call) -> None:
    """In German there are the aligner, the bundle, and what is made for all languages."""
    rows = json.loads(call("weights", "list", "--language", "de", "--json").stdout)
    aligners = [row for row in rows if row["use"] == "alignment.model"]
    assert [row["commercial"] for row in aligners] == [True, False]
    assert {"small", "large-v3"} <= {name for row in rows for name in row["names"]}
    (community,) = [row for row in rows if "community-1" in row["names"]]
    assert community["accept_at"] == ["https://huggingface.co/pyannote/speaker-diarization-community-1"]
    assert not any(row["here"] for row in rows)


def test_where_a_carried_model_lies(call: Call, carried: Path) -> None:
    """It is found without a network; what is not there is an error that says how to bring it."""
    result = call("weights", "path", "me/whisper", "--weights", str(carried))
    assert result.stdout == f"{carried / 'me' / 'whisper'}\n"
    result = call("weights", "path", "small", "--weights", str(carried))
    assert (result.exit_code, result.stdout) == (4, "")
    assert "weights pull Systran/faster-whisper-small --to" in result.stderr


def test_what_is_damaged_is_found(call: Call, carried: Path) -> None:
    """Every file is compared with its hash, without a network."""
    verify = ("weights", "verify", "me/whisper", "--weights", str(carried))
    assert call(*verify).stdout == "me/whisper: intact, 2 files verified\n"
    (carried / "me" / "whisper" / "model.bin").write_bytes(b"model.bit")
    result = call(*verify)
    assert result.exit_code == 4
    assert "damaged: model.bin" in result.stdout
    assert "meetscribe weights pull me/whisper" in result.stderr


def test_a_name_that_no_model_has_is_told(call: Call) -> None:
    """With the nearest one."""
    result = call("weights", "pull", "smal")
    assert result.exit_code == 2
    assert "did you mean 'small'?" in result.stderr
