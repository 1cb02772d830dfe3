"""Whether all models of a run can be had, before any stage starts; what is said if not is in remedies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from meetscribe.errors import OutputError
from meetscribe.weights import bundles, hub
from meetscribe.weights.needs import Found, Kind, Need, Obstacle
from meetscribe.weights.remedies import Unmet, unmet
from meetscribe.weights.store import MAKE_ROOM, free_at, hub_cache, local_obstacle, locate, torch_checkpoints


def check(
    needs: Sequence[Need], *, offline: bool = False, token: str | None = None, folder: Path | None = None
) -> tuple[Found, ...]:
    """Each need, once, with where its model lies, or without if it can be fetched.

    `folder` is one of models, which is looked into first. Only what is not here is asked for on the network, and
    nothing if `offline`. Raises one WeightsError that names every model that cannot be had, why, and each way to
    get it; OutputError if they would not fit.
    """
    found: list[Found] = []
    without: list[Unmet] = []
    cut_off: dict[Kind, Obstacle] = {"huggingface": "offline", "torchaudio": "offline"} if offline else {}
    for need in dict.fromkeys(needs):
        path = locate(need, folder)
        obstacle = None
        if path is None:
            obstacle = local_obstacle(need) or cut_off.get(need.kind) or _remote_obstacle(need, token)
        if obstacle is None:
            found.append(Found(need, path))
            continue
        without.append((need, obstacle))
        if obstacle in ("unreachable", "failing", "busy"):  # so will the next one be, and each would be waited for
            cut_off[need.kind] = obstacle
    if without:
        raise unmet(without)
    _check_room([each.need for each in found if each.path is None])
    return tuple(found)


def _check_room(needs: Sequence[Need]) -> None:
    """Raise OutputError if what is to be fetched will not fit, as far as its size is known."""
    for kind, place in (("huggingface", hub_cache), ("torchaudio", torch_checkpoints)):
        wanted = sum(need.size_mb or 0 for need in needs if need.kind == kind)
        if wanted and wanted * 1e6 > (free := free_at(place())):
            raise OutputError(
                f"what is to be fetched does not fit: about {wanted} MB at {place()}, where {free / 1e6:.0f} are free",
                MAKE_ROOM,
            )


def _remote_obstacle(need: Need, token: str | None) -> Obstacle | None:
    """Why a model cannot be fetched, None if it can: where it would come from is asked."""
    return bundles.obstacle_to(need) if need.kind == "torchaudio" else hub.obstacle_to(need, token)
