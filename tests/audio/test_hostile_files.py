"""Damaged, unusual and malicious files give sound or a clear error, in bounded time, and open nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest

from meetscribe.audio import AudioSettings, Samples, decoder, decoder_process, load_audio
from meetscribe.errors import InputError, MeetscribeError, SettingsError
from meetscribe.timeline import Span
from tests.support import fuzzing
from tests.support.broken_recordings import CASES, Case, film, odd_floats, pcm, wav
from tests.support.notices import texts_of
from tests.support.recordings import KINDS, tone
from tests.support.referring_files import OpeningDetector, external_sound, lists, opening_detector

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a case: sound with its warnings, or an error."""

    samples: Samples | None
    warnings: tuple[str, ...]
    error: MeetscribeError | None
    seconds: float


def decode_case(case: Case, folder: Path) -> Outcome:
    """Return the outcome of a case."""
    folder.mkdir()
    path = case.make(folder)
    start = time.monotonic()
    try:
        audio = load_audio(path, settings=case.settings)
    except MeetscribeError as error:
        return Outcome(None, (), error, time.monotonic() - start)
    return Outcome(audio.samples, texts_of(audio.notices), None, time.monotonic() - start)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Return the outcome of each case."""
    root = tmp_path_factory.mktemp("broken")
    folders = [root / str(number) for number in range(len(CASES))]
    with ThreadPoolExecutor(3) as pool:
        return dict(zip(CASES, pool.map(decode_case, CASES.values(), folders), strict=True))


def test_there_are_enough_of_each_kind() -> None:
    """There are at least 60 cases, and several of every kind of fault."""
    counts = Counter(case.kind for case in CASES.values())
    assert sum(counts.values()) >= 60
    assert min(counts.values()) >= 4


@pytest.mark.parametrize("name", CASES)
def test_sound_or_a_clear_error(name: str, outcomes: dict[str, Outcome]) -> None:
    """Each case gives the available sound and a warning about the rest, or an error with a remedy."""
    case, found = CASES[name], outcomes[name]
    assert found.seconds < 60
    if case.error:
        assert isinstance(found.error, InputError)
        assert re.search(case.error, found.error.message)
        assert found.error.remedy
        assert str(found.error).isprintable() or "\n" in str(found.error)
        return
    assert found.error is None and found.samples is not None
    samples = found.samples[:]
    assert len(samples) / 16_000 == pytest.approx(case.seconds, abs=0.1)
    assert np.isfinite(samples).all() and np.abs(samples).max(initial=0) <= 1
    assert any(case.notice in warning for warning in found.warnings) if case.notice else not found.warnings


@pytest.mark.parametrize("channels", [3, 4, 6, 8, 16])
def test_every_channel_is_mixed(tmp_path: Path, channels: int) -> None:
    """Channels without a layout are mixed with equal weights, so that sound on a single channel is kept."""
    step = 16_000
    signal = np.zeros((channels, step * channels))
    for channel in range(channels):
        signal[channel, step * channel : step * (channel + 1)] = tone(step, 1, 1.0)[0]
    path = wav(pcm(signal), channels=channels)(tmp_path)
    audio = load_audio(path)
    levels = [np.abs(audio.slice(Span(at + 0.1, at + 0.9))).max() for at in range(channels)]
    assert levels == pytest.approx([0.5 / channels] * channels, rel=0.05)


def test_invalid_samples_are_silence(tmp_path: Path) -> None:
    """NaN becomes silence, infinity full scale; the samples around them are unchanged."""
    samples = load_audio(wav(odd_floats(), bits=32, tag=3)(tmp_path)).samples[:]
    assert samples[4000:4010].tolist() == [0.0] * 10
    assert (samples[8000], samples[9000], samples[12_000]) == (1.0, -1.0, 1.0)
    assert samples[3999] == samples[4010] == 0.5


@pytest.mark.parametrize(("stream", "pitch"), [(None, 440), (1, 440), (2, 880), (3, 1320)])
def test_any_track_can_be_decoded(tmp_path: Path, stream: int | None, pitch: float) -> None:
    """The setting chooses the track; without it, the first one is used if none is marked as the main track."""
    audio = load_audio(film("mkv", 3)(tmp_path), settings=AudioSettings(stream=stream))
    spectrum = np.abs(np.fft.rfft(audio.samples[4000:12_000]))
    assert spectrum.argmax() * 2 == pytest.approx(pitch, abs=2)


def test_limits_are_checked() -> None:
    """Tracks are counted from 1, and limits are positive."""
    for wrong in ({"stream": 0}, {"max_duration": 0.0}, {"timeout": float("nan")}, {"max_memory_mb": -1}):
        with pytest.raises(SettingsError, match=r"audio\."):
            AudioSettings(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", lists("", ""))
def test_playlists_open_nothing(tmp_path: Path, name: str) -> None:
    """Playlists, scripts and subtitles are rejected under any file name; what they refer to is not opened."""
    with opening_detector(tmp_path) as guard:
        path = tmp_path / name
        path.write_text(lists(str(guard.file), guard.host)[name])
        with pytest.raises(InputError, match="not a recording that can be read"):
            load_audio(path)
    assert guard.opened == []


def test_sound_in_another_file_is_not_opened(tmp_path: Path) -> None:
    """A film that refers to another file for its sound has none."""
    with opening_detector(tmp_path) as guard, pytest.raises(InputError, match="no sound could be decoded"):
        load_audio(external_sound(tmp_path, str(guard.file)))
    assert guard.opened == []


def open_unguarded(path: Path, **options: str) -> None:
    """Let FFmpeg open a file without guards."""
    with suppress(av.error.FFmpegError), av.open(str(path), options={"rw_timeout": "1000000", **options}):
        pass


@pytest.mark.parametrize(
    ("name", "opened"), [("concat.wav", "file"), ("hls-address.m3u8", "address"), ("alias.mov", "file")]
)
def test_the_detector_works(tmp_path: Path, name: str, opened: str) -> None:
    """Without guards FFmpeg opens what such files refer to, and this is detected."""
    with opening_detector(tmp_path) as guard:
        if name == "alias.mov":
            path, options = external_sound(tmp_path, str(guard.file)), {"enable_drefs": "1", "use_absolute_path": "1"}
        else:
            path, options = tmp_path / name, {"safe": "0", "protocol_whitelist": "file,http,tcp"}
            path.write_text(lists(str(guard.file), guard.host)[name])
        opening = threading.Thread(target=open_unguarded, args=(path,), kwargs=options)
        opening.start()
        opening.join(20)
        assert not opening.is_alive()
    assert opened in guard.opened


class NullSink:
    """A sink that discards sound."""

    def length(self, seconds: float | None) -> None: ...

    def sound(self, samples: memoryview) -> None: ...

    def silence(self, frames: int) -> None: ...


def referring(guard: OpeningDetector, folder: Path) -> list[Path]:
    """Write playlists of a file and of an address, and a film with external sound."""
    for name in ("concat.wav", "hls-address.m3u8"):
        (folder / name).write_text(lists(str(guard.file), guard.host)[name])
    return [folder / "concat.wav", folder / "hls-address.m3u8", external_sound(folder, str(guard.file))]


UNGUARDED = {"safe": "0", "protocol_whitelist": "file,http,tcp", "enable_drefs": "1", "use_absolute_path": "1"}


@pytest.mark.parametrize(
    "guard", [{"protocol_whitelist": "none"}, {"format_whitelist": "wav,mov", "enable_drefs": "0"}]
)
def test_each_whitelist_is_sufficient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guard: dict[str, str]) -> None:
    """The whitelist of protocols and that of containers each protect alone."""
    monkeypatch.setattr(decoder, "OPTIONS", UNGUARDED | guard)
    with opening_detector(tmp_path) as one:
        for path in referring(one, tmp_path):
            with path.open("rb") as data, suppress(InputError):
                decoder.decode(data, path.name, None, NullSink())
    assert one.opened == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_the_process_limits_are_sufficient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without whitelists, the decoder process still cannot open what a file refers to."""
    unguarded = f"from meetscribe.audio import decoder; decoder.OPTIONS = {UNGUARDED}"
    start = f"{decoder_process._START} {unguarded}; sandbox.main()"
    monkeypatch.setattr(decoder_process, "_COMMAND", (sys.executable, "-I", "-c", start))
    with opening_detector(tmp_path) as one:
        for path in referring(one, tmp_path):
            with pytest.raises(InputError):
                load_audio(path)
    assert one.opened == []


CONFINED = """
import socket, sys
from meetscribe.audio.decoding import DecodeRequest
from meetscribe.audio.sandbox import _limit_process
_limit_process(DecodeRequest("x", None, 60, 100))
for attempt in (
    lambda: open(sys.argv[1]),
    lambda: socket.create_connection(("127.0.0.1", 9)),
    lambda: bytearray(10**9),
):
    try:
        attempt()
        print("done")
    except (OSError, MemoryError) as error:
        print(getattr(error, "strerror", None) or type(error).__name__)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems enforce fewer of these limits")
def test_the_process_limits_hold() -> None:
    """The decoder process can open no file and no connection, and use no more memory than allowed."""
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, __file__], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == ["Too many open files", "Too many open files", "MemoryError"]


@pytest.mark.parametrize(
    ("does", "error", "says"),
    [
        ("import os; os.abort()", MeetscribeError, "cannot be started: -6"),
        ("raise ImportError('no PyAV')", MeetscribeError, "cannot be started: ImportError: no PyAV"),
        (
            "import os; sys.stdout.buffer.write(READY); sys.stdout.flush(); os.abort()",
            InputError,
            "failed on.*SIGABRT",
        ),
        ("sys.stdout.buffer.write(READY); 1 / 0", InputError, "failed on.*ZeroDivisionError"),
        ("sys.stdout.buffer.write(b'nonsense' * 9)", InputError, "sent invalid data"),
        ("import time; time.sleep(60)", InputError, "was stopped"),
        ("exec('while True: pass')", InputError, "was stopped"),
    ],
)
def test_a_failing_decoder_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, error: type[MeetscribeError], says: str
) -> None:
    """A crash, an exception or a hang of the decoder raises an error, and leaves no process."""
    ready = "import sys; READY = b'r' + (4).to_bytes(8, 'little') + b'null'; "
    monkeypatch.setattr(decoder_process, "_COMMAND", (sys.executable, "-c", ready + does))
    path = wav()(tmp_path)
    with pytest.raises(error, match=says) as caught:
        load_audio(path, settings=AudioSettings(timeout=1.0))
    assert caught.value.remedy


def test_the_decoder_process_imports_little() -> None:
    """The decoder process imports neither numpy nor heavier packages."""
    code = f"{decoder_process._START} import sys; [sandbox.import_module(name) for name in sandbox._MODULES]"
    command = [sys.executable, "-I", "-c", f"{code}; print(*sys.modules)", json.dumps([str(ROOT), *sys.path])]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    modules = set(done.stdout.split())
    assert "av.filter" in modules
    assert not {"numpy", "torch", "pandas", "click"} & modules


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return an intact recording in each container."""
    return fuzzing.originals(tmp_path_factory.mktemp("originals"))


@pytest.mark.parametrize("kind", KINDS)
def test_changed_recordings(kind: str, originals: dict[str, bytes], tmp_path: Path) -> None:
    """A recording with changed bytes gives sound or an error; `python -m tests.benchmarks.fuzz` tries thousands."""
    trial = fuzzing.attempt(kind, originals[kind], list(KINDS).index(kind), tmp_path)
    assert trial.outcome in fuzzing.OUTCOMES[:4]
