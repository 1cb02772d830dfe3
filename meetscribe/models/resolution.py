"""Resolve the models in the settings: the meaning of "auto", and the location of each model on this machine.

The use of a model is a key in this module: "asr", "alignment", "diarization" (a pipeline of pyannote.audio), "part ID"
(a model that this pipeline loads), "segmentation" or "embedder" (of the bundled pipeline).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe import weights
from meetscribe.alignment import default_aligner
from meetscribe.asr.engine_table import engine_entry
from meetscribe.asr.languages import check_language
from meetscribe.diarization import is_factory
from meetscribe.diarization.settings import SEGMENTATION_2021
from meetscribe.errors import Notice, SettingsError, WeightsError
from meetscribe.runtime import telemetry
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.settings.values import Settings
from meetscribe.weights import LocatedModel, ModelSpec
from meetscribe.weights.catalogue import CAMPPLUS, EMBEDDER

if TYPE_CHECKING:
    from meetscribe.runtime.devices import Device

BUNDLED_EMBEDDERS = (CAMPPLUS, EMBEDDER)
"""The embedders for "auto" in the bundled pipeline, the best one first, by the table in
`meetscribe/diarization/README.md`, which `python -m tests.benchmarks.real diarization` prints."""

_SHARE_OF_FETCHING = 0.9  # share of fetching in the progress; the rest is conversion


@dataclass(frozen=True, slots=True)
class Models:
    """Settings in which each model is a path or a name that its stage can load.

    The aligner is still "auto" if the language has yet to be detected. `names` are the location-independent names of
    the models by use. `notices` report replacements of unavailable models.
    """

    settings: Settings
    names: Mapping[str, str]
    notices: tuple[Notice, ...] = ()


def prepare_models(settings: Settings, device: Device, progress: Progress = ignore_progress) -> Models:
    """Fetch and convert all missing models, and return the settings with their paths.

    If the language has yet to be detected, `prepare_aligner` fetches the aligner later. Raises WeightsError for
    unavailable models and OutputError for a full disk, both before anything is fetched; SettingsError if the model is
    known to lack the language, or if a pipeline of pyannote.audio is combined with another segmentation model or
    embedder; and the errors of `weights.fetch` and of the conversion.
    """
    settings, notices = _choose(settings, device)
    specs = _specs(settings)
    found = _fetch(tuple(specs.values()), settings, progress)
    values = {use: found[spec].value for use, spec in specs.items()}
    if "asr" in values:
        _check_language(settings, values["asr"])
        values["asr"] = _converted(values["asr"], settings)
    progress(1.0)
    settings = replace(
        _with_diarization_models(settings, values),
        asr=replace(settings.asr, model=values.get("asr", settings.asr.model)),
        alignment=replace(settings.alignment, model=values.get("alignment", settings.alignment.model)),
    )
    return Models(settings, {use: _model_name(found[spec]) for use, spec in specs.items()}, notices)


def prepare_diarization(settings: Settings, device: Device, progress: Progress = ignore_progress) -> Models:
    """Fetch the models of diarization, even if it is disabled, and return the settings with their paths.

    Raises the errors of `prepare_models`, except those of the recogniser.
    """
    settings, notices = _choose(replace(settings, diarization=replace(settings.diarization, enabled=True)), device)
    specs = _diarization_specs(settings)
    found = _fetch(tuple(specs.values()), settings, progress)
    progress(1.0)
    settings = _with_diarization_models(settings, {use: found[spec].value for use, spec in specs.items()})
    return Models(settings, {use: _model_name(found[spec]) for use, spec in specs.items()}, notices)


def locate_models(settings: Settings, device: Device) -> tuple[Settings, Mapping[str, LocatedModel]]:
    """Return the settings with "auto" replaced as in `prepare_models`, and each model by use, with or without a path.

    Nothing is fetched, but the choice of pipeline and embedder may ask the hub or look for pip, unless `run.offline`.
    Raises SettingsError if a pipeline of pyannote.audio is combined with another segmentation model or embedder.
    """
    settings, _ = _choose(settings, device)
    return settings, {
        use: LocatedModel(spec, weights.locate(spec, weights_folder(settings)))
        for use, spec in _specs(settings).items()
    }


def prepare_aligner(settings: Settings, language: str, progress: Progress = ignore_progress) -> tuple[str, str] | None:
    """Fetch the aligner of a detected language, and return its path and its name; None if there is none.

    Raises WeightsError if it is not available.
    """
    spec = _aligner_spec(settings, language)
    if spec is None:
        return None
    found = _fetch((spec,), settings, progress)[spec]
    return found.value, _model_name(found)


def has_token(token: str | None) -> bool:
    """Return whether there is a token for the Hugging Face hub: the given one, HF_TOKEN, or the stored one."""
    telemetry.switch_off()
    from huggingface_hub import get_token

    return bool(token or get_token())


def weights_folder(settings: Settings) -> Path | None:
    """Return the folder of models in the settings, None if there is none."""
    return None if settings.run.weights is None else Path(settings.run.weights)


def _specs(settings: Settings) -> dict[str, ModelSpec]:
    """Return the models known before transcription, by use."""
    specs: dict[str, ModelSpec] = {}
    if (models := engine_entry(settings.asr.engine).load_models()) is not None:
        specs["asr"] = models.spec(settings.asr.model)
    if (aligner := _aligner_spec(settings, _known_language(settings))) is not None:
        specs["alignment"] = aligner
    return specs | _diarization_specs(settings)


def _choose(settings: Settings, device: Device) -> tuple[Settings, tuple[Notice, ...]]:
    """Return the settings with "auto" replaced by a name for the recogniser, the pipeline and the bundled embedder.

    The aligner and the segmentation model stay "auto". A notice is returned too if the bundled pipeline replaces
    community-1.
    """
    asr = settings.asr
    notices: tuple[Notice, ...] = ()
    if asr.model == "auto" and (models := engine_entry(asr.engine).load_models()) is not None:
        asr = replace(asr, model=models.default(asr.task, device.kind))
    diarization = settings.diarization
    bundled_only = [name for name in ("segmentation", "embedder") if getattr(diarization, name) != "auto"]
    if diarization.pipeline not in ("auto", "bundled") and bundled_only:
        raise SettingsError(
            f"diarization.{bundled_only[0]} applies only to the bundled pipeline; {diarization.pipeline} has its own",
            "Omit it, or set diarization.pipeline to bundled.",
        )
    if diarization.enabled and diarization.pipeline == "auto":
        bundled = bool(bundled_only) or not _has_community(settings)
        diarization = replace(diarization, pipeline="bundled" if bundled else "community-1")
        if bundled and not bundled_only:
            notices = (_BUNDLED_NOTICE,)
    if diarization.enabled and diarization.pipeline == "bundled" and diarization.embedder == "auto":
        diarization = replace(diarization, embedder=_default_embedder(settings))
    return replace(settings, asr=asr, diarization=diarization), notices


_BUNDLED_NOTICE = Notice(
    "diarization.pipeline",
    "diarization uses the bundled pipeline, which needs no account; community-1 is more accurate: accept its "
    "conditions at https://huggingface.co/pyannote/speaker-diarization-community-1 and set HF_TOKEN",
)


def _default_embedder(settings: Settings) -> str:
    """Return the embedder of the bundled pipeline: the best on this machine, else the best available one."""
    folder = weights_folder(settings)
    for embedder in BUNDLED_EMBEDDERS:
        if weights.locate(weights.embedder_spec(embedder), folder) is not None:
            return embedder
    for embedder in BUNDLED_EMBEDDERS:
        try:
            weights.check([weights.embedder_spec(embedder)], offline=settings.run.offline)
        except WeightsError:
            continue
        return embedder
    return BUNDLED_EMBEDDERS[0]


def _has_community(settings: Settings) -> bool:
    """Return whether the pipeline community-1 is on this machine, or can be fetched with a token."""
    specs, token = weights.pipeline_specs("community-1"), settings.diarization.token
    if all(weights.locate(spec, weights_folder(settings)) is not None for spec in specs):
        return True
    if settings.run.offline or not has_token(token):
        return False
    try:
        weights.check(specs, token=token)
    except WeightsError:  # the conditions of the model may not be accepted for this token
        return False
    return True


def _with_diarization_models(settings: Settings, values: Mapping[str, str]) -> Settings:
    """Return the settings with the paths of the diarization models, which are given by use."""
    diarization = replace(
        settings.diarization,
        pipeline=values.get("diarization", settings.diarization.pipeline),
        segmentation=values.get("segmentation", settings.diarization.segmentation),
        embedder=values.get("embedder", settings.diarization.embedder),
    )
    return replace(settings, diarization=diarization)


def _known_language(settings: Settings) -> str | None:
    """Return the language of the recording, None if it has yet to be detected."""
    if settings.asr.language is not None:
        return settings.asr.language
    entry = engine_entry(settings.asr.engine)
    if len(entry.languages) == 1:
        return entry.languages[0]
    models = entry.load_models()
    return None if models is None else models.language(settings.asr.model)


def _aligner_spec(settings: Settings, language: str | None) -> ModelSpec | None:
    """Return the aligner; None if alignment is disabled, or the language is unknown or has no aligner."""
    if not settings.alignment.enabled or settings.asr.task == "translate":
        return None
    if settings.alignment.model != "auto":
        return weights.aligner_spec(settings.alignment.model)
    default = default_aligner(language) if language else None
    return weights.aligner_spec(default.model, default.kind, default.licence) if default else None


def _diarization_specs(settings: Settings) -> dict[str, ModelSpec]:
    """Return the pipeline with the models that it loads, or the models of the bundled pipeline.

    The default segmentation model of the bundled pipeline has no specification, because whisperx includes it.
    """
    diarization = settings.diarization
    if not diarization.enabled:
        return {}
    if diarization.pipeline == "bundled":
        specs: dict[str, ModelSpec] = {}
        if diarization.segmentation not in ("auto", SEGMENTATION_2021):
            specs["segmentation"] = weights.segmentation_spec(diarization.segmentation)
        if not is_factory(diarization.embedder):
            specs["embedder"] = weights.embedder_spec(diarization.embedder)
        return specs
    pipeline, *parts = weights.pipeline_specs(diarization.pipeline)
    return {"diarization": pipeline} | {f"part {part.model}": part for part in parts}


def _fetch(specs: Sequence[ModelSpec], settings: Settings, progress: Progress) -> dict[ModelSpec, LocatedModel]:
    """Fetch the missing models, and return all models with their paths.

    Raises WeightsError, before anything is fetched, if a model is not available.
    """
    token = settings.diarization.token
    found = weights.check(specs, offline=settings.run.offline, token=token, folder=weights_folder(settings))
    located = {each.spec: each for each in found}
    absent = [each.spec for each in found if each.path is None]
    for number, spec in enumerate(absent):

        def report(done: float, before: int = number) -> None:
            progress(_SHARE_OF_FETCHING * (before + done) / len(absent))

        located[spec] = LocatedModel(spec, weights.fetch(spec, token, report))
    return located


def _check_language(settings: Settings, path: str) -> None:
    """Raise SettingsError if the speech model at `path` lists its languages, but not the language of the settings."""
    asr = settings.asr
    supported = weights.trained_languages(Path(path).expanduser())
    if asr.language is not None and supported is not None:
        check_language(asr.language, asr.model, supported)


def _converted(model: str, settings: Settings) -> str:
    """Return the path of a model in the layout of the engine; a hub id is returned unchanged."""
    path = Path(model).expanduser()
    models = engine_entry(settings.asr.engine).load_models()
    return str(models.prepare(path)) if models is not None and path.exists() else model


def _model_name(found: LocatedModel) -> str:
    """Return the name for the provenance: the hub id with its revision, or the last part of a path."""
    if Path(found.spec.model).expanduser().exists():
        return Path(found.spec.model).expanduser().resolve().name
    revision = None if found.path is None else weights.revision_of(found.path)
    return found.spec.repository if revision is None else f"{found.spec.repository}@{revision[:12]}"
