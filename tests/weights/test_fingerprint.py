"""Models are identified by revision, content or name."""

from __future__ import annotations

from pathlib import Path

from meetscribe.weights.fingerprint import fingerprint_of, identify


def test_the_content_identifies_files(tmp_path: Path) -> None:
    """The fingerprint depends on names, content and version, not on the folder."""
    for folder, content in (("a", b"x"), ("b", b"x"), ("c", b"y")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "model.bin").write_bytes(content)
    a, b, c = (tmp_path / folder / "model.bin" for folder in "abc")
    assert fingerprint_of([a]) == fingerprint_of([b]) != fingerprint_of([c])
    assert fingerprint_of([a]) != fingerprint_of([a], b"2")
    assert identify(str(a.parent)) == identify(str(b.parent)) == identify(str(a))


def test_a_revision_identifies_a_model_of_the_hub() -> None:
    """In the hub's cache the path holds the revision; other names stand for themselves."""
    assert identify("/cache/models--me--whisper/snapshots/0123abc") == "models--me--whisper@0123abc"
    assert identify("small") == "small"
