"""Commands that play a recording."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import MeetscribeError
from meetscribe.library.playing import PLAYERS, player_command


@pytest.mark.parametrize("name", PLAYERS)
def test_each_player_begins_at_the_time(name: str) -> None:
    """The command has the time and, last, the absolute path, which no option can be mistaken for."""
    command = player_command(Path("-x.wav"), 754.25, lambda each: f"/bin/{each}" if each == name else None)
    assert command[0] == f"/bin/{name}"
    assert any("754.250" in argument for argument in command)
    assert command[-1] == str(Path("-x.wav").absolute())


def test_without_a_player_the_error_names_some() -> None:
    """The remedy names the players and the recording."""
    with pytest.raises(MeetscribeError, match="no player") as raised:
        player_command(Path("talk.wav"), 0.0, lambda name: None)
    assert "mpv, ffplay, vlc" in raised.value.remedy
    assert "talk.wav" in raised.value.remedy
