"""The models that settings mean on this machine: what "auto" stands for, and where each one lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe import weights
from meetscribe.alignment import default_aligner
from meetscribe.asr.protocol import ENGINES
from meetscribe.diarization import is_factory
from meetscribe.errors import Notice, SettingsError, WeightsError
from meetscribe.runtime import telemetry
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.settings.values import Settings
from meetscribe.weights import LocatedModel, ModelSpec

if TYPE_CHECKING:
    from meetscribe.runtime.devices import Device

_SHARE_OF_FETCHING = 0.9  # of the time; the rest is for converting


@dataclass(frozen=True, slots=True)
class Models:
    """Settings in which every model is one that can be loaded, as far as that is known before transcription.

    `names` says what the models are called wherever they lie, by what they are for; `notices` what could not
    be had, and was replaced.
    """

    settings: Settings
    names: Mapping[str, str]
    notices: tuple[Notice, ...] = ()


def prepare_models(settings: Settings, device: Device, progress: Progress = ignore_progress) -> Models:
    """The settings with all their models at hand, after fetching and converting those that are not.

    The aligner of a language that is still to be detected is not among them: see `prepare_aligner`. Raises
    WeightsError for models that cannot be had, before anything is fetched.
    """
    settings, notices = _choose(settings, device)
    needs = _needs(settings)
    found = _fetched(tuple(needs.values()), settings, progress)
    values = {use: found[need].value for use, need in needs.items()}
    values["asr"] = _converted(values["asr"], settings)
    progress(1.0)
    settings = replace(
        _with_speakers(settings, values),
        asr=replace(settings.asr, model=values["asr"]),
        alignment=replace(settings.alignment, model=values.get("alignment", settings.alignment.model)),
    )
    return Models(settings, {use: _called(found[need]) for use, need in needs.items()}, notices)


def prepare_diarization(settings: Settings, device: Device, progress: Progress = ignore_progress) -> Models:
    """The settings with the models that find speakers at hand, whether or not finding them is enabled.

    Raises WeightsError for models that cannot be had.
    """
    settings, notices = _choose(replace(settings, diarization=replace(settings.diarization, enabled=True)), device)
    needs = _diarization_needs(settings)
    found = _fetched(tuple(needs.values()), settings, progress)
    progress(1.0)
    settings = _with_speakers(settings, {use: found[need].value for use, need in needs.items()})
    return Models(settings, {use: _called(found[need]) for use, need in needs.items()}, notices)


def _with_speakers(settings: Settings, values: Mapping[str, str]) -> Settings:
    """The settings with the models that find speakers, by their use."""
    diarization = replace(
        settings.diarization,
        pipeline=values.get("diarization", settings.diarization.pipeline),
        embedder=values.get("embedder", settings.diarization.embedder),
    )
    return replace(settings, diarization=diarization)


def locate_models(settings: Settings, device: Device) -> tuple[Settings, Mapping[str, LocatedModel]]:
    """The settings with a name for each model, and each model by its use, as far as it is here; none is fetched."""
    settings, _ = _choose(settings, device)
    return settings, {
        use: LocatedModel(need, weights.locate(need, weights_folder(settings)))
        for use, need in _needs(settings).items()
    }


def prepare_aligner(settings: Settings, language: str, progress: Progress = ignore_progress) -> tuple[str, str] | None:
    """The aligner for a language that was detected, and what it is called; None if none is known for it.

    Raises WeightsError if it cannot be had.
    """
    need = _aligner_need(settings, language)
    if need is None:
        return None
    found = _fetched((need,), settings, progress)[need]
    return found.value, _called(found)


def _needs(settings: Settings) -> dict[str, ModelSpec]:
    """The models that are known before transcription to be needed, by what they are for."""
    needs = {"asr": weights.whisper_spec(settings.asr.model, layout=ENGINES[settings.asr.engine].layout)}
    if (aligner := _aligner_need(settings, _language(settings))) is not None:
        needs["alignment"] = aligner
    return needs | _diarization_needs(settings)


def _choose(settings: Settings, device: Device) -> tuple[Settings, tuple[Notice, ...]]:
    """The settings with a name in the place of each "auto" but that of the aligner, and notices about the choice."""
    asr = settings.asr
    notices: tuple[Notice, ...] = ()
    if asr.model == "auto":
        large = "large-v3" if asr.task == "translate" else "large-v3-turbo"
        asr = replace(asr, model=large if device.kind == "cuda" else "small")
    diarization = settings.diarization
    if diarization.pipeline not in ("auto", "bundled") and diarization.embedder != "auto":
        raise SettingsError(
            f"diarization.embedder is for the bundled pipeline; {diarization.pipeline} brings its own",
            "Leave it out, or set diarization.pipeline to bundled.",
        )
    if diarization.enabled and diarization.pipeline == "auto":
        named = diarization.embedder != "auto"
        bundled = named or not _has_community(settings)
        diarization = replace(diarization, pipeline="bundled" if bundled else "community-1")
        if bundled and not named:
            notices = (_BUNDLED,)
    return replace(settings, asr=asr, diarization=diarization), notices


_BUNDLED = Notice(
    "diarization.pipeline",
    "speakers are found by the bundled pipeline, which needs no account; community-1 is better: accept its "
    "conditions at https://huggingface.co/pyannote/speaker-diarization-community-1 and set HF_TOKEN",
)


def _has_community(settings: Settings) -> bool:
    """Whether the pipeline community-1 is here, or there is a token with which it can be fetched."""
    needs, token = weights.pipeline_specs("community-1"), settings.diarization.token
    if all(weights.locate(need, weights_folder(settings)) is not None for need in needs):
        return True
    if settings.run.offline or not has_token(token):
        return False
    try:
        weights.check(needs, token=token)
    except WeightsError:  # somebody with a token need not have accepted these conditions
        return False
    return True


def has_token(token: str | None) -> bool:
    """Whether there is a token for the hub: the given one, HF_TOKEN, or the stored one."""
    telemetry.switch_off()
    from huggingface_hub import get_token

    return bool(token or get_token())


def _language(settings: Settings) -> str | None:
    """The language of the recording, as far as it is known before transcription."""
    return settings.asr.language or ("en" if settings.asr.model.endswith(".en") else None)


def _aligner_need(settings: Settings, language: str | None) -> ModelSpec | None:
    """The aligner, None if none is wanted, or its language is not known, or has none."""
    if not settings.alignment.enabled or settings.asr.task == "translate":
        return None
    if settings.alignment.model != "auto":
        return weights.aligner_spec(settings.alignment.model)
    default = default_aligner(language) if language else None
    return weights.aligner_spec(default.model, default.kind, default.licence) if default else None


def _diarization_needs(settings: Settings) -> dict[str, ModelSpec]:
    """The pipeline and its parts, or the embedder of the bundled one."""
    diarization = settings.diarization
    if not diarization.enabled:
        return {}
    if diarization.pipeline == "bundled":
        if is_factory(diarization.embedder):
            return {}
        named = diarization.embedder != "auto"
        return {"embedder": weights.embedder_spec(*([diarization.embedder] if named else []))}
    pipeline, *parts = weights.pipeline_specs(diarization.pipeline)
    return {"diarization": pipeline} | {f"part {part.model}": part for part in parts}


def _fetched(needs: Sequence[ModelSpec], settings: Settings, progress: Progress) -> dict[ModelSpec, LocatedModel]:
    """Where the models lie, after fetching what is not here; raises WeightsError before if one cannot."""
    token = settings.diarization.token
    found = weights.check(needs, offline=settings.run.offline, token=token, folder=weights_folder(settings))
    here = {each.spec: each for each in found}
    absent = [each.spec for each in found if each.path is None]
    for number, need in enumerate(absent):

        def report(done: float, before: int = number) -> None:
            progress(_SHARE_OF_FETCHING * (before + done) / len(absent))

        here[need] = LocatedModel(need, weights.fetch(need, token, report))
    return here


def weights_folder(settings: Settings) -> Path | None:
    """The folder of models, if one is set."""
    return None if settings.run.weights is None else Path(settings.run.weights)


def _converted(model: str, settings: Settings) -> str:
    """The path of a Whisper as its engine reads it, converted from Transformers' if need be."""
    path = Path(model).expanduser()
    return str(weights.converted(path, ENGINES[settings.asr.engine].layout)) if path.exists() else model


def _called(found: LocatedModel) -> str:
    """What a model is called: its id and, from the hub, its revision, or of a path the last part."""
    if Path(found.spec.model).expanduser().exists():
        return Path(found.spec.model).expanduser().resolve().name
    revision = None if found.path is None else weights.revision_of(found.path)
    return found.spec.repository if revision is None else f"{found.spec.repository}@{revision[:12]}"
