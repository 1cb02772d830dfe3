"""Check before the first stage that all models of a run are on this machine or can be fetched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from meetscribe.errors import OutputError
from meetscribe.weights.remedies import Unavailable, unavailable_error
from meetscribe.weights.sources import bundles, hub, packages
from meetscribe.weights.specification import Kind, LocatedModel, ModelSpec, Obstacle
from meetscribe.weights.store import DISK_REMEDY, free_space, hub_cache, local_obstacle, locate, torch_checkpoints


def check(
    specs: Sequence[ModelSpec], *, offline: bool = False, token: str | None = None, folder: Path | None = None
) -> tuple[LocatedModel, ...]:
    """Return each model once, with its path if it is on this machine.

    `folder` is a folder of models, searched first. The network is used only for models that are not on this machine,
    and never with `offline`. Raises one WeightsError with all unavailable models, their reasons and remedies, and
    OutputError if the disk is too small.
    """
    available: list[LocatedModel] = []
    unavailable: list[Unavailable] = []
    servers: dict[Kind, Obstacle] = dict.fromkeys(get_args(Kind), "offline") if offline else {}
    for spec in dict.fromkeys(specs):
        path = locate(spec, folder)
        obstacle = _obstacle(spec, token, servers) if path is None else None
        if obstacle is None:
            available.append(LocatedModel(spec, path))
        else:
            unavailable.append((spec, obstacle))
    if unavailable:
        raise unavailable_error(unavailable)
    _check_disk([model.spec for model in available if model.path is None])
    return tuple(available)


def _obstacle(spec: ModelSpec, token: str | None, servers: dict[Kind, Obstacle]) -> Obstacle | None:
    """Return why a model that is not on this machine cannot be fetched, None if it can.

    `servers` collects the obstacles of entire servers, so that an unreachable server is requested only once.
    """
    obstacle = local_obstacle(spec) or servers.get(spec.kind)
    if obstacle is not None:
        return obstacle
    if spec.kind == "package":
        obstacle = packages.find_obstacle()
    else:
        obstacle = bundles.find_obstacle(spec) if spec.kind == "torchaudio" else hub.find_obstacle(spec, token)
    if obstacle in ("unreachable", "failing", "busy"):
        servers[spec.kind] = obstacle
    return obstacle


def _check_disk(specs: Sequence[ModelSpec]) -> None:
    """Raise OutputError if the known sizes of the models to fetch exceed the free space."""
    folders = {"huggingface": hub_cache, "torchaudio": torch_checkpoints, "package": packages.packages_folder}
    for kind, cache in folders.items():
        size = sum(spec.size_mb or 0 for spec in specs if spec.kind == kind)
        if size and size * 1e6 > (free := free_space(cache())):
            raise OutputError(
                f"the models to fetch do not fit: {size} MB are needed at {cache()}, {free / 1e6:.0f} MB are free",
                DISK_REMEDY,
            )
