"""The accessor `frame.meet`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from meetscribe.errors import InputError
from meetscribe.transcript import Level
from meetscribe.transcript.frame.columns import SCHEMA
from tests.support.talks import FRAMED as SMALL


def test_the_accessor(tmp_path: Path) -> None:
    """`frame.meet` gives speakers, talk time and text, and writes files, for a frame of any level."""
    for level in SCHEMA:
        frame = SMALL.to_frame(level)
        assert frame.meet.labels == ["A"]
        assert frame.meet.talk_time().to_dict("list") == {"speaker": ["A"], "seconds": [2.0], "share": [1.0]}
        assert frame.meet.text("A") == "Hi. Yes."
        frame.meet.export(tmp_path / "m.txt")
        assert "A: Hi. Yes.\n" in (tmp_path / "m.txt").read_text()
        assert len(frame.iloc[:0].meet.talk_time()) == 0


def test_the_accessor_is_for_our_frames() -> None:
    """Other frames have no `meet`."""
    SMALL.to_frame()
    with pytest.raises(AttributeError, match="lacks start, end, speaker"):
        pd.DataFrame({"a": [1]}).meet  # noqa: B018


@pytest.mark.parametrize("level", SCHEMA)
def test_a_frame_of_several_meetings_is_not_read_as_one(level: Level) -> None:
    """Statistics are by meeting; a transcript, or talk time, needs one meeting, and the error says how to take it."""
    meetings = {name: SMALL.rename({"A": name.upper()}) for name in ("a", "b")}
    frame = pd.concat([each.to_frame(level).assign(meeting=name) for name, each in meetings.items()])
    for use in (frame.meet.transcript, frame.meet.talk_time, frame.drop(columns="text").meet.stats):
        with pytest.raises(InputError, match=r"2 meetings(.|\n)*groupby\(.meeting.\)"):
            use()
    speakers = frame.meet.speakers()
    assert speakers[["meeting", "speaker"]].to_numpy().tolist() == [["a", "A"], ["b", "B"]]
    assert [one.meet.transcript().words[0].text for _, one in frame.groupby("meeting")] == ["Hi.", "Hi."]


def test_a_frame_of_words_from_elsewhere() -> None:
    """A column `word` is the text."""
    frame = pd.DataFrame({"start": [0.0, 1.0], "end": [1.0, 2.0], "speaker": ["A", "A"], "word": ["So", "be"]})
    assert frame.meet.text() == "So be"
    assert frame.meet.speakers()["words"].tolist() == [2]
    assert frame.meet.transcript().words[1].timing == "engine"


def test_words_are_running_text() -> None:
    """Also those of a frame without a column `word`, and of a frame of ours without it."""
    rows = {"start": range(12), "end": range(1, 13), "speaker": ["A"] * 12, "text": ["so"] * 12}
    assert pd.DataFrame(rows).meet.text() == " ".join(["so"] * 12)
    assert SMALL.to_frame("word").drop(columns="word").meet.text() == "Hi. Yes. Hm."
    with pytest.raises(InputError, match="lacks the column 'text'"):
        pd.DataFrame(rows).drop(columns="text").meet.text()


def test_an_invalid_turn_is_named_by_its_row() -> None:
    """Rows are counted from 0, with those that lack a speaker."""
    turns = pd.DataFrame({"start": [0.0, 1.0, 3.0], "end": [1.0, 2.0, 2.5], "speaker": ["A", None, "B"]})
    with pytest.raises(InputError, match="row 2: "):
        turns.meet.stats()
