"""What is broken, odd or made to do harm gives sound or a clear error, soon, and nothing else is opened meanwhile."""

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
from tests.support.referring_files import Alarm, alarm, external_sound, lists

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case gave: sound with its warnings, or an error."""

    samples: Samples | None
    warnings: tuple[str, ...]
    error: MeetscribeError | None
    seconds: float


def outcome(case: Case, folder: Path) -> Outcome:
    """What the case gives."""
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
    """What each case gives."""
    place = tmp_path_factory.mktemp("broken")
    folders = [place / str(number) for number in range(len(CASES))]
    with ThreadPoolExecutor(3) as pool:
        return dict(zip(CASES, pool.map(outcome, CASES.values(), folders), strict=True))


def test_there_are_enough_of_each_kind() -> None:
    """At least 60 cases, of every kind of fault."""
    counts = Counter(case.kind for case in CASES.values())
    assert sum(counts.values()) >= 60
    assert min(counts.values()) >= 4


@pytest.mark.parametrize("name", CASES)
def test_sound_or_a_clear_error(name: str, outcomes: dict[str, Outcome]) -> None:
    """Each case gives the sound that can be had, and says what is missing, or says what is wrong and what to do."""
    case, found = CASES[name], outcomes[name]
    assert found.seconds < 60
    if case.says:
        assert isinstance(found.error, InputError)
        assert re.search(case.says, found.error.message)
        assert found.error.remedy
        assert str(found.error).isprintable() or "\n" in str(found.error)
        return
    assert found.error is None and found.samples is not None
    samples = found.samples[:]
    assert len(samples) / 16_000 == pytest.approx(case.seconds, abs=0.1)
    assert np.isfinite(samples).all() and np.abs(samples).max(initial=0) <= 1
    assert any(case.warns in warning for warning in found.warnings) if case.warns else not found.warnings


@pytest.mark.parametrize("channels", [3, 4, 6, 8, 16])
def test_every_microphone_is_heard(tmp_path: Path, channels: int) -> None:
    """Of a recorder with many channels and no layout, who is on any one alone is heard, and all count alike."""
    step = 16_000
    signal = np.zeros((channels, step * channels))
    for channel in range(channels):
        signal[channel, step * channel : step * (channel + 1)] = tone(step, 1, 1.0)[0]
    path = wav(pcm(signal), channels=channels)(tmp_path)
    audio = load_audio(path)
    levels = [np.abs(audio.slice(Span(at + 0.1, at + 0.9))).max() for at in range(channels)]
    assert levels == pytest.approx([0.5 / channels] * channels, rel=0.05)


def test_values_that_are_no_numbers_are_silence(tmp_path: Path) -> None:
    """NaN is silence for as long as it lasts, infinity is full scale, and the sound around both is as it was."""
    samples = load_audio(wav(odd_floats(), bits=32, tag=3)(tmp_path)).samples[:]
    assert samples[4000:4010].tolist() == [0.0] * 10
    assert (samples[8000], samples[9000], samples[12_000]) == (1.0, -1.0, 1.0)
    assert samples[3999] == samples[4010] == 0.5


@pytest.mark.parametrize(("stream", "pitch"), [(None, 440), (1, 440), (2, 880), (3, 1320)])
def test_any_track_is_taken(tmp_path: Path, stream: int | None, pitch: float) -> None:
    """The setting chooses the track; without it the first is taken where none is the main one."""
    audio = load_audio(film("mkv", 3)(tmp_path), settings=AudioSettings(stream=stream))
    spectrum = np.abs(np.fft.rfft(audio.samples[4000:12_000]))
    assert spectrum.argmax() * 2 == pytest.approx(pitch, abs=2)


def test_limits_must_make_sense() -> None:
    """A track is counted from 1, and no limit is zero."""
    for wrong in ({"stream": 0}, {"max_duration": 0.0}, {"timeout": float("nan")}, {"max_memory_mb": -1}):
        with pytest.raises(SettingsError, match=r"audio\."):
            AudioSettings(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", lists("", ""))
def test_nothing_that_a_list_names_is_opened(tmp_path: Path, name: str) -> None:
    """Playlists, scripts and subtitles are refused, whatever they call themselves; what they name is not touched."""
    with alarm(tmp_path) as guard:
        path = tmp_path / name
        path.write_text(lists(str(guard.file), guard.host)[name])
        with pytest.raises(InputError, match="not a recording that can be read"):
            load_audio(path)
    assert guard.opened == []


def test_sound_elsewhere_is_not_opened(tmp_path: Path) -> None:
    """A film that says that its sound lies in another file has none."""
    with alarm(tmp_path) as guard, pytest.raises(InputError, match="no sound could be decoded"):
        load_audio(external_sound(tmp_path, str(guard.file)))
    assert guard.opened == []


def open_unguarded(path: Path, **options: str) -> None:
    """Let FFmpeg open what it likes."""
    with suppress(av.error.FFmpegError), av.open(str(path), options={"rw_timeout": "1000000", **options}):
        pass


@pytest.mark.parametrize(
    ("name", "heard"), [("concat.wav", "file"), ("hls-address.m3u8", "address"), ("alias.mov", "file")]
)
def test_the_alarm_works(tmp_path: Path, name: str, heard: str) -> None:
    """Without guards, FFmpeg opens what such files name, and the alarm is raised."""
    with alarm(tmp_path) as guard:
        if name == "alias.mov":
            path, options = external_sound(tmp_path, str(guard.file)), {"enable_drefs": "1", "use_absolute_path": "1"}
        else:
            path, options = tmp_path / name, {"safe": "0", "protocol_whitelist": "file,http,tcp"}
            path.write_text(lists(str(guard.file), guard.host)[name])
        opening = threading.Thread(target=open_unguarded, args=(path,), kwargs=options)
        opening.start()
        opening.join(20)
        assert not opening.is_alive()
    assert heard in guard.opened


class Nothing:
    """Takes sound and forgets it."""

    def length(self, seconds: float | None) -> None: ...

    def sound(self, samples: memoryview) -> None: ...

    def silence(self, frames: int) -> None: ...


def referring(guard: Alarm, folder: Path) -> list[Path]:
    """A list of a file, one of an address, and a film."""
    for name in ("concat.wav", "hls-address.m3u8"):
        (folder / name).write_text(lists(str(guard.file), guard.host)[name])
    return [folder / "concat.wav", folder / "hls-address.m3u8", external_sound(folder, str(guard.file))]


UNGUARDED = {"safe": "0", "protocol_whitelist": "file,http,tcp", "enable_drefs": "1", "use_absolute_path": "1"}


@pytest.mark.parametrize(
    "guard", [{"protocol_whitelist": "none"}, {"format_whitelist": "wav,mov", "enable_drefs": "0"}]
)
def test_each_list_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guard: dict[str, str]) -> None:
    """The list of protocols and that of containers would each do alone."""
    monkeypatch.setattr(decoder, "_OPTIONS", UNGUARDED | guard)
    with alarm(tmp_path) as one:
        for path in referring(one, tmp_path):
            with path.open("rb") as data, suppress(InputError):
                decoder.decode(data, path.name, None, Nothing())
    assert one.opened == []


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limits")
def test_the_system_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any list, the process that decodes still cannot open what a file names."""
    unguarded = f"from meetscribe.audio import decoder; decoder._OPTIONS = {UNGUARDED}"
    start = f"{decoder_process._START} {unguarded}; sandbox.main()"
    monkeypatch.setattr(decoder_process, "_COMMAND", (sys.executable, "-I", "-c", start))
    with alarm(tmp_path) as one:
        for path in referring(one, tmp_path):
            with pytest.raises(InputError):
                load_audio(path)
    assert one.opened == []


CONFINED = """
import socket, sys
from meetscribe.audio.sandbox import Request, _confine
_confine(Request("x", None, 60, 100))
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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system keeps fewer of these limits")
def test_the_system_keeps_the_decoder_from_more() -> None:
    """The process that decodes can open no file and no connection, and have no more memory than it may."""
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
            "broke down.*SIGABRT",
        ),
        ("sys.stdout.buffer.write(READY); 1 / 0", InputError, "broke down.*ZeroDivisionError"),
        ("sys.stdout.buffer.write(b'nonsense' * 9)", InputError, "makes no sense"),
        ("import time; time.sleep(60)", InputError, "given up"),
        ("exec('while True: pass')", InputError, "given up"),
    ],
)
def test_a_decoder_that_breaks_down_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, error: type[MeetscribeError], says: str
) -> None:
    """A crash, an error or a hang of the decoder is an error of ours, and no process is left."""
    ready = "import sys; READY = b'r' + (4).to_bytes(8, 'little') + b'null'; "
    monkeypatch.setattr(decoder_process, "_COMMAND", (sys.executable, "-c", ready + does))
    path = wav()(tmp_path)
    with pytest.raises(error, match=says) as caught:
        load_audio(path, settings=AudioSettings(timeout=1.0))
    assert caught.value.remedy


def test_the_decoder_loads_little() -> None:
    """The process that decodes imports neither numpy nor anything heavier."""
    code = f"{decoder_process._START} import sys; [sandbox.import_module(name) for name in sandbox._MODULES]"
    command = [sys.executable, "-I", "-c", f"{code}; print(*sys.modules)", json.dumps([str(ROOT), *sys.path])]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    modules = set(done.stdout.split())
    assert "av.filter" in modules
    assert not {"numpy", "torch", "pandas", "click"} & modules


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A good recording in each container."""
    return fuzzing.originals(tmp_path_factory.mktemp("originals"))


@pytest.mark.parametrize("kind", KINDS)
def test_changed_recordings(kind: str, originals: dict[str, bytes], tmp_path: Path) -> None:
    """A recording with bytes changed gives sound or an error; thousands more by `python -m tests.benchmarks.fuzz`."""
    trials = [fuzzing.attempt(kind, originals[kind], seed, tmp_path) for seed in range(3)]
    assert {trial.outcome for trial in trials} <= set(fuzzing.OUTCOMES[:4])
