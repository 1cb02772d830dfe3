"""The error for unavailable models: a single error with all reasons and remedies."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from meetscribe.errors import WeightsError, nearest
from meetscribe.weights.catalogue import TORCHAUDIO_BUNDLES, WHISPER
from meetscribe.weights.specification import ModelSpec, Obstacle, missing_files
from meetscribe.weights.store import files_in

Unavailable: TypeAlias = tuple[ModelSpec, Obstacle]
"""An unavailable model and the reason."""

_REASONS: dict[Obstacle, str] = {
    "absent": "there is no such file or directory",
    "offline": "it is not on this machine, and the network is disabled",
    "unreachable": "it is not on this machine, and the server does not answer",
    "failing": "it is not on this machine, and the server reports an internal error",
    "busy": "it is not on this machine, and the server limits the rate of requests",
    "gated": "its conditions must be accepted, and a token is needed",
    "refused": "the token was refused",
    "unknown": "there is no such model, or it is private",
    "no-pip": "it is not on this machine, and pip, which downloads it, is not installed",
    "no-package": "it is not on this machine, and pip cannot download the package that contains it",
}
_RUN_WITHOUT = {
    "alignment": "Or run without the aligner, with word times of the recogniser: meetscribe run RECORDING --no-align",
    "diarization": "Or run without speaker labels: meetscribe run RECORDING --no-diarize",
}
"""How to run without the models of a stage."""

_TOKENS = "https://huggingface.co/settings/tokens"


def unavailable_error(models: Sequence[Unavailable]) -> WeightsError:
    """Return the error for unavailable models."""
    lines = ["a model is missing" if len(models) == 1 else f"{len(models)} models are missing"]
    lines += [f"  {spec}{_details(spec, obstacle)}: {unavailable_reason(spec, obstacle)}" for spec, obstacle in models]
    remedies = [_acceptance(spec) for spec, obstacle in models if spec.gated or obstacle == "gated"]
    remedies += [_remedy(spec, obstacle) for spec, obstacle in models]
    remedies += _transfer([spec for spec, obstacle in models if obstacle not in ("absent", "unknown")])
    remedies += [spec.alternative for spec, _ in models]
    remedies += [_RUN_WITHOUT.get(spec.stage, "") for spec, _ in models]
    return WeightsError("\n".join(lines), "\n".join(dict.fromkeys(filter(None, remedies))))


def _details(spec: ModelSpec, obstacle: Obstacle) -> str:
    """Return the known size and licence in parentheses, for a model that may exist."""
    if obstacle in ("absent", "incomplete", "unknown"):
        return ""
    size = None if spec.size_mb is None else f"about {spec.size_mb} MB"
    known = [part for part in (size, spec.licence) if part is not None]
    return f" ({', '.join(known)})" if known else ""


def unavailable_reason(spec: ModelSpec, obstacle: Obstacle) -> str:
    """Return why a model is not available."""
    if obstacle != "incomplete":
        return _REASONS[obstacle]
    missing = missing_files(spec, files_in(Path(spec.model).expanduser())) if _is_directory(spec) else spec.files
    return f"it has no {' and no '.join(pattern.replace('|', ' or ') for pattern in missing)}"


def _remedy(spec: ModelSpec, obstacle: Obstacle) -> str:
    """Return the remedy for an obstacle, except for accepting conditions."""
    if obstacle == "unknown":
        return f"Check the name {spec.model}{_suggestion(spec)}; a private model needs a token in HF_TOKEN."
    return {
        "gated": "",
        "absent": f"Check the path {spec.model}.",
        "incomplete": "Add the missing files, or name another model.",
        "offline": f"Run once without --offline{_offline_variable(spec)}, to fetch the missing models.",
        "unreachable": "Check the connection, and HTTPS_PROXY or HF_ENDPOINT if one is needed.",
        "failing": "Try again later, or set HF_ENDPOINT to a mirror.",
        "busy": f"Try again later{_higher_limit(spec)}.",
        "refused": f"Create a new token at {_TOKENS}, and set HF_TOKEN to it.",
        "no-pip": f"Install it: {Path(sys.executable).name} -m ensurepip",
        "no-package": "Check the connection, and the index and proxy of pip: pip config list",
    }[obstacle]


def _offline_variable(spec: ModelSpec) -> str:
    """Return " and HF_HUB_OFFLINE", which also disables the network, except for models in packages."""
    return "" if spec.kind == "package" else " and HF_HUB_OFFLINE"


def _higher_limit(spec: ModelSpec) -> str:
    """Return how to raise the rate limit, which only the hub permits."""
    return "; a token in HF_TOKEN raises the limit" if spec.kind == "huggingface" else ""


def _acceptance(spec: ModelSpec) -> str:
    """Return the instructions to get access to a gated model."""
    return (
        f"Accept the conditions at {spec.page}, create a token at {_TOKENS}, "
        "and set HF_TOKEN to it or run: hf auth login"
    )


def _suggestion(spec: ModelSpec) -> str:
    """Return the nearest known name in parentheses, for a bundle or a recogniser given by name; otherwise ""."""
    if spec.kind == "torchaudio":
        return f" ({nearest(spec.model, TORCHAUDIO_BUNDLES)})"
    return f" ({nearest(spec.model, WHISPER)})" if spec.stage == "asr" and "/" not in spec.model else ""


def _transfer(specs: Sequence[ModelSpec]) -> list[str]:
    """Return the instructions to transfer models from a machine with a network."""
    names = " ".join(spec.model for spec in specs if not _is_directory(spec))
    if not names:
        return []
    return [
        "Or fetch on another machine, copy the folder to this one, and name it:",
        f"  meetscribe weights pull {names} --to weights",
        "  meetscribe run RECORDING --weights weights",
    ]


def _is_directory(spec: ModelSpec) -> bool:
    """Return whether the model is given as a directory."""
    return Path(spec.model).expanduser().is_dir()
