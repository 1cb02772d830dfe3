"""A server that all tests of the room share, and audio as bytes of WebM."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from meetscribe.audio import SAMPLE_RATE
from tests.server.running import RunningServer, local_settings, running_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server with fake workers, a folder of recordings, and two jobs at once."""
    root = tmp_path_factory.mktemp("server")
    inputs = root / "talks"
    (inputs / "2026").mkdir(parents=True)
    (inputs / "2026" / "one.wav").write_bytes(b"sound of one")
    (inputs / "link.wav").symlink_to("/etc/hostname")
    (root / "secret.wav").write_bytes(b"secret")
    given = local_settings(root / "data", inputs=(str(inputs),), jobs=2, max_upload_mb=1, models=("small",))
    with running_server(given) as found:
        yield found


@pytest.fixture(scope="session")
def webm() -> bytes:
    """Return the audio of the live meeting as WebM with 16-bit samples, which the fake recogniser knows."""
    av = pytest.importorskip("av")
    import numpy as np

    from tests.server.test_live import PCM

    target = io.BytesIO()
    with av.open(target, "w", format="matroska", options={"live": "1"}) as container:
        stream = container.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="mono")
        samples = np.frombuffer(PCM, "<i2")
        for start in range(0, len(samples), SAMPLE_RATE // 10):
            block = samples[start : start + SAMPLE_RATE // 10]
            frame = av.AudioFrame.from_ndarray(block[None], format="s16", layout="mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()
