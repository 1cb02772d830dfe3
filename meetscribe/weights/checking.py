"""Whether all models of a run can be had, before any stage starts; what is said if not is in remedies."""

from __future__ import annotations

from collections.abc import Sequence

from meetscribe.weights.needs import Found, Kind, Need, Obstacle
from meetscribe.weights.remedies import Unmet, unmet
from meetscribe.weights.store import local_obstacle, locate, remote_obstacle


def check(needs: Sequence[Need], *, offline: bool = False, token: str | None = None) -> tuple[Found, ...]:
    """Each need, once, with where its model lies, or without if it can be fetched.

    Only what is not here is asked for on the network, and nothing if `offline`. Raises one WeightsError
    that names every model that cannot be had, why, and each way to get it.
    """
    found: list[Found] = []
    without: list[Unmet] = []
    cut_off: dict[Kind, Obstacle] = {"huggingface": "offline", "torchaudio": "offline"} if offline else {}
    for need in dict.fromkeys(needs):
        path = locate(need)
        obstacle = None
        if path is None:
            obstacle = local_obstacle(need) or cut_off.get(need.kind) or remote_obstacle(need, token)
        if obstacle is None:
            found.append(Found(need, path))
            continue
        without.append((need, obstacle))
        if obstacle == "unreachable":  # so will the next one be, and each would be waited for
            cut_off[need.kind] = obstacle
    if without:
        raise unmet(without)
    return tuple(found)
