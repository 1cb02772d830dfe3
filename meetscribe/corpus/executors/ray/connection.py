"""Joining a Ray cluster, or starting one on this machine, without usage reports and with a token.

Anyone who can reach the ports of a Ray cluster, and has its token if it requires one, can run code on it.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

from meetscribe.errors import ClusterError, SettingsError, first_line
from meetscribe.runtime import telemetry

_OBJECT_STORE = 80_000_000  # bytes, near Ray's minimum: no recording and no transcript passes through it
_TIMEOUT = 5.0  # seconds to connect
_TOKEN_VARIABLES = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")
_REMEDY = "Check --address, the token (RAY_AUTH_TOKEN_PATH), and that versions of Python and Ray are the same."
_LOCAL_REMEDY = (
    "Check the free memory, the free space in /tmp, and the token (RAY_AUTH_TOKEN_PATH), if you have set one."
)


def import_ray() -> ModuleType:
    """Import Ray with usage reports and automatic connection switched off; raises SettingsError.

    The lines that Ray prints are suppressed, because they go to stdout.
    """
    telemetry.switch_off()
    os.environ.setdefault("RAY_ENABLE_AUTO_CONNECT", "0")
    # Ray drops matching lines, here all: `log_to_driver=False` suppresses the output of workers, but not Ray's errors.
    os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", ".")
    try:
        import ray
    except ImportError as error:
        raise SettingsError("--executor ray needs the package ray", "Install it: pip install 'ray>=2.52,<3'") from error
    return ray


def join(address: str | None) -> ModuleType:
    """Join the cluster at an address of `ray.init`, or start one on this machine if it is None; return the module ray.

    RAY_ADDRESS is ignored; without an address, the files of other clusters are, too. Raises ClusterError, and
    SettingsError for an invalid address or a missing package.
    """
    if "ray" not in sys.modules:  # Ray reads these variables when it is imported
        use_token(is_local=address is None)
    if address is not None:
        _require_listener(address)
    ray = import_ray()
    if ray.is_initialized():
        raise ClusterError("this process has already joined a Ray cluster", "Call ray.shutdown() first.")
    options = _local_options() if address is None else {"address": address}
    try:
        with _without_ray_address(), _sigterm_handler_kept():
            ray.init(**options, log_to_driver=False, logging_level=logging.ERROR)
    except ImportError as error:
        text = f"ray:// addresses need additional packages: {error}"
        raise SettingsError(text, "Install it: pip install grpcio") from error
    except (ConnectionError, RuntimeError, ValueError, OSError, AssertionError) as error:
        reason = first_line(error, type(error).__name__)
        if address is None:
            raise ClusterError(f"a Ray cluster cannot be started on this machine: {reason}", _LOCAL_REMEDY) from error
        raise ClusterError(f"no Ray cluster at {address}: {reason}", _REMEDY) from error
    return ray


def _local_options() -> dict[str, object]:
    """Return the options of `ray.init` that start a cluster on this machine."""
    return {
        "address": "local",
        "include_dashboard": False,
        "object_store_memory": _OBJECT_STORE,
        "_temp_dir": str(private_folder() / "r"),
    }


@cache
def private_folder() -> Path:
    """Return the owner-only folder for clusters of this process; it is removed at exit.

    Its path is short, because paths of sockets in it are limited to 107 bytes.
    """
    root = "/tmp" if os.path.isdir("/tmp") else None  # noqa: PTH112
    folder = Path(tempfile.mkdtemp(prefix="ms", dir=root))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _require_listener(address: str) -> None:
    """Raise ClusterError if nothing listens at HOST:PORT or ray://HOST:PORT, since Ray would retry for minutes.

    Raises SettingsError for other addresses, except "auto".
    """
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        if address != "auto":
            remedy = "Use auto, HOST:PORT or ray://HOST:PORT."
            raise SettingsError(f"{address} is not the address of a Ray cluster", remedy)
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _TIMEOUT).close()
    except (OSError, OverflowError) as error:
        raise ClusterError(f"no Ray cluster at {address}: {first_line(error, 'no connection')}", _REMEDY) from error


def use_token(is_local: bool) -> None:
    """Configure Ray to use the user's token; a cluster on this machine gets a new token if there is none.

    The token is written to the private folder, since Ray would write it to the home folder.
    """
    has_token = any(map(os.environ.get, _TOKEN_VARIABLES)) or (Path.home() / ".ray" / "auth_token").exists()
    if is_local and not has_token:
        token = private_folder() / "token"
        token.touch(mode=0o600)
        token.write_text(secrets.token_hex(32))
        os.environ["RAY_AUTH_TOKEN_PATH"] = str(token)
    if is_local or has_token:
        os.environ.setdefault("RAY_AUTH_MODE", "token")


@contextmanager
def _without_ray_address() -> Iterator[None]:
    """Remove RAY_ADDRESS meanwhile: `ray.init` would join that cluster if the address is "auto"."""
    address = os.environ.pop("RAY_ADDRESS", None)
    try:
        yield
    finally:
        if address is not None:
            os.environ["RAY_ADDRESS"] = address


@contextmanager
def _sigterm_handler_kept() -> Iterator[None]:
    """Restore the SIGTERM handler of this process, which `ray.init` replaces."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
