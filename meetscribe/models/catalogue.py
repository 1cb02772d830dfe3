"""The catalogue of known models of all stages, with their licences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meetscribe import weights
from meetscribe.alignment.models import ALIGNERS
from meetscribe.asr.engine_table import EngineEntry, engine_entry
from meetscribe.errors import SettingsError, nearest
from meetscribe.settings.values import Settings
from meetscribe.weights import ModelSpec
from meetscribe.weights.catalogue import CAMPPLUS, EMBEDDER, SEGMENTATION, TORCHAUDIO_BUNDLES

USES = ("asr.model", "alignment.model", "diarization.pipeline", "diarization.segmentation", "diarization.embedder")
"""The settings for models."""

PIPELINES = ("community-1", "pyannote/speaker-diarization-3.1")
"""The pipelines of pyannote.audio; the bundled pipeline needs only a segmentation model and an embedder."""

_BUNDLE_LANGUAGES = {"DE": "de", "ES": "es", "FR": "fr", "IT": "it"}


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A known model with its names in settings; empty `languages` mean any language."""

    names: tuple[str, ...]
    specs: tuple[ModelSpec, ...]  # the model, then the models that it loads
    languages: tuple[str, ...] = ()

    @property
    def spec(self) -> ModelSpec:
        """The model without the models that it loads."""
        return self.specs[0]

    @property
    def use(self) -> str:
        """The setting for the model, such as "asr.model"; the `use` of `models.resolution` is another key."""
        return f"{self.spec.stage}.{self.spec.setting}"

    @property
    def size_mb(self) -> int | None:
        """The size of all files to fetch, in megabytes; None if unknown."""
        sizes = [spec.size_mb for spec in self.specs]
        return None if None in sizes else sum(size or 0 for size in sizes)


def known_models(engine: str = "faster-whisper") -> tuple[CatalogueEntry, ...]:
    """Return the models of an engine, then the aligners, pipelines and embedders.

    Raises SettingsError for an unknown engine.
    """
    return (*_recognition_models(engine_entry(engine)), *_aligners(), *_diarization_models())


def find_models(names: Sequence[str], settings: Settings, use: str | None = None) -> tuple[ModelSpec, ...]:
    """Return the models with these names or hub ids, each followed by the models that it loads.

    `use` is the setting for which an id is intended, such as "alignment.model". By default it is taken from the
    catalogue, or "asr.model" for an id that is not in the catalogue. Raises SettingsError for an unknown name.
    """
    catalogue = known_models(settings.asr.engine)
    return tuple(spec for name in names for spec in _find_model(name, catalogue, settings, use))


def _find_model(
    name: str, catalogue: Sequence[CatalogueEntry], settings: Settings, use: str | None
) -> tuple[ModelSpec, ...]:
    """Return the model with a name or id, followed by the models that it loads."""
    repository = name.partition("@")[0]
    for entry in catalogue:
        if repository in (*entry.names, entry.spec.model) and use in (None, entry.use):
            if repository == name:
                return entry.specs
            use = entry.use
    if "/" not in name:
        hint = nearest(name, [name for entry in catalogue for name in entry.names])
        raise SettingsError(f"unknown model {name}: {hint}", "See: meetscribe weights list")
    return _specs_of_id(name, settings, use)


def _specs_of_id(name: str, settings: Settings, use: str | None) -> tuple[ModelSpec, ...]:
    """Return the model of a hub id for a setting, followed by the models that it loads."""
    if use == "alignment.model":
        return (weights.aligner_spec(name),)
    if use == "diarization.embedder":
        return (weights.embedder_spec(name),)
    if use == "diarization.segmentation":
        return (weights.segmentation_spec(name),)
    if use == "diarization.pipeline":
        return weights.pipeline_specs(name)
    models = engine_entry(settings.asr.engine).load_models()
    if models is None:
        raise SettingsError(
            f"the engine {settings.asr.engine} has no models, so {name} cannot be one",
            "Give its setting with --as.",
        )
    return (models.spec(name),)


def _recognition_models(entry: EngineEntry) -> Iterator[CatalogueEntry]:
    """Yield the models of an engine."""
    if (models := entry.load_models()) is not None:
        for names, languages in models.known().items():
            yield CatalogueEntry(names, (models.spec(names[0]),), languages)


def _aligners() -> Iterator[CatalogueEntry]:
    """Yield the aligner of each language, then the bundles of torchaudio, which are not default aligners."""
    for language, each in ALIGNERS.items():
        yield CatalogueEntry((each.model,), (weights.aligner_spec(each.model, each.kind, each.licence),), (language,))
    for bundle in TORCHAUDIO_BUNDLES:
        language = _BUNDLE_LANGUAGES.get(bundle.rpartition("_")[2], "en")
        yield CatalogueEntry((bundle,), (weights.aligner_spec(bundle),), (language,))


def _diarization_models() -> Iterator[CatalogueEntry]:
    """Yield the pipelines of pyannote.audio, and the models to fetch for the bundled pipeline.

    Its default segmentation model is not listed, because whisperx includes it; SEGMENTATION is an alternative.
    """
    for pipeline in PIPELINES:
        yield CatalogueEntry((pipeline,), weights.pipeline_specs(pipeline))
    yield CatalogueEntry((SEGMENTATION,), (weights.segmentation_spec(SEGMENTATION),))
    for embedder in (CAMPPLUS, EMBEDDER):
        yield CatalogueEntry((embedder,), (weights.embedder_spec(embedder),))
