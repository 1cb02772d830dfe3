"""A local server with the protocol of the Hugging Face hub, and with faults that tests choose.

It lists models with the hashes of their files, redirects large files to another path as the hub does, serves ranges,
and asks for tokens. Bundles of torchaudio are plain files.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from meetscribe.runtime import telemetry
from meetscribe.weights import converted

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TOKENS = ("good", "other")
"""The valid tokens; only the user of the first has accepted the conditions of gated models."""
LARGE = 1000  # bytes from which files are stored separately, as with git-lfs


@dataclass(slots=True)
class Fault:
    """A fault of the next `times` requests for paths that end in `path`.

    With a `status` the response is this error, with Retry-After if `wait` is given. Otherwise only part of the content
    is sent ("cut"), or other bytes ("changed"), or it is sent slowly, within a second ("slow").
    """

    path: str
    status: int = 0
    kind: str = ""
    times: int = 10**9
    wait: int | None = None


@dataclass
class Hub:
    """Models as id, file and content; gated models need the token "good"."""

    models: dict[str, dict[str, bytes]] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)  # other files by path
    faults: list[Fault] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)  # requested
    waits: list[float] = field(default_factory=list)  # of clients, recorded by tests
    sent: int = 0  # bytes of content
    url: str = ""
    _large: dict[str, bytes] = field(default_factory=dict)

    def add_folder(self, model: str, folder: Path) -> None:
        """Add the files of a folder as a model."""
        self.models[model] = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    def add_samples(self) -> None:
        """Add the samples' weights under the names of the default models."""
        samples = Path(__file__).parents[2] / "samples" / "weights"
        self.add_folder("Systran/faster-whisper-small", converted(samples / "asr", "ctranslate2"))
        self.add_folder("facebook/wav2vec2-base-960h", samples / "aligner")
        self.add_folder("pyannote/wespeaker-voxceleb-resnet34-LM", samples / "embedder")

    def answer(self, path: str, token: str | None) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and content of the response to a request."""
        path = unquote(urlsplit(path).path)
        if path.startswith("/api/whoami"):
            return (200, {}, b'{"name": "me", "type": "user"}') if token == "good" else (401, {}, b"")
        if path.startswith("/api/models/"):
            return self._listing(path.removeprefix("/api/models/").partition("/revision/"), token)
        if path.startswith("/large/") and path.removeprefix("/large/") in self._large:
            return 200, {}, self._large[path.removeprefix("/large/")]
        if "/resolve/" in path:
            model, _, rest = path[1:].partition("/resolve/")
            return self._file(model, rest.partition("/")[2], token)
        if path[1:] in self.files:
            return 200, {}, self.files[path[1:]]
        return 404, {}, b""

    def fault(self, path: str) -> Fault | None:
        """Return the fault of a request, and count it."""
        for fault in self.faults:
            if fault.times > 0 and unquote(urlsplit(path).path).endswith(fault.path):
                fault.times -= 1
                return fault
        return None

    def _listing(self, asked: tuple[str, str, str], token: str | None) -> tuple[int, dict[str, str], bytes]:
        model, _, revision = asked
        if token not in (None, *TOKENS):
            return 401, {"X-Error-Message": "Invalid credentials in Authorization header"}, b""
        if model not in self.models:
            return 401, {"X-Error-Code": "RepoNotFound"}, b""
        if revision not in ("", "main", COMMIT, COMMIT[:12]):
            return 404, {"X-Error-Code": "RevisionNotFound"}, b""
        siblings = [_sibling(name, data) for name, data in self.models[model].items()]
        return 200, {}, json.dumps({"id": model, "sha": COMMIT, "siblings": siblings}).encode()

    def _file(self, model: str, name: str, token: str | None) -> tuple[int, dict[str, str], bytes]:
        if token not in (None, *TOKENS):
            return 401, {"X-Error-Message": "Invalid credentials in Authorization header"}, b""
        if model not in self.models:
            return 401, {"X-Error-Code": "RepoNotFound"}, b""
        if model in self.gated and token != "good":
            return 403 if token else 401, {"X-Error-Code": "GatedRepo"}, b""
        if name not in self.models[model]:
            return 404, {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT}, b""
        data = self.models[model][name]
        headers = {"ETag": f'"{_git(data)}"', "X-Repo-Commit": COMMIT}
        if len(data) < LARGE:
            return 200, headers, data
        digest = hashlib.sha256(data).hexdigest()
        place = f"{digest}/{name.rpartition('/')[2]}"
        self._large[place] = data
        linked = {"X-Linked-ETag": f'"{digest}"', "X-Linked-Size": str(len(data)), "Location": f"/large/{place}"}
        return 302, {**headers, **linked, "Location": f"{self.url}/large/{place}"}, b""


def _sibling(name: str, data: bytes) -> dict[str, object]:
    """Return the entry of a file in the listing."""
    found: dict[str, object] = {"rfilename": name, "size": len(data), "blobId": _git(data)}
    if len(data) >= LARGE:
        found["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}
    return found


def _git(data: bytes) -> str:
    """Return the hash of a git blob."""
    return hashlib.sha1(f"blob {len(data)}\0".encode() + data).hexdigest()


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serve the hub at its `url`, with sessions that were not opened under HF_HUB_OFFLINE."""
    telemetry.switch_off()
    from huggingface_hub.utils._http import reset_sessions

    reset_sessions()

    class Handler(_Handler):
        served = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def use_endpoint(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the hub at `url`."""
    template = url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", url)
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr("huggingface_hub.file_download.HUGGINGFACE_CO_URL_TEMPLATE", template, raising=False)
    monkeypatch.setattr("huggingface_hub.hf_api.ENDPOINT", url, raising=False)


def use_hub(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the hub at `url`, and store models in `folder`."""
    from huggingface_hub import constants

    from meetscribe.weights.sources import bundles

    use_endpoint(url, monkeypatch)
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HTTP_PROXY", "http_proxy", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (
        ("HF_HUB_CACHE", str(folder / "hub")),
        ("HF_TOKEN_PATH", str(folder / "token")),
        ("HF_HUB_OFFLINE", False),
    ):
        monkeypatch.setattr(constants, name, value)
    monkeypatch.setattr(bundles, "URL", url + "/torchaudio/")
    monkeypatch.setenv("TORCH_HOME", str(folder / "torch"))


class _Handler(BaseHTTPRequestHandler):
    """Handles a request to `served`."""

    served: Hub

    def do_GET(self) -> None:
        hub, token = self.served, self.headers.get("Authorization", "").removeprefix("Bearer ") or None
        hub.requests.append(f"{self.command} {self.path}")
        fault = hub.fault(self.path)
        if fault is not None and fault.status:
            headers = {} if fault.wait is None else {"Retry-After": str(fault.wait)}
            return self._send(fault.status, headers, b"", None)
        status, headers, data = hub.answer(self.path, token)
        if status == 200 and (asked := self.headers.get("Range")):
            hub.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").partition("-")[0])
            headers = {**headers, "Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
            status, data = 206, data[start:]
        return self._send(status, headers, data, fault)

    do_HEAD = do_GET

    def _send(self, status: int, headers: Mapping[str, str], data: bytes, fault: Fault | None) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        kind = fault.kind if fault is not None else ""
        if kind == "changed":
            data = bytes(255 - byte for byte in data[:16]) + data[16:]
        parts = 10 if kind == "slow" else 2
        size = max(1, -(-len(data) // parts))
        for start in range(0, len(data), size):
            self.wfile.write(data[start : start + size])
            self.served.sent += len(data[start : start + size])
            if kind == "cut":
                self.wfile.flush()
                self.close_connection = True
                return
            threading.Event().wait(0.1 if kind == "slow" else 0)  # not sleep, which tests replace

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""
