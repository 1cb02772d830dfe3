"""Output folders at addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.cli.locations import LocationType, local_folder, manifest_folder, shown_output
from meetscribe.corpus import Location, RemoteFile

BUCKET = RemoteFile("s3://bucket/out")


def test_the_option_takes_paths_and_addresses() -> None:
    convert = LocationType().convert
    assert (convert("out", None, None), convert("s3://bucket/out/", None, None)) == (Path("out"), BUCKET)
    assert convert(BUCKET, None, None) is BUCKET


@pytest.mark.parametrize(
    ("recordings", "output", "beside", "folder"),
    [
        ([Path("/in/a.wav")], Path("out"), False, Path("out")),
        ([Path("/in/a.wav")], BUCKET, False, Path()),
        ([Path("/in/a/x.wav"), Path("/in/b/x.wav")], Path(), True, Path("/in")),
        ([Path("/in/a/x.wav"), RemoteFile("s3://bucket/x.wav")], Path(), True, Path()),
    ],
)
def test_the_manifest_is_on_this_machine(
    recordings: list[Location], output: Location, beside: bool, folder: Path
) -> None:
    assert manifest_folder(recordings, {"output": output, "beside": beside}) == folder
    assert local_folder(output) in (output, Path())


def test_outputs_are_printed_as_paths_from_here_or_as_addresses() -> None:
    assert shown_output(str(Path("out/a.json").absolute())) == "out/a.json"
    assert shown_output("s3://bucket/out/a.json") == "s3://bucket/out/a.json"
