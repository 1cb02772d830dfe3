"""The settings of the server: the table [server] of a settings file."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from meetscribe.errors import SettingsError
from meetscribe.options import option

MEGABYTE = 1_000_000
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Settings of the server; raises SettingsError for invalid limits, or for a public address without a token."""

    host: str = option("127.0.0.1", "address to listen on; an address that is not local requires a token")
    port: int = option(8571, "port to listen on; 0 chooses a free one")
    token: str | None = option(None, "secret that clients must send; required unless the host is local", secret=True)
    hosts: tuple[str, ...] = option((), "names under which clients reach the server, besides localhost")
    folder: str | None = option(
        None, "folder of jobs and transcripts; by default in the user's data folder", path="always"
    )
    inputs: tuple[str, ...] = option(
        (), "folders whose recordings clients may transcribe without an upload", path="always"
    )
    models: tuple[str, ...] = option((), "models that clients may choose, besides the model of the settings")
    jobs: int = option(1, "recordings to process in parallel; each job loads its own models")
    max_live: int = option(4, "maximum number of live sessions, which share one model; 0 allows none")
    live_grace: float = option(120.0, "seconds after which a live session without a client ends")
    max_upload_mb: int = option(4000, "maximum size of a recording, in megabytes")
    max_uploads: int = option(20, "maximum number of unfinished uploads")
    upload_hours: float = option(24.0, "hours after which an unfinished upload is deleted")
    max_jobs: int = option(1000, "maximum number of uploading, waiting and running jobs")
    mcp: bool = option(False, "let assistants search the library at /mcp, on a local address only")
    keep_days: float = option(30.0, "days after which finished jobs are deleted with their files; 0 keeps them")

    def __post_init__(self) -> None:
        for name in ("jobs", "max_upload_mb", "max_uploads", "max_jobs"):
            if getattr(self, name) < 1:
                raise SettingsError(f"server.{name} must be at least 1, but is {getattr(self, name)}")
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"server.port must be between 0 and 65535, but is {self.port}")
        if self.keep_days < 0 or self.upload_hours <= 0:
            raise SettingsError("server.keep_days must not be negative, and server.upload_hours must be positive")
        if not self.is_local and not self.token:
            raise SettingsError(
                f"anyone who can reach {self.host} could use the server",
                "Set a token (server.token, or the variable MEETSCRIBE_SERVER__TOKEN), or listen on 127.0.0.1.",
            )

    @property
    def is_local(self) -> bool:
        """Whether the address is reachable from this machine only."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"
