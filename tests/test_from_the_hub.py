"""The whole pipeline with the default models, fetched from a hub."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner

from meetscribe import pipeline
from meetscribe.cli.application import application
from meetscribe.settings import load_settings
from meetscribe.transcript import Provenance, Transcript
from tests.support.hub import Hub, serving, use_hub

SAMPLES = Path(__file__).parents[1] / "samples"
EMBEDDER = ["--set", "diarization.embedder=pyannote/wespeaker-voxceleb-resnet34-LM"]
"""The embedder on the hub: the default one comes from a package, for which there is no index in the tests."""

AS_OFFLINE_TOML = (
    ["--compute-type", "float32", *EMBEDDER]
    + ["--set", "vad.min_silence=0.25", "--set", "vad.max_chunk=8", "--set", "vad.merge_gap=0", "--set", "vad.pad=0.15"]
)  # fmt: skip
"""The settings of samples/offline.toml, without its models."""


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    hub = Hub()
    hub.add_samples()
    with serving(hub):
        yield hub


def meetscribe(*arguments: str, home: Path, hub: Hub) -> subprocess.CompletedProcess[str]:
    """Run the command line with this hub, without the settings and caches of the user."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "MEETSCRIBE_"))}
    environment |= {"HF_ENDPOINT": hub.url, "HF_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    environment |= {"PYTHONPATH": str(SAMPLES.parent)}
    command = [sys.executable, "-m", "meetscribe", *arguments]
    return subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True)


def without_provenance(transcript: Transcript) -> dict[str, object]:
    """Return a transcript without its provenance."""
    plain = transcript.with_meta(provenance=Provenance(), notices=())
    return {"segments": plain.segments, "meta": plain.meta}


def test_pulled_models_are_used_offline(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models fetched by their default names give the same transcript as models in directories."""
    clip = tmp_path / "clip.flac"
    _cut(SAMPLES / "standup.flac", clip, seconds=14)
    pulled = meetscribe("weights", "pull", "--language", "en", "--quiet", *EMBEDDER, home=tmp_path, hub=hub)
    assert pulled.returncode == 0, pulled.stderr
    assert len(pulled.stdout.splitlines()) == 3
    hub.requests.clear()
    use_hub(hub.url, tmp_path, monkeypatch)  # in this process, which has imported torch already
    arguments = ["--language", "en", "--offline", "-o", str(tmp_path), "-f", "json", *AS_OFFLINE_TOML]
    done = CliRunner().invoke(application, ["run", str(clip), *arguments])
    assert done.exit_code == 0, done.output
    assert hub.requests == []
    found = Transcript.load(tmp_path / "clip.json")
    pipeline.run(clip, load_settings(SAMPLES / "offline.toml", {"asr.language": "en"})).save(tmp_path / "samples.json")
    assert without_provenance(found) == without_provenance(Transcript.load(tmp_path / "samples.json"))
    assert len(found.words) > 30
    assert "Systran/faster-whisper-small@0123456789ab" in str(found.meta.provenance)


@pytest.mark.long
def test_the_default_models_are_fetched_once(hub: Hub, tmp_path: Path) -> None:
    """`meetscribe run` fetches what it needs; a second run makes no request and writes the same."""
    for folder, arguments in (("cold", []), ("warm", ["--offline"])):
        hub.requests.clear()
        done = meetscribe(
            "run", str(SAMPLES / "standup.flac"), "-o", folder, *arguments, *EMBEDDER, home=tmp_path, hub=hub
        )
        assert done.returncode == 0, done.stderr
        assert bool(hub.requests) == (folder == "cold")
    cold, warm = (Transcript.load(tmp_path / folder / "standup.json") for folder in ("cold", "warm"))
    assert without_provenance(cold) == without_provenance(warm)
    assert len(cold.speakers) == 3 and len(cold.words) > 100


def _cut(recording: Path, clip: Path, seconds: float) -> None:
    """Write the beginning of a recording."""
    samples, rate = soundfile.read(recording)
    soundfile.write(clip, samples[: int(seconds * rate)], rate)
