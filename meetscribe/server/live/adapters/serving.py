"""Connections in the protocols of other servers; a session lasts as long as its connection.

To add a protocol, write a class that implements `Dialect`, and add a route in `api/live.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Literal, Protocol, TypeAlias

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from meetscribe.errors import JSON, BusyError, MeetscribeError
from meetscribe.live import Event
from meetscribe.server.api.creation import job_options
from meetscribe.server.live.audio_input import AudioFormat
from meetscribe.server.live.messages import TRY_AGAIN_LATER, JsonSocket, end_task
from meetscribe.server.live.session import LiveSession, Subscriber
from meetscribe.server.responses import RequestError, with_remedy
from meetscribe.server.state import ServerState

Message: TypeAlias = Mapping[str, JSON]
Command: TypeAlias = Literal["none", "flush", "end"]
"""The command in a message: none, commit all words so far, or end the audio."""


class Dialect(Protocol):
    """The messages of another server's protocol, the name of its sessions, and the close code after an error."""

    name: str
    error_close_code: int

    def options(self) -> Mapping[str, object]:
        """Return the options of the job."""
        ...

    def format(self) -> AudioFormat:
        """Return the audio format of the client; raises RequestError and InputError."""
        ...

    def greeting(self) -> Sequence[Message]:
        """Return the messages before the first event."""
        ...

    def translate(self, events: Sequence[Event]) -> Sequence[Message]:
        """Return the messages for events."""
        ...

    def audio(self, data: bytes) -> Command:
        """Return the command in a binary message; its bytes are passed to the session in any case."""
        ...

    def command(self, text: str) -> Command:
        """Return the command in a text message; raises ValueError for an invalid message."""
        ...

    def farewell(self, received: float) -> Sequence[Message]:
        """Return the messages after the last event; `received` are the seconds of audio."""
        ...

    def failure(self, code: str, message: str) -> Message:
        """Return the message about an error."""
        ...


async def serve(socket: WebSocket, state: ServerState, dialect: Dialect) -> None:
    """Serve a client until it ends its audio or disconnects; then the recording becomes a job."""
    await socket.accept()
    channel = JsonSocket(socket)
    session: LiveSession | None = None
    try:
        dialect.format()  # refuse an invalid format before a session is opened
        options = job_options(state, dialect.options())
        session = await run_in_threadpool(state.live.open, dialect.name, options)
        await _exchange(socket, channel, state, session, dialect)
    except WebSocketDisconnect:
        pass
    except BusyError as error:
        await _fail(channel, dialect, "busy", with_remedy(error), TRY_AGAIN_LATER)
    except (RequestError, MeetscribeError) as error:
        await _fail(channel, dialect, getattr(error, "code", "refused"), with_remedy(error))
    except (ValueError, KeyError, TypeError) as error:
        await _fail(channel, dialect, "message", f"the message is not valid: {error}")
    finally:
        if session is not None:
            await asyncio.shield(run_in_threadpool(state.live.finish, session.id))
    await channel.close()


async def _exchange(
    socket: WebSocket, channel: JsonSocket, state: ServerState, session: LiveSession, dialect: Dialect
) -> None:
    """Transfer audio and messages until the client ends its audio and the last event has been sent."""
    subscriber = session.subscribe(0)
    for message in dialect.greeting():
        await channel.send(message)
    sending = asyncio.create_task(_send_events(channel, subscriber, dialect))
    try:
        await _receive(socket, session, dialect)
        await run_in_threadpool(state.live.finish, session.id)
        await sending
        for message in dialect.farewell(session.received):
            await channel.send(message)
    finally:
        await end_task(sending)
        session.unsubscribe(subscriber)


async def _receive(socket: WebSocket, session: LiveSession, dialect: Dialect) -> None:
    """Feed the session until the client ends its audio; raises WebSocketDisconnect if it leaves."""
    audio = await run_in_threadpool(session.open_input, dialect.format())
    command: Command = "none"
    while command != "end":
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code") or 1006)
        if (data := message.get("bytes")) is not None:
            command = dialect.audio(data)
            await audio.write(data)
        else:
            command = dialect.command(message.get("text") or "")
        if command == "flush":
            await run_in_threadpool(session.flush)
    await run_in_threadpool(audio.end)


async def _send_events(channel: JsonSocket, subscriber: Subscriber, dialect: Dialect) -> None:
    """Send messages until the session ends or the client is too slow; queued events are translated together."""
    ended = False
    while not ended:
        waiting = [await subscriber.queue.get()]
        while not subscriber.queue.empty():
            waiting.append(subscriber.queue.get_nowait())
        events = [event for event in waiting if event is not None]
        ended = len(events) < len(waiting)
        for message in dialect.translate(events):
            await channel.send(message)
        if subscriber.is_late and not ended:
            await channel.close(TRY_AGAIN_LATER, "too slow")
            return


async def _fail(channel: JsonSocket, dialect: Dialect, code: str, message: str, close_code: int | None = None) -> None:
    """Send an error and close the socket, by default with the close code of the protocol."""
    with suppress(WebSocketDisconnect):
        await channel.send(dialect.failure(code, message))
    await channel.close(close_code or dialect.error_close_code, f"{code}: {message}")
