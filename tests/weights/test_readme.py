"""The README of the room agrees with the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meetscribe import weights
from meetscribe.alignment import default_aligner
from meetscribe.asr.settings import AsrSettings
from meetscribe.models.resolution import locate_models
from meetscribe.runtime.devices import Device
from meetscribe.settings import Settings
from meetscribe.weights.catalogue import WHISPER_BY_LAYOUT
from tests.support.hub import Hub

README = (Path(weights.__file__).parent / "README.md").read_text(encoding="utf-8")


def table(header: str) -> list[list[str]]:
    """Return the cells of the table whose first header is given."""
    rows = README[README.index(f"| {header} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_default_models_are_listed() -> None:
    """Names, sizes and licences of the table are those that runs use."""
    rows = {cells[1].split("`")[1]: cells for cells in table("setting") if "`" in cells[1]}
    translate = Settings(asr=AsrSettings(task="translate"))
    for device, settings in (("cpu", Settings()), ("cuda", Settings()), ("cuda", translate)):
        _, models = locate_models(settings, Device(device))  # type: ignore[arg-type]
        spec = models["asr"].spec
        (name,) = (name for name in rows if name != "large" and weights.whisper_spec(name).model == spec.model)
        assert rows[name][2] == f"{spec.size_mb} MB" and rows[name][3] == spec.licence
    default = default_aligner("en")
    assert default is not None
    (community,) = weights.pipeline_specs("community-1")
    for spec in (
        weights.aligner_spec(default.model, default.kind, default.licence), community, weights.embedder_spec("campplus")
    ):  # fmt: skip
        row = rows[spec.model]
        assert row[2:] == [f"{spec.size_mb} MB", spec.licence, "yes" if spec.gated else "no"]


def test_layouts_are_listed() -> None:
    assert {cells[0].strip("`") for cells in table("layout")} == set(WHISPER_BY_LAYOUT)


def test_the_code_runs(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    """The Python block fetches two models, here from a local hub."""
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    hub.models["Systran/faster-whisper-small"] = {"config.json": b"{}", "model.bin": b"weights"}
    hub.files["torchaudio/wav2vec2_fairseq_base_ls960_asr_ls960.pth"] = b"weights"
    exec(block, {})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and all(line.endswith("()") for line in lines)
