"""Messages of the decoder process arrive as they were sent, and nothing else is accepted."""

from __future__ import annotations

import io

import pytest

from meetscribe.audio.pipe_messages import END, LENGTH, READY, SILENCE, SOUND, Sender, receive


def test_messages_arrive_in_order() -> None:
    """Sound is buffered, but never overtaken by other messages."""
    pipe = io.BytesIO()
    sender = Sender(pipe)
    sender.send(READY)
    sender.send(LENGTH, 1.5)
    sender.sound(b"abcd")
    sender.sound(b"efgh")
    sender.silence(7)
    sender.sound(b"ijkl")
    sender.send(END, {"damaged": 0})
    assert list(receive(io.BytesIO(pipe.getvalue()))) == [
        (READY, None),
        (LENGTH, 1.5),
        (SOUND, b"abcdefgh"),
        (SILENCE, 7),
        (SOUND, b"ijkl"),
        (END, {"damaged": 0}),
    ]


@pytest.mark.parametrize("size", [0, 5, 9, 12])
def test_a_pipe_may_end_anywhere(size: int) -> None:
    """An incomplete message is dropped: the process that sent it was killed."""
    pipe = io.BytesIO()
    Sender(pipe).send(LENGTH, 12.5)
    assert list(receive(io.BytesIO(pipe.getvalue()[:size]))) == []


def test_a_message_that_is_too_large_is_an_error() -> None:
    """Our decoder sends no such message."""
    with pytest.raises(ValueError, match="a message of"):
        list(receive(io.BytesIO(b"s" + (1 << 40).to_bytes(8, "little"))))
