"""Subtitles are complete files at any moment, and follow corrections."""

from __future__ import annotations

from pathlib import Path

from meetscribe import formats
from meetscribe.live import events
from meetscribe.live.running.captions import Captions
from meetscribe.transcript import Word


def test_files_follow_the_session(tmp_path: Path) -> None:
    """SRT and VTT are written with each closed segment and each revision; other formats are left to the end."""
    files = {name: tmp_path / f"talk.{name}" for name in ("json", "srt", "vtt")}
    captions = Captions(files)
    drafts = [
        events.commit("s0", 0, [Word("One", 0.0, 0.4)]),
        events.commit("s0", 1, [Word("two.", 0.5, 0.9)], closed=True),
        events.revise_speaker("s0", 1, 0, 1, "SPEAKER_00"),
        events.speakers({"SPEAKER_00": "Anna"}, 1.0),
    ]
    seen = []
    for seq, draft in enumerate(drafts, start=1):
        captions(draft.published(seq, 1.0))
        seen.append(formats.load(files["vtt"]).edited().speakers if files["vtt"].exists() else None)
    assert seen == [None, (), ("SPEAKER_00",), ("Anna",)]
    assert "One two." in files["srt"].read_text()
    assert not files["json"].exists()
    assert captions.error is None


def test_a_file_that_cannot_be_written_does_not_stop_the_session(tmp_path: Path) -> None:
    """It is written at the next change, if possible."""
    captions = Captions({"srt": tmp_path / "missing" / "talk.srt"})
    captions(events.commit("s0", 0, [Word("One", 0.0, 0.4)], closed=True).published(1, 1.0))
    assert captions.error is not None
    (tmp_path / "missing").mkdir()
    captions(events.speakers({"SPEAKER_00": "Anna"}, 1.0).published(2, 1.0))
    assert captions.error is None, "it has been written since"
