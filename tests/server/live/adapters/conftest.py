"""A server with live sessions for the clients of other servers, and its audio as bytes of WebM."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

pytest.importorskip("starlette")
pytest.importorskip("websockets.sync.client")

from meetscribe.audio import SAMPLE_RATE
from tests.server.running import RunningServer, local_settings, running_server
from tests.server.test_live import PCM, FakeModels


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server with a token."""
    given = local_settings(tmp_path_factory.mktemp("adapters"), max_live=4, token="secret")
    with running_server(given, models=FakeModels()) as found:
        yield found


@pytest.fixture(scope="session")
def webm() -> bytes:
    """Return the audio of the meeting as WebM with 16-bit samples, which the fake recogniser knows."""
    av = pytest.importorskip("av")
    import numpy as np

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
