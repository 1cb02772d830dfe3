"""Detection of network file systems, on which file locks are unreliable."""

from __future__ import annotations

from pathlib import Path

_MOUNTS = Path("/proc/self/mounts")
_NETWORK = frozenset(
    "9p afs afpfs ceph cifs davfs fuse.ceph fuse.davfs2 fuse.gcsfuse fuse.glusterfs fuse.rclone fuse.s3fs fuse.sshfs "
    "glusterfs lustre ncpfs nfs nfs4 smb3 smbfs".split()
)


def network_file_system(folder: Path, mounts: Path = _MOUNTS) -> str | None:
    """Return the type of a folder's network file system, such as "nfs4".

    Returns None for a local one, and on systems without a list of mounts (macOS, Windows). The folder need not exist.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
        resolved = folder.resolve()
    except (OSError, RuntimeError):  # RuntimeError: symbolic links that form a loop
        return None
    kinds = {Path(_unescaped(fields[1])): fields[2] for line in lines if len(fields := line.split()) > 2}
    kind = next((kinds[each] for each in (resolved, *resolved.parents) if each in kinds), "")
    return kind if kind in _NETWORK else None


def _unescaped(path: str) -> str:
    """Return a path from the list of mounts, with its octal escapes decoded."""
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        path = path.replace(code, character)
    return path
