"""Folders on the file system of another machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.library.stores.sqlite.network_folders import network_file_system

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /srv/nfs nfs4 rw 0 0
/dev/sdb1 /srv/nfs/local ext4 rw 0 0
//server/share /srv/my\\040share cifs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/anna", None),
        ("/srv/nfs", "nfs4"),
        ("/srv/nfs/deep/folder", "nfs4"),
        ("/srv/nfs/local/x", None),
        ("/srv/my share/x", "cifs"),
        ("/srv/nfsx", None),
    ],
)
def test_the_nearest_mount_decides(tmp_path: Path, folder: str, kind: str | None) -> None:
    """The kind of the file system that is mounted nearest to the folder is returned if it is one of a network."""
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert network_file_system(Path(folder), mounts) == kind


def test_without_a_list_of_mounts_nothing_is_known(tmp_path: Path) -> None:
    """Other systems have no such file."""
    assert network_file_system(tmp_path, tmp_path / "missing") is None
