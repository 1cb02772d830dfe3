"""A hub on this machine that speaks the Hugging Face hub's protocol, and a random Whisper of Transformers."""

from __future__ import annotations

import hashlib
import importlib
import json
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parent.parent.parent
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """The models that it has: id, file, content; whoever asks for a gated one needs the token "good"."""

    models: dict[str, dict[str, bytes]] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)  # by path, as of any web server
    requests: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str, token: str | None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and content."""
        path = unquote(urlsplit(path).path)
        if path.startswith("/api/models/"):
            return self._listing(path.removeprefix("/api/models/").partition("/revision/")[0])
        if "/resolve/" in path:
            model, _, rest = path[1:].partition("/resolve/")
            return self._file(model, rest.partition("/")[2], token)
        if path[1:] in self.files:
            return 200, {}, self.files[path[1:]]
        return 404, {}, b""

    def _listing(self, model: str) -> tuple[int, dict[str, str], bytes]:
        if model not in self.models:
            return 401, {"X-Error-Code": "RepoNotFound"}, b""
        siblings = [{"rfilename": name, "size": len(data)} for name, data in self.models[model].items()]
        return 200, {}, json.dumps({"id": model, "sha": COMMIT, "siblings": siblings}).encode()

    def _file(self, model: str, name: str, token: str | None) -> tuple[int, dict[str, str], bytes]:
        if token not in (None, "good"):
            return 401, {"X-Error-Message": "Invalid credentials in Authorization header"}, b""
        if model not in self.models:
            return 401, {"X-Error-Code": "RepoNotFound"}, b""
        if model in self.gated and token != "good":
            return 403 if token else 401, {"X-Error-Code": "GatedRepo"}, b""
        if name not in self.models[model]:
            return 404, {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT}, b""
        data = self.models[model][name]
        return 200, {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT}, data


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """A hub without models, instead of the real one; its cache, and torch's, are empty."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hub.requests.append(f"{self.command} {self.path}")
            token = self.headers.get("Authorization", "").removeprefix("Bearer ") or None
            status, headers, data = hub.answer(self.path, token)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    _use(hub.url, tmp_path, monkeypatch)
    yield hub
    server.shutdown()
    thread.join()
    server.server_close()


def _use(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `url` the hub, and `folder` the place for what is fetched."""
    from huggingface_hub import constants

    from meetscribe.weights import store

    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HTTP_PROXY", "http_proxy", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (
        ("ENDPOINT", url),
        ("HUGGINGFACE_CO_URL_TEMPLATE", url + "/{repo_id}/resolve/{revision}/{filename}"),
        ("HF_HUB_CACHE", str(folder / "hub")),
        ("HF_TOKEN_PATH", str(folder / "token")),
        ("HF_HUB_OFFLINE", False),
    ):
        monkeypatch.setattr(constants, name, value)
    monkeypatch.setattr("huggingface_hub.file_download.HUGGINGFACE_CO_URL_TEMPLATE",
                        url + "/{repo_id}/resolve/{revision}/{filename}", raising=False)  # fmt: skip
    monkeypatch.setattr(store, "TORCHAUDIO_URL", url + "/torchaudio/")
    monkeypatch.setenv("TORCH_HOME", str(folder / "torch"))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection fails the test."""

    def refuse(self: socket.socket, address: object) -> None:
        pytest.fail(f"connects to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache for what is converted."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def random_whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Whisper of Transformers with random weights in half precision and the real tokenizer."""
    import torch
    from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration

    directory = tmp_path_factory.mktemp("random") / "whisper"
    torch.manual_seed(0)
    config = WhisperConfig(  # type: ignore[no-untyped-call]
        vocab_size=51865,
        d_model=64,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=1,
        decoder_attention_heads=2,
        encoder_ffn_dim=256,
        decoder_ffn_dim=256,
        bos_token_id=50257,
        eos_token_id=50257,
        pad_token_id=50257,
        decoder_start_token_id=50258,
        init_std=0.2,
        suppress_tokens=None,
        begin_suppress_tokens=None,
    )
    model = WhisperForConditionalGeneration(config).half()  # type: ignore[no-untyped-call]
    model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        suppress_tokens=[],
        begin_suppress_tokens=[220],
        alignment_heads=[[1, 0]],
        lang_to_id={"<|en|>": 50259, "<|zh|>": 50260, "<|de|>": 50261},
    )
    model.save_pretrained(directory)
    _write_tokenizer(directory)
    return directory


def _write_tokenizer(directory: Path) -> None:
    """Write Whisper's tokenizer: that of the samples, or one made of openai-whisper's files."""
    sample = ROOT / "samples" / "weights" / "asr"
    if (sample / "tokenizer.json").is_file():
        for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
                     "preprocessor_config.json"):  # fmt: skip
            shutil.copyfile(sample / name, directory / name)
        return
    pytest.importorskip("whisper")
    sys.path.insert(0, str(ROOT / "samples" / "recipe"))
    try:
        importlib.import_module("tokenizer").write_tokenizer(directory)
    finally:
        sys.path.pop(0)
