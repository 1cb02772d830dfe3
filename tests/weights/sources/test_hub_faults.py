"""Whatever happens to a download: a model is complete and correct, or an error names the remedy."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from meetscribe.errors import MeetscribeError, OutputError, WeightsError
from meetscribe.weights import Verification, check, fetch, locate, pull, store, verify, whisper_spec
from tests.support.hub import COMMIT, Fault, Hub

ROOT = Path(__file__).parents[2]
WEIGHTS = bytes(range(256)) * (4 << 12)  # 4 MiB
MODEL = {"config.json": b"{}", "model.bin": WEIGHTS, "tokenizer.json": b"{}"}
SPEC = whisper_spec("me/whisper")


@pytest.fixture(autouse=True)
def model(hub: Hub) -> None:
    hub.models["me/whisper"] = dict(MODEL)


def error_of(hub: Hub) -> str:
    """Return the error for the model; no part of it may be taken for a complete model."""
    with pytest.raises(MeetscribeError) as raised:
        check([SPEC])
        fetch(SPEC)
    assert locate(SPEC) is None
    return str(raised.value)


def test_all_files_are_from_one_commit(hub: Hub) -> None:
    """All files are requested at the listed commit, under which the cache stores them."""
    path = fetch(SPEC)
    assert (path / "model.bin").read_bytes() == WEIGHTS
    assert path.name == COMMIT and store.revision_of(path) == COMMIT
    assert {request.split("/")[4] for request in hub.requests if "/resolve/" in request} == {COMMIT}


def test_other_libraries_find_what_was_fetched(hub: Hub) -> None:
    """The cache has the layout of huggingface_hub."""
    from huggingface_hub import snapshot_download

    path = fetch(SPEC)
    assert snapshot_download("me/whisper", local_files_only=True) == str(path)


def test_progress_rises_during_a_slow_download(hub: Hub) -> None:
    """Progress rises with the bytes within a file, not only with files."""
    hub.faults.append(Fault("model.bin", kind="slow", times=2))
    told: list[float] = []
    fetch(SPEC, progress=told.append)
    assert told == sorted(told) and told[-1] == 1.0
    assert any(0.1 < done < 0.9 for done in told)


def test_an_interrupted_download_is_resumed(hub: Hub) -> None:
    """A connection that breaks twice causes no byte to be sent twice."""
    hub.faults.append(Fault(f"{hashlib.sha256(WEIGHTS).hexdigest()}/model.bin", kind="cut", times=2))
    path = fetch(SPEC)
    assert (path / "model.bin").read_bytes() == WEIGHTS
    assert hub.ranges == [f"bytes={2 << 20}-", f"bytes={3 << 20}-"]


def test_the_next_run_resumes_an_interrupted_download(hub: Hub) -> None:
    """If the hub fails in the middle, no model is left that looks complete, and what has arrived is not sent again."""
    large = f"{hashlib.sha256(WEIGHTS).hexdigest()}/model.bin"
    hub.faults += [Fault(large, kind="cut", times=1), Fault(large, status=500)]
    error_of(hub)
    hub.faults.clear()
    told: list[float] = []
    assert (fetch(SPEC, progress=told.append) / "model.bin").read_bytes() == WEIGHTS
    assert hub.ranges[-1] == f"bytes={2 << 20}-"
    assert told[0] >= 0.5


def test_a_changed_file_is_rejected(hub: Hub) -> None:
    """A large file that does not match the hash on the hub is deleted."""
    hub.faults.append(Fault("model.bin", kind="changed"))
    assert "model.bin of me/whisper does not match the hash on the hub" in error_of(hub)
    hub.faults.clear()
    assert (fetch(SPEC) / "model.bin").read_bytes() == WEIGHTS


def test_a_changed_small_file_is_rejected(hub: Hub) -> None:
    """Small files have the hash of a git blob."""
    hub.models["me/whisper"]["config.json"] = b'{"a": 1}'
    hub.faults.append(Fault("config.json", kind="changed"))
    assert "config.json" in error_of(hub)


@pytest.mark.parametrize("token", [None, "other"])
def test_a_gated_model_names_its_page(hub: Hub, token: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is the same without a token (401) and for a user who has not accepted the conditions (403)."""
    hub.gated.add("me/whisper")
    if token is not None:
        monkeypatch.setenv("HF_TOKEN", token)
    assert "Accept the conditions at https://huggingface.co/me/whisper" in error_of(hub)
    assert fetch(SPEC, "good").is_dir()


def test_a_token_without_rights_is_reported(hub: Hub) -> None:
    """A 403 of a model that is not gated is a problem of the token."""
    hub.faults.append(Fault("config.json", status=403))
    assert "the token was refused" in error_of(hub)


def test_a_missing_model_is_reported(hub: Hub) -> None:
    """404 is not reported as a problem of the network."""
    del hub.models["me/whisper"]
    assert "there is no such model" in error_of(hub)
    hub.models["me/whisper"] = {"README.md": b""}
    assert "it has no config.json" in error_of(hub)


def test_rate_limits_are_waited_for(hub: Hub) -> None:
    """Retry-After is honoured for every request of a download."""
    hub.faults += [Fault("config.json", status=429, times=1, wait=7), Fault("model.bin", status=429, times=1, wait=9)]
    assert check([SPEC])
    assert fetch(SPEC).is_dir()
    assert hub.waits == [7, 9]


def test_a_long_rate_limit_is_an_error(hub: Hub) -> None:
    """A run does not wait for an hour."""
    hub.faults.append(Fault("config.json", status=429, wait=3600))
    assert "limits the rate of requests" in error_of(hub)
    assert hub.waits == []


def test_server_errors_are_retried(hub: Hub) -> None:
    """A temporary error of the server has no effect."""
    hub.faults.append(Fault("config.json", status=500, times=2))
    assert check([SPEC]) and fetch(SPEC).is_dir()


def test_lasting_server_errors_are_reported(hub: Hub) -> None:
    """They are not reported as a problem of the network."""
    hub.faults.append(Fault("config.json", status=503))
    message = error_of(hub)
    assert "the server reports an internal error" in message and "HF_ENDPOINT" in message


def test_a_missing_network_is_reported_at_once(hub: Hub, no_hub: None) -> None:
    """Without a connection nothing is retried."""
    assert "does not answer" in error_of(hub)
    assert hub.waits == []


def test_a_revision_is_used(hub: Hub) -> None:
    """A model named by a commit, or its beginning, is found under each name, and no other commit is used."""
    pinned = whisper_spec(f"me/whisper@{COMMIT[:12]}")
    path = fetch(pinned)
    assert locate(pinned) == locate(whisper_spec(f"me/whisper@{COMMIT}")) == path
    assert locate(SPEC) is None  # the newest commit has not been requested
    with pytest.raises(WeightsError, match="no such model"):
        fetch(whisper_spec("me/whisper@ffffffffffff"))


def test_a_full_disk_is_reported_before_the_download(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A download that does not fit does not start."""
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000})())
    assert "does not fit" in error_of(hub)
    assert not any("model.bin" in request for request in hub.requests)
    with pytest.raises(OutputError, match="HF_HOME"):
        fetch(SPEC)


def test_the_environment_is_honoured(hub: Hub, tmp_path: Path) -> None:
    """HF_ENDPOINT, HF_HOME and HF_TOKEN, through a proxy, in a new process; then HF_HUB_OFFLINE."""
    hub.gated.add("me/whisper")
    code = """
import sys
from meetscribe.weights import fetch, whisper_spec
print(fetch(whisper_spec("me/whisper")))
"""
    home = tmp_path / "home"
    variables = {
        "HF_ENDPOINT": "http://hub.invalid",
        "HTTP_PROXY": hub.url,
        "HF_HOME": str(home),
        "HF_TOKEN": "good",
        "PYTHONPATH": str(ROOT),
    }

    def call(**more: str) -> str:
        done = subprocess.run([sys.executable, "-c", code], env={**variables, **more}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    path = call()
    assert Path(path).is_relative_to(home)
    assert {request.split(" ")[1].split("/me/")[0] for request in hub.requests} >= {"http://hub.invalid"}
    hub.requests.clear()
    assert call(HF_HUB_OFFLINE="1", HF_TOKEN="") == path
    assert hub.requests == []


def test_an_interrupted_bundle_is_resumed(hub: Hub) -> None:
    """PyTorch's server supports ranges, too."""
    from meetscribe.weights import aligner_spec

    spec = aligner_spec("WAV2VEC2_ASR_BASE_960H")
    hub.files[f"torchaudio/{spec.files[0]}"] = WEIGHTS
    hub.faults.append(Fault(spec.files[0], kind="cut", times=2))
    hub.faults[0].times = 2
    assert fetch(spec).read_bytes() == WEIGHTS
    assert len(hub.ranges) == 2


def test_a_folder_of_models(hub: Hub, tmp_path: Path) -> None:
    """A model fetched into a folder is stored with its hashes, and found there without a network."""
    folder = tmp_path / "carried"
    path = fetch(SPEC, folder=folder)
    assert path == folder / "me" / "whisper"
    record = json.loads((path / "weights.json").read_text())
    assert record["revision"] == COMMIT == store.revision_of(path)
    assert record["files"]["model.bin"] == hashlib.sha256(WEIGHTS).hexdigest()
    assert {file.name for file in path.iterdir()} == {*MODEL, "weights.json"}
    assert locate(SPEC) is None
    hub.requests.clear()
    (found,) = check([SPEC], offline=True, folder=folder)
    assert found.path == path and hub.requests == []


def test_damaged_files_are_fetched_again(hub: Hub) -> None:
    """`pull` compares the files with their hashes, and fetches only the damaged one."""
    path = pull(SPEC)
    hub.requests.clear()
    assert pull(SPEC) == path and hub.requests == []
    (path / "model.bin").resolve().write_bytes(b"another")
    assert verify(path).damaged == ("model.bin",)
    assert pull(SPEC) == path
    assert verify(path) == Verification(path, 3)
    assert not any(request.startswith("GET") and "tokenizer" in request for request in hub.requests)


def test_a_cached_model_is_copied_without_a_network(hub: Hub, tmp_path: Path) -> None:
    """A model in the cache is copied to a folder, and damaged files in the folder are replaced."""
    pull(SPEC)
    hub.requests.clear()
    path = pull(SPEC, folder=tmp_path / "stick")
    assert hub.requests == [] and verify(path) == Verification(path, 3)
    assert store.revision_of(path) == COMMIT
    (path / "model.bin").write_bytes(b"another")
    assert pull(SPEC, folder=tmp_path / "stick") == path
    assert verify(path) == Verification(path, 3)
