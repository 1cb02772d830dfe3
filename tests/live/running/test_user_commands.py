"""Commands rename, mark, pause, resume and stop; first letters suffice."""

from __future__ import annotations

import pytest

from meetscribe.live import Session, events
from meetscribe.live.running import USER_COMMANDS, execute
from meetscribe.testing import synthetic_meeting
from meetscribe.testing.live import FAKE_PARTS, fake_live_recogniser
from meetscribe.transcript import Word

MEETING = synthetic_meeting(turns=2)


def test_commands() -> None:
    stopped = []
    with Session(fake_live_recogniser(MEETING), parts=FAKE_PARTS) as session:
        session.publish(
            events.commit("s0", 0, [Word("One", 0.0, 0.4)], closed=True),
            events.revise_speaker("s0", 1, 0, 0, "SPEAKER_01"),
        )
        answers = [
            execute(line, session, lambda: stopped.append(True))
            for line in (
                "mark the decision",
                "p",
                "p",
                "r 1 Anna",
                "rename anna Ben",
                "rename nobody X",
                "stop",
                "help",
                "",
            )
        ]
        live = session.transcript
    assert answers[:5] == ["marked 0:00:00.0", "paused", "recording", "SPEAKER_01 is Anna", "SPEAKER_01 is Ben"]
    assert answers[5] == "rename SPEAKER NAME, where SPEAKER is one of: SPEAKER_01"
    assert answers[6] == "stopping"
    assert stopped == [True]
    assert answers[7:] == ["\n".join(USER_COMMANDS.values())] * 2
    assert live.names == {"SPEAKER_01": "Ben"}
    assert live.marks == ((0.0, "the decision"),)


def test_a_current_name_may_have_several_words() -> None:
    """The longest name that fits is meant, as long as a new name follows it."""
    with Session(fake_live_recogniser(MEETING), parts=FAKE_PARTS) as session:
        session.publish(events.speakers({"SPEAKER_00": "Anna", "SPEAKER_01": "Anna Smith"}, 0.0))
        answers = [execute(f"rename {names}", session, lambda: None) for names in ("anna smith Bob Ross", "Anna Lee")]
    assert answers == ["SPEAKER_01 is Bob Ross", "SPEAKER_00 is Lee"]


@pytest.mark.parametrize(
    ("line", "answer"), [("re", "re: rename or resume?"), ("dance", "there is no command dance: rename, mark")]
)
def test_unclear_commands(line: str, answer: str) -> None:
    with Session(fake_live_recogniser(MEETING), parts=FAKE_PARTS) as session:
        assert execute(line, session, lambda: None).startswith(answer)
