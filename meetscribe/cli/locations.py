"""The recordings and output folders of a batch: local, or at addresses such as s3://bucket/out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from meetscribe import pipeline
from meetscribe.cli.cluster import on_cluster
from meetscribe.cli.sections import OUTPUT, option
from meetscribe.corpus.inputs import find_recordings
from meetscribe.corpus.remote.files import Location, RemoteFile, is_address, location_of
from meetscribe.errors import InputError
from meetscribe.storage.files import is_file, is_folder


class LocationType(click.ParamType[Location]):
    """A folder: a path, or an address such as s3://bucket/out."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Location:
        """Return the path or the address in an argument."""
        return location_of(value) if isinstance(value, str) else value


output_folder = option(
    "-o",
    "--output",
    type=LocationType(),
    metavar="DIR",
    default=".",
    section=OUTPUT,
    help="Folder or address (s3://bucket/out) for the output files; created if missing. With -, meetscribe run prints "
    "the output on stdout, in the only format of -f.  [default: current folder]",
)
"""The option -o of commands that can write to an address."""


def recordings_of_batch(arguments: Sequence[str], given: Mapping[str, Any]) -> tuple[Location, ...]:
    """Return the recordings named by the arguments and by --list.

    Raises InputError if there are none or, without --executor ray, if none of them exists; and the errors of
    `find_recordings`.
    """
    recordings = find_recordings(arguments, given["listed"])
    if not recordings:
        raise InputError(f"{given['listed']} names no recording", "Write one path per line.")
    if not on_cluster(given) and not any(map(_may_exist, recordings)):
        pipeline.require_recording(str(recordings[0]))
    return recordings


def _may_exist(recording: Location) -> bool:
    """Return whether a recording is remote, or an existing file or folder."""
    return isinstance(recording, RemoteFile) or is_file(recording) or is_folder(recording)


def local_folder(folder: Location) -> Path:
    """Return a local folder as it is, the current folder for an address."""
    return folder if isinstance(folder, Path) else Path()


def manifest_folder(recordings: Sequence[Location], given: Mapping[str, Any]) -> Path:
    """Return the default folder of the manifest: the output folder or, with --beside, the common parent.

    It is the current folder if the output folder, or a recording with --beside, is remote.
    """
    if not given["beside"]:
        return local_folder(given["output"])
    local = [path.absolute().parent for path in recordings if isinstance(path, Path)]
    return Path(os.path.commonpath(local)) if len(local) == len(recordings) else Path()


def shown_output(output: str) -> str:
    """Return an output file for printing: a path relative to the current folder, or an address."""
    return output if is_address(output) else os.path.relpath(output)
