"""Checks of the models of a run: completeness, availability, and the disk and memory that they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from meetscribe import weights
from meetscribe.asr.planning import inspect_machine
from meetscribe.doctor.results import CheckResult
from meetscribe.errors import MeetscribeError, WeightsError
from meetscribe.models.memory import needed_memory
from meetscribe.models.resolution import BUNDLED_EMBEDDERS, has_token, locate_models, weights_folder
from meetscribe.weights.store import free_space, hub_cache

if TYPE_CHECKING:
    from meetscribe.runtime.devices import Device
    from meetscribe.settings import Settings
    from meetscribe.weights import LocatedModel, ModelSpec


def check_models(settings: Settings, device: Device) -> Iterator[CheckResult]:
    """Check the models of a run, and the disk and memory that they need."""
    try:
        settings, models = locate_models(settings, device)
    except MeetscribeError as error:
        yield CheckResult("models", "broken", error.message, error.remedy)
        return
    absent = [found.spec for found in models.values() if found.path is None]
    for found in models.values():
        if found.path is not None:
            yield _check_files(found)
    yield from _check_available(absent, settings)
    yield from _check_community_pipeline(settings)
    yield _check_disk(absent)
    yield _check_memory(models, device)


def _check_files(found: LocatedModel) -> CheckResult:
    """Compare the files of a model with their hashes."""
    assert found.path is not None
    wrong = weights.verify(found.path).damaged
    if wrong:
        return CheckResult(str(found.spec), "broken", f"damaged: {', '.join(wrong)}", _pull_command(found.spec))
    return CheckResult(str(found.spec), "fine", "is here")


def _check_available(specs: Sequence[ModelSpec], settings: Settings) -> Iterator[CheckResult]:
    """Check that models that are not on this machine can be fetched."""
    try:
        weights.check(specs, offline=settings.run.offline, token=settings.diarization.token)
    except MeetscribeError as error:
        yield CheckResult("models", "broken", error.message, error.remedy)
        return
    for spec in specs:
        size = f", {spec.size_mb} MB" if spec.size_mb else ""
        yield CheckResult(str(spec), "worse", f"is not here, but can be fetched{size}", _pull_command(spec))


def _pull_command(spec: ModelSpec) -> str:
    return f"meetscribe weights pull {spec.model}"


def _check_community_pipeline(settings: Settings) -> Iterator[CheckResult]:
    """Check whether the more accurate pipeline is available, if the bundled one is used with one of its embedders.

    `settings` are the result of `locate_models`.
    """
    diarization = settings.diarization
    is_bundled = diarization.pipeline == "bundled" and diarization.embedder in BUNDLED_EMBEDDERS
    if not diarization.enabled or not is_bundled:
        return
    specs = weights.pipeline_specs("community-1")
    if not has_token(diarization.token):
        yield CheckResult(
            "token",
            "worse",
            "there is none, so community-1, which is more accurate, cannot be fetched",
            f"accept the conditions at {specs[0].page}, then run: hf auth login",
        )
        return
    try:
        weights.check(specs, offline=settings.run.offline, token=diarization.token, folder=weights_folder(settings))
    except WeightsError as error:
        reason = error.message.splitlines()[-1].strip()  # the first line says only that models are missing
        yield CheckResult("token", "worse", reason, error.remedy)


def _check_disk(specs: Sequence[ModelSpec]) -> CheckResult:
    """Check that the models to fetch fit on the disk."""
    folder, needed_mb = hub_cache(), sum(spec.size_mb or 0 for spec in specs)
    free_mb = free_space(folder) / 1e6
    text = f"{free_mb / 1000:.0f} GB are free for models in {folder}"
    if needed_mb > free_mb:
        remedy = "export HF_HOME=/a/folder/on/a/larger/disk"
        return CheckResult("disk", "broken", f"{text}, {needed_mb / 1000:.1f} GB are needed", remedy)
    return CheckResult("disk", "fine", text)


def _check_memory(models: Mapping[str, LocatedModel], device: Device) -> CheckResult:
    """Check that the speech recogniser fits into the free memory of the device, if that is known."""
    free = inspect_machine(device).memory
    if free is None:
        return CheckResult("memory", "fine", "the free memory is not known")
    needed = needed_memory(models, device.kind)
    text = f"{free / 1e9:.1f} GB are free on {device}, about {needed / 1e9:.1f} GB are needed"
    if needed > free:
        return CheckResult("memory", "broken", text, "meetscribe run RECORDING --model base --compute-type int8")
    return CheckResult("memory", "fine", text)
