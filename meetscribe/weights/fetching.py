"""Fetching models to where their libraries look for them; each file appears whole or not at all."""

from __future__ import annotations

import errno
import urllib.error
from pathlib import Path

from meetscribe import telemetry
from meetscribe.errors import OutputError
from meetscribe.progress import Progress, ignore_progress
from meetscribe.weights import store
from meetscribe.weights.needs import Need, Obstacle, chosen, missing
from meetscribe.weights.remedies import unmet

_NO_PLACE = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EROFS", "EACCES")}


def fetch(need: Need, token: str | None = None, progress: Progress = ignore_progress) -> Path:
    """Where the model lies, after fetching what of it is not here yet; `progress` rises with each file.

    Raises WeightsError if it cannot be fetched, OutputError if this machine cannot take it.
    """
    path = store.locate(need)
    if path is None:
        obstacle = store.local_obstacle(need)
        if obstacle is None:
            obstacle = _bundle(need) if need.kind == "torchaudio" else _files(need, token, progress)
        path = store.locate(need)
        if path is None:
            raise unmet([(need, obstacle or "incomplete")])
    progress(1.0)
    return path


def _files(need: Need, token: str | None, progress: Progress) -> Obstacle | None:
    """Fetch a model into the hub's cache; returns why that cannot be done."""
    telemetry.switch_off()
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        listed = HfApi().model_info(need.model, files_metadata=True, token=token, timeout=2 * store.PATIENCE)
        sizes = {file.rfilename: file.size or 0 for file in listed.siblings or ()}
        if missing(need, sizes):
            return "incomplete"
        files = chosen(need, sizes)
        done, total = 0, sum(sizes[name] for name in files) or 1
        for name in files:
            hf_hub_download(need.model, name, token=token)
            done += sizes[name]
            progress(done / total)
    except HFValidationError:
        return "absent"
    except (HfHubHTTPError, OSError) as error:
        _check_place(error, need)
        return store.hub_obstacle(error, need)
    return None


def _bundle(need: Need) -> Obstacle | None:
    """Fetch a bundle's file to where torch looks for it; returns why that cannot be done."""
    import torch

    path = store.torch_checkpoints() / need.files[0]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.hub.download_url_to_file(store.TORCHAUDIO_URL + path.name, str(path))
    except urllib.error.HTTPError:
        return "unknown"
    except OSError as error:
        _check_place(error, need)
        return "unreachable"
    return None


def _check_place(error: Exception, need: Need) -> None:
    """Raise OutputError if it was this machine that would not take the model."""
    if isinstance(error, OSError) and error.errno is not None and error.errno in _NO_PLACE:
        raise OutputError(
            f"{need.model} cannot be stored: {error.strerror}",
            "Make room, or set HF_HOME or TORCH_HOME to a directory that can take it.",
        ) from error
