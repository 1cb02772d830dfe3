"""The whole pipeline with the models that it takes by default, which come from a hub as a newcomer's do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from meetscribe import pipeline
from meetscribe.settings import load_settings
from meetscribe.transcript import Provenance, Transcript
from tests.support.hub import Hub, serving

SAMPLES = Path(__file__).parents[1] / "samples"
AS_OFFLINE_TOML = (
    ["--compute-type", "float32"]
    + ["--set", "vad.min_silence=0.25", "--set", "vad.max_chunk=8", "--set", "vad.merge_gap=0", "--set", "vad.pad=0.15"]
)  # fmt: skip
"""What samples/offline.toml sets beside its models."""


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    hub = Hub()
    hub.add_samples()
    with serving(hub):
        yield hub


def meetscribe(*arguments: str, home: Path, hub: Hub) -> subprocess.CompletedProcess[str]:
    """What the command line says with this hub, and nothing of the user's."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "MEETSCRIBE_"))}
    environment |= {"HF_ENDPOINT": hub.url, "HF_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    environment |= {"PYTHONPATH": str(SAMPLES.parent)}
    command = [sys.executable, "-m", "meetscribe", *arguments]
    return subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True)


def essence(transcript: Transcript) -> dict[str, object]:
    """A transcript but for what it was made by."""
    plain = transcript.with_meta(provenance=Provenance(), notices=())
    return {"segments": plain.segments, "meta": plain.meta}


def test_what_was_pulled_is_used_offline(hub: Hub, tmp_path: Path) -> None:
    """Models that were fetched by their default names write what they write from their directories."""
    clip = tmp_path / "clip.flac"
    _cut(SAMPLES / "standup.flac", clip, seconds=20)
    pulled = meetscribe("weights", "pull", "--language", "en", "--quiet", home=tmp_path, hub=hub)
    assert pulled.returncode == 0, pulled.stderr
    assert len(pulled.stdout.splitlines()) == 3
    hub.requests.clear()
    arguments = ["--language", "en", "--offline", "-o", ".", "-f", "json", *AS_OFFLINE_TOML]
    done = meetscribe("run", str(clip), *arguments, home=tmp_path, hub=hub)
    assert done.returncode == 0, done.stderr
    assert hub.requests == []
    found = Transcript.load(tmp_path / "clip.json")
    pipeline.run(clip, load_settings(SAMPLES / "offline.toml", {"asr.language": "en"})).save(tmp_path / "samples.json")
    assert essence(found) == essence(Transcript.load(tmp_path / "samples.json"))
    assert len(found.words) > 30
    assert "Systran/faster-whisper-small@0123456789ab" in str(found.meta.provenance)


@pytest.mark.long
def test_without_any_setting(hub: Hub, tmp_path: Path) -> None:
    """`meetscribe run` fetches what it needs, and the second time asks nobody; both write the same."""
    for folder, arguments in (("cold", []), ("warm", ["--offline"])):
        hub.requests.clear()
        done = meetscribe("run", str(SAMPLES / "standup.flac"), "-o", folder, *arguments, home=tmp_path, hub=hub)
        assert done.returncode == 0, done.stderr
        assert bool(hub.requests) == (folder == "cold")
    cold, warm = (Transcript.load(tmp_path / folder / "standup.json") for folder in ("cold", "warm"))
    assert essence(cold) == essence(warm)
    assert len(cold.speakers) == 3 and len(cold.words) > 100


def _cut(recording: Path, clip: Path, seconds: float) -> None:
    """Write the beginning of a recording."""
    import soundfile

    samples, rate = soundfile.read(recording)
    soundfile.write(clip, samples[: int(seconds * rate)], rate)
