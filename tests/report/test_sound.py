from __future__ import annotations

import base64
import io
from pathlib import Path

from meetscribe.audio import load_audio
from meetscribe.audio.encoding import BITS_PER_SECOND
from meetscribe.report import embed_sound, link_sound
from meetscribe.report.sound import relative_url
from tests.conftest import SAMPLES


def test_a_link_is_relative_and_escaped(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    sound = link_sound(tmp_path / "a b#1?.flac", tmp_path / "pages")
    assert sound.url == "../a%20b%231%3F.flac" == relative_url(tmp_path / "a b#1?.flac", tmp_path / "pages")
    assert (sound.name, sound.size) == ("a b#1?.flac", None)


def test_embedded_sound_is_the_whole_recording(tmp_path: Path) -> None:
    """The data URL holds Opus of the same length; its size is stated in bytes of the page; progress ends with 1."""
    done: list[float] = []
    sound = embed_sound(SAMPLES / "standup.flac", done.append)
    head, _, coded = sound.url.partition(",")
    (tmp_path / "sound.webm").write_bytes(base64.b64decode(coded))
    recording, embedded = load_audio(SAMPLES / "standup.flac"), load_audio(tmp_path / "sound.webm")
    assert head == "data:audio/webm;base64"
    assert sound.size == len(sound.url) < 1.2 * 4 / 3 * BITS_PER_SECOND / 8 * recording.duration
    assert abs(embedded.duration - recording.duration) < 0.05
    assert done == sorted(done)
    assert done[-1] == 1
    assert io.BytesIO(base64.b64decode(coded)).read(4) == b"\x1aE\xdf\xa3"
