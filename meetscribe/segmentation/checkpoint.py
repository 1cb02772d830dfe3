"""Models of pyannote.audio read from files without running code from them; where these lie is not known here.

A checkpoint is a pickle, and pyannote.audio unpickles it with `weights_only=False`, so that a file from
anywhere may run anything. Here torch's restricted unpickler reads it first, which builds nothing but
tensors, plain containers and the few inert classes below; the parts that make up the model are then
handed to `Model.from_pretrained` in memory.

What a checkpoint must hold, whatever else it holds (pyannote.audio itself also asks for a
`pytorch-lightning_version`):

    state_dict                    the tensors of the model, of any floating type
    hyper_parameters              the arguments of its class that are not defaults
    pyannote.audio:
        versions                  {"pyannote.audio": "4.0.7"}
        architecture              {"module": "pyannote.audio.models.…", "class": "XVectorMFCC"}
        specifications            pyannote.audio.core.task.Specifications
"""

from __future__ import annotations

import hashlib
import importlib
import io
import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from meetscribe.errors import WeightsError, first_line, os_reason
from meetscribe.runtime import silence, telemetry

if TYPE_CHECKING:
    from pyannote.audio import Model

PARTS = ("state_dict", "hyper_parameters", "pyannote.audio")

ARCHITECTURES = "pyannote.audio.models."
"""Where a model's class may come from; importing any other module would be running what the file names."""

# Old Lightning checkpoints keep the state of their training beside the model, hence omegaconf.
_INERT = (
    "builtins.dict",
    "builtins.int",
    "builtins.list",
    "collections.defaultdict",
    "omegaconf.base.ContainerMetadata",
    "omegaconf.base.Metadata",
    "omegaconf.listconfig.ListConfig",
    "omegaconf.nodes.AnyNode",
    "pyannote.audio.core.model.Introspection",
    "pyannote.audio.core.task.Problem",
    "pyannote.audio.core.task.Resolution",
    "pyannote.audio.core.task.Specifications",
    "torch.torch_version.TorchVersion",
    "typing.Any",
)


def load_checkpoint(path: Path, sha256: str | None = None) -> Model:
    """The model in a pyannote.audio checkpoint, on the CPU and in evaluation mode.

    Raises WeightsError if the file cannot be read, its hash is not `sha256`, it holds anything that would
    have to run, or it is not a model of pyannote.audio.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsError(f"the model {path} cannot be read: {os_reason(error)}", "Check the path.") from error
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise WeightsError(f"{path} is not the file it should be: its SHA-256 is another", "Install it again.")
    telemetry.switch_off()
    with silence.loading():
        return _model(_parts(content, path), path)


def _parts(content: bytes, path: Path) -> dict[str, Any]:
    """The parts of a checkpoint that make up the model; raises WeightsError if one is missing."""
    import torch

    try:
        with torch.serialization.safe_globals(list(_inert())):
            loaded = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise WeightsError(
            f"{path} is no checkpoint, or holds more than weights: {first_line(error)}",
            "It was not loaded. Use a checkpoint of pyannote.audio whose origin is known.",
        ) from error
    except (RuntimeError, EOFError, ValueError) as error:
        raise WeightsError(f"{path} is damaged: {first_line(error)}", "Fetch it again.") from error
    missing = [part for part in PARTS if not isinstance(loaded, Mapping) or part not in loaded]
    if missing:
        raise WeightsError(
            f"{path} is not a checkpoint of pyannote.audio: it has no {', '.join(missing)}",
            "Give the path of a pytorch_model.bin that pyannote.audio has saved, or of its folder.",
        )
    return {part: loaded[part] for part in PARTS}


def _model(parts: dict[str, Any], path: Path) -> Model:
    """The model that the parts describe; raises WeightsError if pyannote.audio does not know it."""
    import lightning
    import torch
    from pyannote.audio import Model

    buffer = io.BytesIO()
    # With the version of today nothing is migrated: only the state of training, left out, ever changed.
    torch.save({**parts, "pytorch-lightning_version": lightning.__version__}, buffer)
    buffer.seek(0)
    try:
        module = parts["pyannote.audio"]["architecture"]["module"]
        if not module.startswith(ARCHITECTURES):
            raise WeightsError(
                f"{path} asks for code from {module}, which is not part of pyannote.audio",
                "It was not loaded.",
            )
        model: Any = Model.from_pretrained(buffer)
    except (KeyError, TypeError, AttributeError, ImportError, RuntimeError) as error:
        raise WeightsError(f"{path} is not a model this pyannote.audio knows: {first_line(error)}") from error
    return cast(Model, model.eval())


def _inert() -> Iterator[tuple[Any, str]]:
    """The classes the unpickler may build, as far as they are there, each with its name in the file."""
    for name in _INERT:
        module, _, attribute = name.rpartition(".")
        found = getattr(importlib.import_module(module), attribute, None)
        if found is not None:
            yield found, name
