"""All models that the stages know by name, with what their licences ask for; which ones settings mean is in models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meetscribe import weights
from meetscribe.alignment.models import ALIGNERS
from meetscribe.asr.protocol import ENGINES
from meetscribe.errors import SettingsError, nearest
from meetscribe.settings.values import Settings
from meetscribe.weights import ModelSpec
from meetscribe.weights.catalogue import EMBEDDER, TORCHAUDIO_BUNDLES, WHISPER_BY_LAYOUT

USES = ("asr.model", "alignment.model", "diarization.pipeline", "diarization.embedder")
"""The settings that name models."""

PIPELINES = ("community-1", "pyannote/speaker-diarization-3.1")
"""Those of pyannote.audio; the bundled one needs only an embedder."""

_BUNDLE_LANGUAGES = {"DE": "de", "ES": "es", "FR": "fr", "IT": "it"}


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model by the names that its setting may have; no `languages` means that it is made for none or for all."""

    names: tuple[str, ...]
    needs: tuple[ModelSpec, ...]  # the model, and the models that it loads
    languages: tuple[str, ...] = ()

    @property
    def need(self) -> ModelSpec:
        """The model itself."""
        return self.needs[0]

    @property
    def use(self) -> str:
        """The setting that names it."""
        return f"{self.need.stage}.{self.need.setting}"

    @property
    def size_mb(self) -> int | None:
        """What is fetched, with what it loads."""
        sizes = [need.size_mb for need in self.needs]
        return None if None in sizes else sum(size or 0 for size in sizes)


def known_models(engine: str = "faster-whisper") -> tuple[CatalogueEntry, ...]:
    """The models by stage: words (for an engine), word times, speakers."""
    return (*_whispers(ENGINES[engine].layout), *_aligners(), *_speakers())


def find_models(names: Sequence[str], settings: Settings, use: str | None = None) -> tuple[ModelSpec, ...]:
    """The models that are called so, and those that they load; an id that is not known is one for `use`.

    A use is a setting, such as "alignment.model"; without one it is that of the catalogue, else "asr.model". Raises
    SettingsError for a name that is neither known nor an id.
    """
    catalogue = known_models(settings.asr.engine)
    return tuple(need for name in names for need in _named(name, catalogue, settings, use))


def _named(
    name: str, catalogue: Sequence[CatalogueEntry], settings: Settings, use: str | None
) -> tuple[ModelSpec, ...]:
    """The models that a name means."""
    repository = name.partition("@")[0]
    for known in catalogue:
        if repository in (*known.names, known.need.model) and use in (None, known.use):
            if repository == name:
                return known.needs
            use = known.use
    if "/" not in name:
        hint = nearest(name, [name for known in catalogue for name in known.names])
        raise SettingsError(f"no model is called {name}: {hint}", "See: meetscribe weights list")
    if use == "alignment.model":
        return (weights.aligner_spec(name),)
    if use == "diarization.embedder":
        return (weights.embedder_spec(name),)
    if use == "diarization.pipeline":
        return weights.pipeline_specs(name)
    return (weights.whisper_spec(name, layout=ENGINES[settings.asr.engine].layout),)


def _whispers(layout: str) -> Iterator[CatalogueEntry]:
    """Whispers in a layout, each once."""
    names: dict[str, list[str]] = {}
    for name, (model, _) in WHISPER_BY_LAYOUT[layout].items():
        names.setdefault(model, []).append(name)
    for each in names.values():
        english = each[0].endswith(".en") or each[0].startswith("distil")
        yield CatalogueEntry(tuple(each), (weights.whisper_spec(each[0], layout=layout),), ("en",) if english else ())


def _aligners() -> Iterator[CatalogueEntry]:
    """The aligner of each language, and the bundles of torchaudio, which are taken only by name."""
    for language, each in ALIGNERS.items():
        yield CatalogueEntry((each.model,), (weights.aligner_spec(each.model, each.kind, each.licence),), (language,))
    for bundle in TORCHAUDIO_BUNDLES:
        language = _BUNDLE_LANGUAGES.get(bundle.rpartition("_")[2], "en")
        yield CatalogueEntry((bundle,), (weights.aligner_spec(bundle),), (language,))


def _speakers() -> Iterator[CatalogueEntry]:
    """Pipelines, and the embedder of the bundled one."""
    for pipeline in PIPELINES:
        yield CatalogueEntry((pipeline,), weights.pipeline_specs(pipeline))
    yield CatalogueEntry((EMBEDDER,), (weights.embedder_spec(),))
