"""Names of output files."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.errors import SettingsError
from meetscribe.publishing.file_names import Template, stems
from meetscribe.testing import synthetic_meeting

parts = st.sampled_from(["a", "b", "A", "x.1", "x"])
paths = st.lists(st.tuples(parts, parts, parts, st.sampled_from([".wav", ".mp3"])), min_size=1, unique=True).map(
    lambda found: [Path(one, two, three + suffix) for one, two, three, suffix in found]
)


@given(paths)
def test_stems_are_unique(recordings: list[Path]) -> None:
    """Stems are unique for any folders and suffixes, also on a case-insensitive file system."""
    recordings = list({str(path).casefold(): path for path in recordings}.values())
    names = stems(recordings)
    assert set(names) == set(recordings)
    assert len({str(name).casefold() for name in names.values()}) == len(recordings)
    assert not any(name.is_absolute() or ".." in name.parts for name in names.values())


@pytest.mark.parametrize("text", ["{stem}.{speakers}", "fixed", "{stem", "../{stem}", "{stem}/x", "{0}", "{language}"])
def test_invalid_templates_are_errors(text: str) -> None:
    with pytest.raises(SettingsError, match="--name"):
        Template(text)


def test_templates_are_filled(tmp_path: Path) -> None:
    recording = tmp_path / "team" / "sync.3.WAV"
    recording.parent.mkdir()
    recording.write_bytes(b"x")
    template = Template("{folder}_{stem}.{suffix}.{language}.{speaker_count}spk")
    name = template.fill(PurePath("in/sync.3"), recording, synthetic_meeting(speakers=3).transcript)
    assert name == PurePath("in/team_sync.3.WAV.en.3spk")


def test_two_leading_slashes_are_one() -> None:
    """Absolute paths that begin with two slashes have the same stems as with one."""
    assert set(map(str, stems([Path("//a/x.wav"), Path("/b/x.wav")]).values())) == {"a/x", "b/x"}
