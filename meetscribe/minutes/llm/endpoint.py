"""Requests to an OpenAI-compatible endpoint, with limits of time and size, and retries of temporary error statuses."""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from meetscribe.errors import EndpointError, SettingsError

MAX_BYTES = 4_000_000
"""Largest response that is read, in bytes."""

_TRIES = 3
_LONGEST_WAIT = 20.0  # seconds
_RETRIED = (408, 429, 500, 502, 503, 504)  # status codes


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint: the URL up to `/v1`, the model, and the key, which is never printed.

    `timeout` is the longest time for one reply in seconds, `context` the context length of the model in tokens. Raises
    SettingsError for an invalid URL, and for another machine without `allow_remote`.
    """

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    timeout: float = 300.0
    context: int = 4096
    allow_remote: bool = False

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(f"{self.url!r} is not the URL of an endpoint", "Write it as http://localhost:11434/v1.")
        if not self.allow_remote and not is_local(parts.hostname):
            message = f"{parts.hostname} may be another machine, and the transcript would be sent to it"
            raise SettingsError(message, "Allow it by --allow-remote, or use an endpoint on this machine.")


@dataclass(frozen=True, slots=True)
class Reply:
    """The text of a reply, its finish reason, and the tokens of the request (None if they are not reported)."""

    text: str
    finish: str
    prompt_tokens: int | None


def is_local(host: str) -> bool:
    """Return whether a host is surely this machine: "localhost" or a loopback address.

    >>> is_local("localhost"), is_local("127.0.0.2"), is_local("localhost.example.org"), is_local("10.0.0.5")
    (True, True, False, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def ask(endpoint: Endpoint, messages: Sequence[Mapping[str, str]], response_format: object, max_tokens: int) -> Reply:
    """Return the reply to messages; raises EndpointError if there is none, SettingsError if httpx is not installed.

    The status codes in `_RETRIED` are retried twice, after the time that the server requests, at most 20 s. A failed
    connection or a timeout is not.
    """
    body: dict[str, Any] = {
        "model": endpoint.model,
        "messages": list(messages),
        "temperature": 0,
        "seed": 0,
        "max_tokens": max_tokens,
    }
    if response_format is not None:
        body["response_format"] = response_format
    for attempt in range(_TRIES):
        status, data, wait = _post(endpoint, body)
        if status == 200:
            return _reply(data)
        if status not in _RETRIED or attempt == _TRIES - 1:
            break
        time.sleep(min(wait if wait is not None else 0.5 * 2**attempt, _LONGEST_WAIT))
    remedy = "Check the address, the model and the key (MEETSCRIBE_MINUTES__KEY)."
    raise EndpointError(f"{_shown(endpoint)} answers with status {status}", remedy, status)


def _post(endpoint: Endpoint, body: Mapping[str, Any]) -> tuple[int, bytes, float | None]:
    """Send one request; return status, content and the requested waiting time. Redirects are not followed."""
    try:
        import httpx
    except ImportError as error:
        raise SettingsError("a language model needs the package httpx", "Install it with pip install httpx.") from error
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    deadline = time.monotonic() + endpoint.timeout
    url = f"{endpoint.url.rstrip('/')}/chat/completions"
    content = bytearray()
    try:
        with (
            httpx.Client(timeout=endpoint.timeout, trust_env=endpoint.allow_remote) as client,
            client.stream("POST", url, json=body, headers=headers) as response,
        ):
            for part in response.iter_bytes():
                content += part
                if len(content) > MAX_BYTES:
                    raise EndpointError(f"{_shown(endpoint)} answers with more than {MAX_BYTES / 1e6:g} MB")
                if time.monotonic() > deadline:
                    raise EndpointError(f"{_shown(endpoint)} has not finished within {endpoint.timeout:g} s")
            return response.status_code, bytes(content), _seconds(response.headers.get("retry-after"))
    except httpx.HTTPError as error:
        message = f"{_shown(endpoint)} cannot be used: {type(error).__name__}"
        raise EndpointError(message, "Start the server, or check the address.") from error


def _reply(data: bytes) -> Reply:
    """Return the reply in a chat completion; raises EndpointError for anything else."""
    try:
        value = json.loads(data)
        choice = value["choices"][0]
        text = choice["message"]["content"]
        tokens = (value.get("usage") or {}).get("prompt_tokens")
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise EndpointError("the endpoint does not answer with a chat completion", "Check the address.") from error
    if not isinstance(text, str):
        raise EndpointError("the endpoint answers without text", "Choose a model for chats.")
    return Reply(text, str(choice.get("finish_reason")), tokens if isinstance(tokens, int) else None)


def _seconds(text: str | None) -> float | None:
    """Return the seconds in the header Retry-After; None for a date or without the header."""
    return float(text) if text and text.isdigit() else None


def _shown(endpoint: Endpoint) -> str:
    """Return the host of an endpoint, without user, password and key."""
    return urlsplit(endpoint.url).hostname or "the endpoint"
