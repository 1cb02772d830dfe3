"""The files of jobs, and the recordings that clients may name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.server.jobs.files import ServerFiles, plain_suffix


@given(st.text(max_size=40))
def test_a_suffix_is_plain(name: str) -> None:
    """Whatever the name of a client, the suffix has a dot and up to seven letters or digits, or is empty."""
    suffix = plain_suffix(name)
    assert suffix == "" or (suffix[0] == "." and suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= 8)


@pytest.mark.parametrize("id", ["", "..", "a/b", "0" * 15, "G" * 16, "0" * 16 + "/.."])
def test_only_ids_name_folders(tmp_path: Path, id: str) -> None:
    with pytest.raises(InputError):
        ServerFiles(tmp_path).job(id, "a.wav")


@given(st.lists(st.sampled_from(["..", ".", "talks", "a.wav", "", "/", "\\", "link", "inner"]), max_size=5))
def test_no_path_leaves_its_folder(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    """What is found lies below the folder, through no link."""
    root = tmp_path_factory.getbasetemp() / "inputs"
    talks = root / "talks"
    (talks / "inner").mkdir(parents=True, exist_ok=True)
    for file in (talks / "a.wav", talks / "inner" / "a.wav", root / "a.wav"):
        file.write_bytes(b"x")
    if not (talks / "link").is_symlink():
        (talks / "link").symlink_to(root)
    try:
        found = ServerFiles(root, (talks.resolve(),)).find_input("/".join(parts))
    except InputError:
        return
    assert found in (talks.resolve() / "a.wav", talks.resolve() / "inner" / "a.wav")
