"""The flags of recordings in which each speaker has a microphone, and what makes their transcripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from meetscribe.cli.options import SPEAKERS, SectionedOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from meetscribe.pipeline import StageProgress
    from meetscribe.settings import Settings
    from meetscribe.transcript import Transcript

C = TypeVar("C", bound="Callable[..., Any]")


class Make(Protocol):
    """What makes a transcript."""

    def __call__(self, settings: Settings | None = None, *, progress: StageProgress | None = None) -> Transcript:
        """As `pipeline.run`, of recordings that are known."""


def microphone_flags(command: C) -> C:
    """The command with --channels and --per-speaker."""
    return _CHANNELS(_PER_SPEAKER(command))


def maker(recordings: Sequence[str], given: Mapping[str, Any]) -> Make | None:
    """What makes the transcript, None if each recording is of all speakers; raises UsageError for both flags."""
    if given["per_speaker"] and given["channels"] == "split":
        raise click.UsageError("--per-speaker and --channels split are two ways to say who speaks: leave out one.")
    if not given["per_speaker"] and given["channels"] != "split":
        if given["speakers_each"] is not None:
            raise click.UsageError("--speakers-each goes with --channels split or --per-speaker.")
        return None
    from functools import partial

    from meetscribe.pipeline.channels import run_channels, run_speakers

    if given["per_speaker"]:
        return partial(run_speakers, recordings)
    if len(recordings) > 1:
        raise click.UsageError("--channels split is for one recording.")
    return partial(run_channels, recordings[0])


def for_microphones(settings: Settings) -> Settings:
    """The settings with which each one's sound is worked on: nobody is searched for where none is shared."""
    from dataclasses import replace

    wanted = settings.diarization.enabled and any(sharing != 1 for sharing in settings.diarization.sharing)
    return replace(settings, diarization=replace(settings.diarization, enabled=wanted))


_CHANNELS = click.option(
    "--channels",
    type=click.Choice(["mix", "split"]),
    default="mix",
    cls=SectionedOption,
    section=SPEAKERS,
    help="split: each channel of the recording is a speaker, or has its own  [default: mix]",
)
_PER_SPEAKER = click.option(
    "--per-speaker",
    is_flag=True,
    cls=SectionedOption,
    section=SPEAKERS,
    help="each RECORDING is one speaker of the same meeting, and named so; files are named after the first",
)
