"""What works on this machine, tried rather than guessed, and the command that mends what does not.

Each examination is a function that yields findings; what it computes with is made up, so that it needs no weights. What
concerns models is asked as a run would ask it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from meetscribe import weights
from meetscribe.asr.planning import inspect_machine
from meetscribe.audio import load_audio
from meetscribe.doctor.inference import listen_with_ctranslate2, listen_with_torch, made_clip
from meetscribe.errors import MeetscribeError, WeightsError, first_line
from meetscribe.models.resolution import has_token, locate_models, weights_folder
from meetscribe.runtime import telemetry
from meetscribe.runtime.devices import Device, resolve_device
from meetscribe.runtime.packages import conflicts, versions
from meetscribe.settings import Settings
from meetscribe.weights import Need
from meetscribe.weights.store import free_at, hub_cache

if TYPE_CHECKING:
    from meetscribe.weights import Found

State: TypeAlias = Literal["fine", "worse", "broken"]
"""All is well, a run works but not as well as it could, or it does not work."""

_WORKING = 1.5  # memory of a model while it computes, as a share of its files, beside the half GB of the libraries
_LIBRARIES_MB = 1500


@dataclass(frozen=True, slots=True)
class Finding:
    """What was tried, how it went, and if not well the command that mends it."""

    subject: str
    state: State
    text: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """What works here of what a run with these settings needs, one after the other, as it is found out."""
    telemetry.switch_off()
    yield from _packages()
    yield from _decoding()
    device = None
    try:
        device = resolve_device(settings.run.device)
    except MeetscribeError as error:
        yield Finding("device", "broken", error.message, error.remedy)
    yield from _computing()
    if device is not None:
        yield from _models(settings, device)


def _packages() -> Iterator[Finding]:
    """Whether the installed packages go together."""
    found = list(conflicts())
    for conflict in found:
        yield Finding("packages", "broken", conflict.text, f"python -m pip install '{conflict.wanted}'")
    if not found:
        yield Finding("packages", "fine", ", ".join(f"{name} {version}" for name, version in versions().items()))


def _decoding() -> Iterator[Finding]:
    """Whether a recording can be decoded: a clip in a container, read as any other."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            audio = load_audio(made_clip(Path(folder)))
        except (MeetscribeError, OSError, ImportError) as error:
            yield Finding("decoding", "broken", first_line(error), "python -m pip install --force-reinstall av")
            return
    yield Finding("decoding", "fine", f"a clip of {audio.duration:.1f} s was read")


def _computing() -> Iterator[Finding]:
    """Whether both engines compute on each device, and right: some fail at their first kernel only."""
    import torch

    devices = [Device("cpu"), *(Device("cuda", index) for index in range(torch.cuda.device_count()))]
    if torch.backends.mps.is_available():
        devices.append(Device("mps"))
    if len(devices) == 1 and Path("/proc/driver/nvidia/version").exists():
        yield Finding(
            "graphics card", "worse", "there is one, but this torch cannot use it",
            "python -m pip install --force-reinstall torch torchaudio, in a build for the CUDA of its driver",
        )  # fmt: skip
    trials: tuple[tuple[str, Callable[[Device], str]], ...] = (
        ("torch", listen_with_torch),
        ("CTranslate2", listen_with_ctranslate2),
    )
    for device in devices:
        for name, trial in trials:
            if name == "CTranslate2" and device.kind == "mps":
                continue
            subject = f"{name} on {device}"
            try:
                yield Finding(subject, "fine", trial(device))
            except (RuntimeError, ValueError, ImportError, OSError) as error:
                state: State = "broken" if device.kind == "cpu" else "worse"
                yield Finding(subject, state, first_line(error), _mend(name, device))


def _mend(name: str, device: Device) -> str:
    """The command for an engine that does not compute on a device."""
    if device.kind == "cpu":
        package = "torch" if name == "torch" else "ctranslate2"
        return f"python -m pip install --force-reinstall {package}"
    if name == "CTranslate2":
        return "python -m pip install nvidia-cublas-cu12 nvidia-cudnn-cu12, or use --device cpu"
    return "python -m pip install --force-reinstall torch torchaudio, or use --device cpu"


def _models(settings: Settings, device: Device) -> Iterator[Finding]:
    """Whether the models of a run are here and whole, or can be had; whether they fit the disk and the memory."""
    try:
        settings, models = locate_models(settings, device)
    except MeetscribeError as error:
        yield Finding("models", "broken", error.message, error.remedy)
        return
    absent = [found.need for found in models.values() if found.path is None]
    for found in models.values():
        if found.path is not None:
            wrong = weights.verify(found.path).wrong
            text = f"damaged: {', '.join(wrong)}" if wrong else "is here"
            yield Finding(str(found.need), "broken" if wrong else "fine", text, _pull([found.need]) if wrong else "")
    yield from _absent(absent, settings)
    yield from _speakers(settings)
    yield _room(absent)
    yield _memory(models, device)


def _absent(needs: Sequence[Need], settings: Settings) -> Iterator[Finding]:
    """Whether the models that are not here can be fetched."""
    try:
        weights.check(needs, offline=settings.run.offline, token=settings.diarization.token)
    except MeetscribeError as error:
        yield Finding("models", "broken", error.message, error.remedy)
        return
    for need in needs:
        size = f", {need.size_mb} MB" if need.size_mb else ""
        yield Finding(str(need), "worse", f"is not here, but can be fetched{size}", _pull([need]))


def _pull(needs: Sequence[Need]) -> str:
    """The command that fetches models."""
    return f"meetscribe weights pull {' '.join(need.model for need in needs)}"


def _speakers(settings: Settings) -> Iterator[Finding]:
    """Whether the better pipeline could be had, where the settings leave it open which is taken."""
    diarization = settings.diarization
    if not diarization.enabled or diarization.pipeline != "bundled" or diarization.embedder != "auto":
        return
    needs = weights.pipeline_needs("community-1")
    if not has_token(diarization.token):
        yield Finding(
            "token", "worse", "there is none, so community-1, which finds speakers better, cannot be fetched",
            f"accept the conditions at {needs[0].page}, then run: hf auth login",
        )  # fmt: skip
        return
    try:
        weights.check(needs, offline=settings.run.offline, token=diarization.token, folder=weights_folder(settings))
    except WeightsError as error:
        yield Finding("token", "worse", error.message.splitlines()[-1].strip(), error.remedy)


def _room(needs: Sequence[Need]) -> Finding:
    """Whether what is to be fetched fits where it will lie."""
    place, wanted = hub_cache(), sum(need.size_mb or 0 for need in needs)
    free = free_at(place) / 1e6
    text = f"{free / 1000:.0f} GB are free for models in {place}"
    if wanted > free:
        return Finding("disk", "broken", f"{text}, {wanted / 1000:.1f} GB are needed", "set HF_HOME to a larger disk")
    return Finding("disk", "fine", text)


def _memory(models: Mapping[str, Found], device: Device) -> Finding:
    """Whether the recogniser fits the memory of the device, as far as the system says how much is free."""
    size = models["asr"].need.size_mb or 0
    free = inspect_machine(device).memory
    if free is None:
        return Finding("memory", "fine", "how much is free is not known")
    needed = size * _WORKING + (_LIBRARIES_MB if device.kind == "cpu" else 0)
    text = f"{free / 1e9:.1f} GB are free on {device}, about {needed / 1000:.1f} GB are needed"
    if needed * 1e6 > free:
        return Finding("memory", "broken", text, "use a smaller model, such as --model base, or --compute-type int8")
    return Finding("memory", "fine", text)
