"""Where models lie on this machine, and whether what does not could be fetched; fetching is elsewhere.

The Hugging Face hub's cache and torch's are used as their libraries use them, so that a model is kept once.
"""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from meetscribe import telemetry
from meetscribe.timeline import Seconds
from meetscribe.weights.catalogue import TORCHAUDIO_BUNDLES
from meetscribe.weights.needs import Need, Obstacle, missing

PATIENCE: Seconds = 5.0
"""How long to wait for an answer to whether a model is there."""

TORCHAUDIO_URL = "https://download.pytorch.org/torchaudio/models/"


def locate(need: Need) -> Path | None:
    """The directory or file where a model lies whole on this machine, or None; the network is not asked."""
    if need.kind == "torchaudio":
        path = torch_checkpoints() / need.files[0]
        return path if path.is_file() else None
    path = Path(need.model).expanduser()
    if path.is_file():
        return path
    if path.is_dir():
        return None if missing(need, files_in(path)) else path
    return _cached(need)


def local_obstacle(need: Need) -> Obstacle | None:
    """Why a model that was not located cannot be fetched either, as far as that can be seen from here."""
    if need.kind == "torchaudio":
        return None if need.model in TORCHAUDIO_BUNDLES else "unknown"
    if Path(need.model).expanduser().is_dir():
        return "incomplete"
    if _is_path(need.model):
        return "absent"
    if "/" not in need.model:  # the hub's ids of such models all have an owner
        return "unknown"
    return "offline" if _hub_is_off() else None


def remote_obstacle(need: Need, token: str | None = None) -> Obstacle | None:
    """Why a model cannot be fetched, None if it can: its first file is asked for, within `PATIENCE`."""
    if need.kind == "torchaudio":
        return _bundle_obstacle(need)
    telemetry.switch_off()
    from huggingface_hub import hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    from huggingface_hub.utils import (  # type: ignore[attr-defined]  # documented, but not marked as exported
        build_hf_headers,
        get_session,
        hf_raise_for_status,
    )

    try:
        url = hf_hub_url(need.model, need.files[0])
        headers = build_hf_headers(token=token)
        # Not get_hf_file_metadata, which asks six times over half a minute before it gives up.
        hf_raise_for_status(get_session().head(url, headers=headers, timeout=PATIENCE))
    except HFValidationError:
        return "absent"
    except (HfHubHTTPError, OSError) as error:
        return hub_obstacle(error, need)
    return None


def hub_obstacle(error: Exception, need: Need) -> Obstacle:
    """What an error of the hub's library says is in the way."""
    from huggingface_hub import errors

    if isinstance(error, errors.OfflineModeIsEnabled):
        return "offline"
    if isinstance(error, errors.GatedRepoError):
        return "gated"
    if isinstance(error, errors.RepositoryNotFoundError):  # said of a gated one too, to whom it does not know
        return "gated" if need.gated else "unknown"
    response = error.response if isinstance(error, errors.HfHubHTTPError) else None
    status = None if response is None else response.status_code
    if isinstance(error, errors.EntryNotFoundError) and status is not None:
        return "incomplete"
    return "refused" if status in (401, 403) else "unreachable"


def torch_checkpoints() -> Path:
    """The directory where torch keeps what it fetches, found without importing torch."""
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return Path(os.environ.get("TORCH_HOME", f"{cache}/torch")).expanduser() / "hub" / "checkpoints"


def files_in(directory: Path) -> list[str]:
    """The files in a directory and in the directories in it, as they are called on the hub."""

    def walk() -> Iterator[Path]:
        for path in directory.iterdir():
            yield from path.iterdir() if path.is_dir() else (path,)

    return [path.relative_to(directory).as_posix() for path in walk() if path.is_file()]


def _cached(need: Need) -> Path | None:
    """The directory of a model in the hub's cache, None if it is not there or not whole."""
    telemetry.switch_off()
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    first = need.files[0]
    try:
        place = try_to_load_from_cache(need.model, first)
    except HFValidationError:
        return None
    if not isinstance(place, str):
        return None
    path = Path(place).parents[first.count("/")]
    return None if missing(need, files_in(path)) else path


def _is_path(model: str) -> bool:
    """Whether this can only be meant as a path: an id of the hub has one slash at most."""
    return model.startswith((".", "~", "/")) or "\\" in model or model.count("/") > 1


def _hub_is_off() -> bool:
    """Whether the environment forbids asking the hub."""
    telemetry.switch_off()
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


def _bundle_obstacle(need: Need) -> Obstacle | None:
    """Why a bundle's file cannot be fetched, None if it can."""
    request = urllib.request.Request(TORCHAUDIO_URL + need.files[0], method="HEAD")
    try:
        urllib.request.urlopen(request, timeout=PATIENCE).close()
    except urllib.error.HTTPError:
        return "unknown"
    except OSError:
        return "unreachable"
    return None
