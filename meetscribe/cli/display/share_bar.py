"""A progress bar for a share from 0 to 1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

from meetscribe.cli.display import messages
from meetscribe.runtime.progress import Progress, ignore_progress

_STEPS = 1000


@contextmanager
def share_bar(label: str, *, hidden: bool = False) -> Iterator[Progress]:
    """Yield a function that shows a share from 0 to 1 as a bar on stderr.

    The bar appears on the first call, so nothing is shown if there is no work. Without a terminal it never appears.
    """
    if hidden or not messages.is_terminal():
        yield ignore_progress
        return
    bar: Any = None
    with ExitStack() as stack:

        def show(share: float) -> None:
            nonlocal bar
            if bar is None:
                bar = stack.enter_context(click.progressbar(length=_STEPS, label=label, file=sys.stderr))
            bar.update(round(_STEPS * share) - bar.pos)

        yield show
