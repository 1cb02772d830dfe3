"""Keeping the libraries that fetch models off the network; fetching is in fetching."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def network(allowed: bool) -> Iterator[None]:
    """Meanwhile the libraries that fetch models use the network only if that is `allowed`."""
    if allowed:
        yield
        return
    from huggingface_hub import constants
    from huggingface_hub.utils._http import reset_sessions

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    reset_sessions()
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before
        reset_sessions()
