"""Download models for diarization from the Hugging Face hub, with helpful errors."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from huggingface_hub import hf_hub_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError

from meetscribe.errors import WeightsError
from meetscribe.runtime import telemetry


@contextlib.contextmanager
def fetching(name: str) -> Iterator[None]:
    """Convert errors of the hub (gated, unknown or unreachable model) into a WeightsError."""
    try:
        yield
    except HFValidationError as error:
        raise WeightsError(f"{name} is neither a file or directory nor an id on the hub", "Check it.") from error
    except (HfHubHTTPError, OSError) as error:
        raise unreachable(name) from error


def unreachable(name: str) -> WeightsError:
    """Return the error for a model that could not be fetched, with all remedies."""
    return WeightsError(
        f"{name} could not be fetched from the Hugging Face hub",
        f"Accept its conditions at https://huggingface.co/{name}, create a token at "
        "https://huggingface.co/settings/tokens, and set HF_TOKEN to it.\n"
        "Without a network: copy its files into a directory, and give its path.\n"
        "Without an account: diarization.pipeline=bundled needs neither.",
    )


def fetch(
    name: str, file: str, token: str | None = None, *, offline: bool = False, revision: str | None = None
) -> Path:
    """Return the path of a file of a model in the hub's cache, after fetching it unless `offline`.

    Raises WeightsError if it is not in the cache and cannot be fetched.
    """
    telemetry.switch_off()
    with fetching(name):
        return Path(hf_hub_download(name, file, revision=revision, token=token, local_files_only=offline))
