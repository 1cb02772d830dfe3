"""The modules and packages that compute the result of each cached stage.

Their code and versions are part of the stage's cache key: a changed line in a module invalidates the results of the
stages that use it, and no others. `tests/pipeline/test_dependencies.py` compares the declarations with the imports. To
invalidate old results for any other reason, increase the stage's `schema`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from meetscribe.pipeline.provenance import installed
from meetscribe.results import code_digest
from meetscribe.transcript import JSON

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class StageDependencies:
    """The code that computes a stage: modules of meetscribe, third-party packages, and the schema of the result.

    `modules` holds names such as "timeline"; a package stands for all its modules. `packages` holds the names of
    distributions, such as "onnxruntime".
    """

    modules: tuple[str, ...]
    packages: tuple[str, ...]
    schema: int = 1

    def versions(self, packages: Iterable[str] = (), package_folder: Traversable | None = None) -> dict[str, JSON]:
        """Return the schema, the digest of the code, and the versions of Python and of the packages.

        `packages` are further packages. `package_folder` is the folder of meetscribe, by default the imported one.
        """
        code = _imported_code(self.modules) if package_folder is None else code_digest(self.modules, package_folder)
        return {
            "schema": self.schema,
            "code": code,
            "packages": {name: installed(name) for name in sorted({*self.packages, *packages})},
            "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        }


@cache
def _imported_code(modules: tuple[str, ...]) -> str:
    """Return the digest of the imported code, which does not change within a process."""
    return code_digest(modules)


_DEVICES = ("runtime.devices", "runtime.threads")
_EVERY_STAGE = (
    "audio",
    "pipeline.stages",
    "results.codecs",
    "text.dates",
    "text.json_values",
    "text.whitespace",
    "timeline",
)
_TRANSCRIPT = (
    "text.joining",
    "text.splitting",
    "transcript.edits.labels",
    "transcript.edits.values",
    "transcript.json_node",
    "transcript.native",
    "transcript.provenance",
    "transcript.values",
    "transcript.word_ids",
    "transcript.words",
)

SPEECH = StageDependencies(
    modules=(*_EVERY_STAGE, "segmentation.frames", "vad"),
    packages=("av", "numpy", "faster-whisper", "onnxruntime"),
)
"""Chunks of speech; faster-whisper contains the network."""

SEGMENTATION = StageDependencies(
    modules=(*_EVERY_STAGE, *_DEVICES, "segmentation"),
    packages=("av", "numpy", "lightning", "pyannote.audio", "torch", "whisperx"),
)
"""Speech activity; whisperx contains the model."""

TRANSCRIPTION = StageDependencies(
    modules=(
        *_EVERY_STAGE,
        *_TRANSCRIPT,
        "asr",
        *_DEVICES,
        "text.languages",
        "text.scripts",
        "weights.whisper",
    ),
    packages=("av", "numpy", "opencc-python-reimplemented"),
)
"""Recognised words. The packages of the engine come from its row in the table of engines."""

ALIGNMENT = StageDependencies(
    modules=(*_EVERY_STAGE, *_TRANSCRIPT, "alignment", *_DEVICES, "weights.catalogue"),
    packages=("av", "numpy", "num2words", "safetensors", "torch", "torchaudio", "transformers"),
)
"""Aligned word times."""

DIARIZATION = StageDependencies(
    modules=(*_EVERY_STAGE, "diarization", *_DEVICES, "results.analysis_codec", "segmentation"),
    packages=("av", "numpy", "lightning", "pyannote.audio", "PyYAML", "scipy", "torch", "torchaudio", "whisperx"),
)
"""Speaker turns; whisperx contains the segmentation model of the bundled pipeline."""

WITHOUT_EFFECT = {
    "errors": "an error leaves no result; the codes and texts of notices are in the modules that create them",
    "options": "describes settings; their values are in the key",
    "runtime.process": "only switches usage reports off and limits caches",
    "runtime.progress": "only reports progress",
    "runtime.shared_change": "used only to silence other packages",
    "runtime.silence": "only silences other packages",
    "runtime.telemetry": "only switches usage reports off",
    "weights": "locates, downloads and converts models, which the key identifies by their content",
    "formats": "used only by Transcript.save and Transcript.load, which no stage calls",
    "text.counting": "used only in messages",
    "storage.files": "reads, writes and hashes files; the key has the hash of the recording",
    "transcript.display": "used only to show a transcript",
    "transcript.edits.methods": "used only to correct a transcript",
    "transcript.edits.revision": "a digest of the edits, which no stage creates",
    "transcript.frame": "used only to create DataFrames",
    "transcript.edits.application": "used only to show a corrected transcript",
}
"""Modules that the stages import but that cannot change a result, each with the reason.

A package stands for its modules, except those that a stage declares above, such as "weights.whisper"."""

PACKAGES_WITHOUT_EFFECT = {
    "huggingface-hub": "downloads models, which the key identifies by their content",
    "pandas": "only creates DataFrames",
}
"""Packages that the stages import but that cannot change a result, each with the reason."""
