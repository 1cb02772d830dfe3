"""Restricted unpickling of pyannote.audio checkpoints.

A checkpoint is a pickle, which pyannote.audio loads with `weights_only=False`, so that a malicious file can run any
code. Here torch's restricted unpickler reads the file first: it creates only tensors, plain containers and the safe
classes below. The parts that define the model are then passed to `Model.from_pretrained` in memory.

A checkpoint must contain (pyannote.audio itself also requires `pytorch-lightning_version`):

    state_dict                    the tensors of the model, of any floating type
    hyper_parameters              the arguments of its class that are not defaults
    pyannote.audio:
        versions                  {"pyannote.audio": "4.0.7"}
        architecture              {"module": "pyannote.audio.models.…", "class": "XVectorMFCC"}
        specifications            pyannote.audio.core.task.Specifications
"""

from __future__ import annotations

import importlib
import io
import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import lightning
import torch
from pyannote.audio import Model

from meetscribe.errors import WeightsError, first_line

PARTS = ("state_dict", "hyper_parameters", "pyannote.audio")

ARCHITECTURES = "pyannote.audio.models."
"""The package that must contain the class of a model: importing any other module would run its code."""

# Old Lightning checkpoints also contain the training state, which uses omegaconf.
_HARMLESS = (
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


def read_parts(content: bytes, path: Path) -> dict[str, Any]:
    """Return the parts of a checkpoint that define the model.

    Raises WeightsError if the content is damaged, would run code, or lacks a part; `path` is used in the message.
    """
    try:
        with torch.serialization.safe_globals(list(_harmless_classes())):
            loaded = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise WeightsError(
            f"{path} is not a checkpoint, or contains more than weights: {first_line(error)}",
            "It was not loaded. Use a checkpoint of pyannote.audio from a source that you trust.",
        ) from error
    except (RuntimeError, EOFError, ValueError) as error:
        raise WeightsError(f"{path} is damaged: {first_line(error)}", "Fetch it again.") from error
    missing = [part for part in PARTS if not isinstance(loaded, Mapping) or part not in loaded]
    if missing:
        raise WeightsError(
            f"{path} is not a checkpoint of pyannote.audio: it has no {', '.join(missing)}",
            "Give the path of a pytorch_model.bin saved by pyannote.audio, or of its folder.",
        )
    return {part: loaded[part] for part in PARTS}


def build_model(parts: dict[str, Any], path: Path) -> Model:
    """Return the model defined by the parts, in evaluation mode; raises WeightsError if it is not supported."""
    buffer = io.BytesIO()
    # With the current version, Lightning does not migrate; its migrations affect only the training state.
    torch.save({**parts, "pytorch-lightning_version": lightning.__version__}, buffer)
    buffer.seek(0)
    try:
        module = parts["pyannote.audio"]["architecture"]["module"]
        if not module.startswith(ARCHITECTURES):
            raise WeightsError(
                f"{path} requires code from {module}, which is not part of pyannote.audio",
                "It was not loaded.",
            )
        model: Any = Model.from_pretrained(buffer)
    except (KeyError, TypeError, AttributeError, ImportError, RuntimeError) as error:
        raise WeightsError(
            f"{path} is not a model that the installed pyannote.audio supports: {first_line(error)}"
        ) from error
    return cast(Model, model.eval())


def _harmless_classes() -> Iterator[tuple[Any, str]]:
    """Yield the classes that the unpickler may create, each with its name in the file, as `safe_globals` takes them.

    Classes that the installed versions lack are left out.
    """
    for name in _HARMLESS:
        module, _, attribute = name.rpartition(".")
        safe_class = getattr(importlib.import_module(module), attribute, None)
        if safe_class is not None:
            yield safe_class, name
