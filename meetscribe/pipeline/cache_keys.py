"""Cache keys: the settings, code and models that the result of each stage depends on.

Each key also contains the hash of the recording, and the results of earlier stages that the stage uses.

Settings that only affect speed, or whether a stage runs, are left out. Models are identified by their content, not by
their location. The code and packages that compute a result are declared in `meetscribe.pipeline.dependencies`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

from meetscribe.asr.engine_table import BUILT_IN, engine_entry
from meetscribe.diarization.embedders import is_factory
from meetscribe.pipeline import dependencies
from meetscribe.pipeline.model_identity import code_identity, model_identity, pipeline_parts, tuning_identity
from meetscribe.runtime.devices import Device
from meetscribe.settings import Settings
from meetscribe.transcript import JSON

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from meetscribe.asr.settings import AsrSettings


# Settings of diarization that are not in the key: without effect on the result, or models, which "weights" identifies.
_NOT_IN_KEY = ("enabled", "token", "batch_size", "pipeline", "segmentation", "embedder")
# Settings of clustering, without `clustering_threshold`: the rule in a stored analysis (`tuned`) was made with it.
_CLUSTERING = ("speakers", "min_speakers", "max_speakers", "min_cluster_size", "min_duration_off", "block")


@dataclass(frozen=True, slots=True)
class CacheDependencies:
    """The dependencies of each stage, for settings with resolved models on a device.

    `package_folder` is the folder of meetscribe, by default the imported one.
    """

    settings: Settings
    device: Device
    package_folder: Traversable | None = None

    def speech(self) -> dict[str, JSON]:
        """Return the dependencies of the chunks of speech."""
        return {"vad": _values(self.settings.vad), **self._versions(dependencies.SPEECH)}

    def segmentation(self) -> dict[str, JSON]:
        """Return the dependencies of the speech activity."""
        return self._versions(dependencies.SEGMENTATION)

    def transcription(self, asr: AsrSettings | None = None) -> dict[str, JSON]:
        """Return the dependencies of the words in given chunks, with the decoding settings `asr` if given.

        Raises SettingsError for an unknown engine.
        """
        asr = asr or self.settings.asr
        without = ("model", "batch_size", "workers", "coverage", "min_uncovered")
        entry = engine_entry(asr.engine)
        return {
            "asr": _values(asr, without),
            "weights": None if entry.models is None else model_identity(asr.model),
            "engine": None if asr.engine in BUILT_IN else code_identity(entry.factory),
            "device": self.device.kind,
            **self._versions(dependencies.TRANSCRIPTION, entry.versions),
        }

    def alignment(self, aligners: Mapping[str, tuple[str, str] | None]) -> dict[str, JSON]:
        """Return the dependencies of aligned word times; `aligners` holds path and name by language."""
        weights: dict[str, JSON] = {
            language: model and [model_identity(model[0]), model[1]] for language, model in aligners.items()
        }
        return {
            "alignment": _values(self.settings.alignment, ("enabled", "model", "batch_size")),
            "weights": weights,
            "device": self.device.kind,
            **self._versions(dependencies.ALIGNMENT),
        }

    def diarization(self) -> dict[str, JSON]:
        """Return the dependencies of the speaker turns."""
        settings = self.settings.diarization
        models = (settings.pipeline, settings.segmentation, settings.embedder)
        return {
            "diarization": _values(settings, _NOT_IN_KEY),
            "weights": [*map(model_identity, models), *pipeline_parts(settings.pipeline)],
            "embedder": code_identity(settings.embedder)
            if is_factory(settings.embedder)
            else tuning_identity(settings.embedder),
            "device": self.device.kind,
            **self._versions(dependencies.DIARIZATION),
        }

    def voiceprints(self) -> dict[str, JSON]:
        """Return the dependencies of the voiceprints of windows: those of the turns, without the clustering."""
        diarization = self.diarization()
        return {**diarization, "diarization": _values(self.settings.diarization, (*_NOT_IN_KEY, *_CLUSTERING))}

    def _versions(self, stage: dependencies.StageDependencies, packages: Collection[str] = ()) -> dict[str, JSON]:
        return stage.versions(packages, self.package_folder)


def _values(settings: Any, without: Collection[str] = ()) -> dict[str, JSON]:
    """Return the values of a dataclass of settings, except the fields in `without`."""
    return cast("dict[str, JSON]", {name: value for name, value in asdict(settings).items() if name not in without})
