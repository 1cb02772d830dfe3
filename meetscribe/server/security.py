"""Checks of host, origin and token before a request reaches a route, and the security headers of every response.

- The `Host` must be an address, `localhost` or a configured name. A web page that resolves its own name to this machine
  (DNS rebinding) sends that name and is refused.
- The `Origin`, if sent, must be the server. Browsers send it with each WebSocket and each modifying request, so that
  other web pages cannot make them (CSRF, cross-site WebSocket hijacking). Without it, these requests are refused if
  `Sec-Fetch-Site` says that a page of another origin made them, even one of the same site.
- The token, if configured, is compared in constant time. Clients send it as `Authorization: Bearer TOKEN` (or `Token
  TOKEN`), or in the query of `QUERY_TOKEN_PATH`. The page sends a value derived from it as a cookie that scripts cannot
  read.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meetscribe.server.responses import RequestError, error_response
from meetscribe.server.settings import ServerSettings

COOKIE = "meetscribe_session"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
"""Methods that modify nothing."""

OPEN_PATHS = ("/", "/api/login", "/healthz")
"""Paths that need no token, besides the files of the page."""

RESPONSE_STARTS = ("http.response.start", "websocket.http.response.start")
"""The ASGI messages with the status of a response: to a request, and to a WebSocket that is refused."""

PAGE_PATH = "/page/"

QUERY_TOKEN_PATH = "/asr"
"""The path with the token in the query, because browsers cannot send an authorization header with a WebSocket."""

RESPONSE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), display-capture=(self), camera=(), geolocation=()",
}


@dataclass(frozen=True, slots=True)
class Access:
    """The access rules of the server."""

    token: str | None
    hosts: tuple[str, ...]

    @classmethod
    def of(cls, settings: ServerSettings) -> Access:
        """Return the access rules of the settings."""
        return cls(settings.token, tuple(name.lower() for name in (*settings.hosts, settings.host)))

    @property
    def cookie(self) -> str:
        """The value of the page's cookie, derived from the token without revealing it."""
        return hmac.new((self.token or "").encode(), b"meetscribe page", hashlib.sha256).hexdigest()

    def check(self, scope: Scope) -> None:
        """Raise RequestError if a request is not allowed."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_known(host):
            remedy = "The operator can allow it (server.hosts)."
            raise RequestError(421, "host", "this host name is not a name of the server", remedy)
        origin = headers.get("origin")
        if origin is not None and _host_and_port(origin) != host.lower():
            raise RequestError(403, "origin", "requests from other pages are refused", "Open the page of this server.")
        is_safe = scope["type"] == "http" and scope["method"] in SAFE_METHODS
        if not is_safe and origin is None and headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            raise RequestError(403, "origin", "requests from other pages are refused", "Open the page of this server.")
        if self.token and not is_open(scope["path"]) and not (self.is_authorized(headers) or self._in_query(scope)):
            if _credentials(headers) or _cookie(headers) or _query_token(scope):
                raise RequestError(401, "token", "the token is wrong", "Ask the operator for it.")
            raise RequestError(401, "token", "a token is required", "Send it as Authorization: Bearer TOKEN.")

    def is_authorized(self, headers: Mapping[str, str]) -> bool:
        """Return whether a request has the token in the header, or the cookie of the page."""
        by_header = self.is_token(_credentials(headers))
        return by_header or hmac.compare_digest(_cookie(headers).encode(), self.cookie.encode())

    def is_token(self, value: str) -> bool:
        """Return whether a value is the token, compared in constant time."""
        return hmac.compare_digest(value.encode(), (self.token or "").encode())

    def _in_query(self, scope: Scope) -> bool:
        """Return whether the query of a WhisperLiveKit client has the token, as its protocol specifies."""
        return self.is_token(_query_token(scope))

    def _is_known(self, host: str) -> bool:
        """Return whether a `Host` is an address, localhost or a name of the server."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name == "localhost" or name in self.hosts
        return True


def is_open(path: str) -> bool:
    """Return whether a path needs no token."""
    return path in OPEN_PATHS or path.startswith(PAGE_PATH)


class Guard:
    """ASGI middleware that refuses requests that `Access` does not allow, and adds headers to responses."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an allowed request on; a refused WebSocket is answered with the status before it opens."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] in RESPONSE_STARTS:
                headers = MutableHeaders(scope=message)
                for name, value in RESPONSE_HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith(PAGE_PATH):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            self._access.check(scope)
        except RequestError as error:
            if scope["type"] == "websocket":
                await receive()  # ASGI: the connection can be refused only after its "connect" message
            await error_response(error, scope["path"])(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)


def _host_and_port(origin: str) -> str | None:
    """Return the host and port of an origin, None if it is malformed."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def _credentials(headers: Mapping[str, str]) -> str:
    """Return the token in the Authorization header, or ""."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() in ("bearer", "token") else ""


def _query_token(scope: Scope) -> str:
    """Return the token in the query of `QUERY_TOKEN_PATH`, or ""."""
    return QueryParams(scope["query_string"]).get("token", "") if scope["path"] == QUERY_TOKEN_PATH else ""


def _cookie(headers: Mapping[str, str]) -> str:
    """Return the page's cookie, or ""."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
