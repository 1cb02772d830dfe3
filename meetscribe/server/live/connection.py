"""The protocol of `WS /live`: a greeting, audio as binary messages, events and acknowledgements as JSON.

    client  {"type": "hello", "version": 1, "session": ID?, "last_seq": N?, "name": …?, "options": {…}?, "audio": {…}?}
    server  {"type": "ready", "session": ID, "seq": N, "audio_received_s": S}, with the `last_seq` of the client, or 0
    client  binary: audio
    server  {"type": "ack", "audio_s": S}, about every second of audio
    server  {"type": "event", …}: an event of `meetscribe.live`, with `seq` and `kind`
    client  {"type": "stop" | "pause" | "resume" | "ping"}, {"type": "rename", "label": …, "name": …}, {"type": "mark"}
    server  {"type": "stopped", "job": ID}, after the last event

`audio` has `codec`, `rate` and `channels`: by default 16-bit little-endian samples ("pcm") at 16 000 Hz, one channel;
or a container, such as "webm" or "ogg". A client that reconnects with `session` and `last_seq` receives the missed
events and resends the audio after `audio_received_s`. With a container, it sends all bytes from the first one, with
`start`, the time in the session at which the container begins; the server skips the audio it has already received.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from meetscribe.errors import BusyError, MeetscribeError
from meetscribe.server.api.creation import job_options
from meetscribe.server.live.audio_input import AudioFormat
from meetscribe.server.live.messages import TRY_AGAIN_LATER, JsonSocket, end_task, parsed
from meetscribe.server.live.session import LiveSession, Subscriber
from meetscribe.server.live.sessions import LiveSessions
from meetscribe.server.responses import RequestError
from meetscribe.server.state import ServerState

VERSION = 1
HELLO_SECONDS = 20.0
_STOP_SECONDS = 20.0  # chosen by hand
"""Time for sending the last events after a stop, before messages are received again and a disconnection is noticed."""

_ACK_SECONDS = 1.0
_MAX_NAME_LENGTH = 255
_BAD_MESSAGE = 1003  # close code, registered with IANA
_CLOSE_CODES = {"not-found": 4404, "busy": TRY_AGAIN_LATER}  # by the code of an error, `_BAD_MESSAGE` for others


class Connection:
    """A WebSocket that feeds a session and receives its events."""

    def __init__(self, socket: WebSocket, state: ServerState, sessions: LiveSessions) -> None:
        self._socket, self._state, self._sessions = socket, state, sessions
        self._channel = JsonSocket(socket)
        self._acknowledged = 0.0

    async def run(self) -> None:
        """Serve the client until it stops the session or disconnects; an error is sent before the socket closes."""
        await self._socket.accept()
        try:
            hello = await asyncio.wait_for(self._receive_json(), HELLO_SECONDS)
            session = await self._session(hello)
            last = hello.get("last_seq")
            last = last if isinstance(last, int) else 0
            self._input = await run_in_threadpool(session.open_input, _format(hello.get("audio") or {}))
            await self._greet(session, last, is_new=hello.get("session") is None)
            await self._serve(session, last)
        except WebSocketDisconnect:
            pass
        except RequestError as error:
            await self._fail(error.code, error.message, error.remedy)
        except MeetscribeError as error:
            code = "busy" if isinstance(error, BusyError) else "refused"
            await self._fail(code, error.message, error.remedy)
        except (TimeoutError, ValueError, TypeError, KeyError) as error:
            await self._fail("message", f"the message is not valid: {error}", "See the README of the server.")

    async def _session(self, hello: dict[str, object]) -> LiveSession:
        """Return the session given in a greeting, or a new one; raises RequestError and MeetscribeError."""
        if hello.get("type") != "hello" or hello.get("version") != VERSION:
            raise RequestError(400, "hello", f"the first message must be a hello of version {VERSION}")
        id = hello.get("session")
        if id is not None:
            found = self._sessions.find(str(id))
            if found is None:
                raise RequestError(404, "not-found", "there is no such session", "It may have ended: see its job.")
            return found
        name = str(hello.get("name") or "Live")[:_MAX_NAME_LENGTH]
        options = job_options(self._state, hello.get("options") or {})
        return await run_in_threadpool(self._sessions.open, name, options)

    async def _greet(self, session: LiveSession, last: int, *, is_new: bool) -> None:
        """Send the client the id of its session.

        If the client disconnected while the models were loaded, a new session ends: the client does not know its id.
        """
        received = session.received
        try:
            await self._channel.send(
                {"type": "ready", "session": session.id, "seq": last, "audio_received_s": received}
            )
        except WebSocketDisconnect:
            if is_new:
                await run_in_threadpool(self._sessions.finish, session.id)
            raise

    async def _serve(self, session: LiveSession, last: int) -> None:
        """Transfer audio and events until either side ends."""
        subscriber = session.subscribe(last)
        try:
            tasks = [
                asyncio.create_task(self._send_events(session, subscriber)),
                asyncio.create_task(self._receive(session)),
            ]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                await end_task(task)
            for task in done:
                task.result()
        finally:
            session.unsubscribe(subscriber)

    async def _receive(self, session: LiveSession) -> None:
        """Feed the session with the messages of the client until it stops; then wait for the last event."""
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code") or 1006)
            if (data := message.get("bytes")) is not None:
                await self._input.write(data)
                await self._acknowledge(session)
                continue
            members = parsed(message.get("text") or "")
            kind = str(members.get("type"))
            if kind == "ping":
                await self._channel.send({"type": "pong"})
            elif kind == "stop":
                await run_in_threadpool(self._sessions.finish, session.id)
                # Meanwhile, _send_events sends the last events and closes the connection, which ends this task. If the
                # client receives too slowly for that, the loop continues, so that a disconnection is noticed.
                await asyncio.sleep(_STOP_SECONDS)
            elif not await run_in_threadpool(session.control, kind, members):
                raise ValueError(f"unknown type {kind!r}")

    async def _send_events(self, session: LiveSession, subscriber: Subscriber) -> None:
        """Send events until the session ends or the client is too slow."""
        while (event := await subscriber.queue.get()) is not None:
            await self._channel.send({"type": "event", **event.to_json()})
            await self._acknowledge(session)  # audio may have been decoded since the last message
            if subscriber.is_late:
                await self._channel.close(TRY_AGAIN_LATER, "too slow")
                return
        if self._sessions.find(session.id) is None:
            await self._channel.send({"type": "stopped", "job": session.id})
        await self._channel.close()

    async def _acknowledge(self, session: LiveSession) -> None:
        received = session.received
        if abs(received - self._acknowledged) >= _ACK_SECONDS:
            self._acknowledged = received
            await self._channel.send({"type": "ack", "audio_s": received})

    async def _receive_json(self) -> dict[str, object]:
        return parsed(await self._socket.receive_text())

    async def _fail(self, code: str, message: str, remedy: str) -> None:
        """Send an error and close the socket, if it is open."""
        with suppress(WebSocketDisconnect):
            await self._channel.send({"type": "error", "code": code, "message": message, "remedy": remedy})
        await self._channel.close(_CLOSE_CODES.get(code, _BAD_MESSAGE), code)


def _format(members: object) -> AudioFormat:
    """Return the format of the audio in a greeting; raises InputError and TypeError."""
    if not isinstance(members, dict):
        raise TypeError("audio must be an object")
    return AudioFormat(**members)
