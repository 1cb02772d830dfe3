"""Whatever happens on the way from the hub: what arrives is whole and right, or is refused with what to do."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from meetscribe.errors import MeetscribeError, OutputError, WeightsError
from meetscribe.weights import Verdict, check, fetch, locate, pull, store, verify, whisper_need
from tests.support.hub import COMMIT, Fault, Hub

ROOT = Path(__file__).parents[2]
WEIGHTS = bytes(range(256)) * (4 << 12)  # 4 MiB
MODEL = {"config.json": b"{}", "model.bin": WEIGHTS, "tokenizer.json": b"{}"}
NEED = whisper_need("me/whisper")


@pytest.fixture(autouse=True)
def model(hub: Hub) -> None:
    hub.models["me/whisper"] = dict(MODEL)


def refused(hub: Hub) -> str:
    """What is said of a model that cannot be had; nothing of it is taken for one that is here."""
    with pytest.raises(MeetscribeError) as raised:
        check([NEED])
        fetch(NEED)
    assert locate(NEED) is None
    return str(raised.value)


def test_a_model_arrives_whole_from_one_commit(hub: Hub) -> None:
    """All files are asked for at the commit that was listed, which is where the cache says they are."""
    path = fetch(NEED)
    assert (path / "model.bin").read_bytes() == WEIGHTS
    assert path.name == COMMIT and store.revision_of(path) == COMMIT
    assert {request.split("/")[4] for request in hub.requests if "/resolve/" in request} == {COMMIT}


def test_other_libraries_find_what_was_fetched(hub: Hub) -> None:
    """The cache is as huggingface_hub itself leaves it."""
    from huggingface_hub import snapshot_download

    path = fetch(NEED)
    assert snapshot_download("me/whisper", local_files_only=True) == str(path)


def test_a_slow_hub_is_waited_for_and_watched(hub: Hub) -> None:
    """Progress rises with the bytes within a file, not only with files."""
    hub.faults.append(Fault("model.bin", kind="slow", times=2))
    told: list[float] = []
    fetch(NEED, progress=told.append)
    assert told == sorted(told) and told[-1] == 1.0
    assert any(0.1 < done < 0.9 for done in told)


def test_what_is_cut_is_taken_up_where_it_broke(hub: Hub) -> None:
    """A connection that breaks in the middle, twice, costs no byte twice."""
    hub.faults.append(Fault(f"{hashlib.sha256(WEIGHTS).hexdigest()}/model.bin", kind="cut", times=2))
    path = fetch(NEED)
    assert (path / "model.bin").read_bytes() == WEIGHTS
    assert hub.ranges == [f"bytes={2 << 20}-", f"bytes={3 << 20}-"]


def test_what_broke_off_is_taken_up_by_the_next_run(hub: Hub) -> None:
    """A hub that goes away in the middle leaves nothing that looks like a model, and nothing to be fetched again."""
    large = f"{hashlib.sha256(WEIGHTS).hexdigest()}/model.bin"
    hub.faults += [Fault(large, kind="cut", times=1), Fault(large, status=500)]
    refused(hub)
    hub.faults.clear()
    told: list[float] = []
    assert (fetch(NEED, progress=told.append) / "model.bin").read_bytes() == WEIGHTS
    assert hub.ranges[-1] == f"bytes={2 << 20}-"
    assert told[0] >= 0.5


def test_what_is_changed_on_the_way_is_refused(hub: Hub) -> None:
    """Bytes that do not have the hash that the hub announced are thrown away."""
    hub.faults.append(Fault("model.bin", kind="changed"))
    assert "model.bin of me/whisper is not what the hub says it is" in refused(hub)
    hub.faults.clear()
    assert (fetch(NEED) / "model.bin").read_bytes() == WEIGHTS


def test_a_small_file_that_is_changed_is_refused(hub: Hub) -> None:
    """Those that git keeps have a hash of git's kind."""
    hub.models["me/whisper"]["config.json"] = b'{"a": 1}'
    hub.faults.append(Fault("config.json", kind="changed"))
    assert "config.json" in refused(hub)


@pytest.mark.parametrize("token", [None, "other"])
def test_a_gated_model_names_its_page(hub: Hub, token: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the hub does not know who asks (401), or knows who has not accepted the conditions (403)."""
    hub.gated.add("me/whisper")
    if token is not None:
        monkeypatch.setenv("HF_TOKEN", token)
    assert "Accept the conditions at https://huggingface.co/me/whisper" in refused(hub)
    assert fetch(NEED, "good").is_dir()


def test_a_token_without_rights_is_said(hub: Hub) -> None:
    """A refusal that is not about conditions is about the token."""
    hub.faults.append(Fault("config.json", status=403))
    assert "the token was refused" in refused(hub)


def test_a_model_that_is_not_there_is_said(hub: Hub) -> None:
    """404 is not a matter of the network."""
    del hub.models["me/whisper"]
    assert "there is no such model" in refused(hub)
    hub.models["me/whisper"] = {"README.md": b""}
    assert "it has no config.json" in refused(hub)


def test_a_hub_that_asks_to_wait_is_waited_for(hub: Hub) -> None:
    """Retry-After is kept, for any request of a fetch."""
    hub.faults += [Fault("config.json", status=429, times=1, wait=7), Fault("model.bin", status=429, times=1, wait=9)]
    assert check([NEED])
    assert fetch(NEED).is_dir()
    assert hub.waits == [7, 9]


def test_a_hub_that_asks_to_wait_long_is_left(hub: Hub) -> None:
    """Nobody waits an hour without having been asked."""
    hub.faults.append(Fault("config.json", status=429, wait=3600))
    assert "asks to wait" in refused(hub)
    assert hub.waits == []


def test_a_hub_that_fails_is_asked_again(hub: Hub) -> None:
    """An error of the hub's own passes, or is said to be one."""
    hub.faults.append(Fault("config.json", status=500, times=2))
    assert check([NEED]) and fetch(NEED).is_dir()


def test_a_hub_that_goes_on_failing_is_said(hub: Hub) -> None:
    """It is not taken for a network that is down."""
    hub.faults.append(Fault("config.json", status=503))
    said = refused(hub)
    assert "answers that something is wrong there" in said and "HF_ENDPOINT" in said


def test_no_network_is_said_at_once(hub: Hub, no_hub: None) -> None:
    """A machine that is not connected is not tried again and again."""
    assert "does not answer" in refused(hub)
    assert hub.waits == []


def test_a_revision_is_kept_to(hub: Hub) -> None:
    """What is called by a commit, or by its beginning, is found again under each name, and no other commit is."""
    pinned = whisper_need(f"me/whisper@{COMMIT[:12]}")
    path = fetch(pinned)
    assert locate(pinned) == locate(whisper_need(f"me/whisper@{COMMIT}")) == path
    assert locate(NEED) is None  # nobody has asked which commit is the newest
    with pytest.raises(WeightsError, match="no such model"):
        fetch(whisper_need("me/whisper@ffffffffffff"))


def test_a_disk_that_is_too_small_is_said_before(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is begun that will not fit."""
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000})())
    assert "does not fit" in refused(hub)
    assert not any("model.bin" in request for request in hub.requests)
    with pytest.raises(OutputError, match="HF_HOME"):
        fetch(NEED)


def test_the_environment_is_honoured(hub: Hub, tmp_path: Path) -> None:
    """HF_ENDPOINT, HF_HOME and HF_TOKEN, through a proxy, in a process of its own; then HF_HUB_OFFLINE."""
    hub.gated.add("me/whisper")
    code = """
import sys
from meetscribe.weights import fetch, whisper_need
print(fetch(whisper_need("me/whisper")))
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


def test_a_bundle_that_is_cut_is_taken_up(hub: Hub) -> None:
    """PyTorch's server knows ranges, too."""
    from meetscribe.weights import aligner_need

    need = aligner_need("WAV2VEC2_ASR_BASE_960H")
    hub.files[f"torchaudio/{need.files[0]}"] = WEIGHTS
    hub.faults.append(Fault(need.files[0], kind="cut", times=2))
    hub.faults[0].times = 2
    assert fetch(need).read_bytes() == WEIGHTS
    assert len(hub.ranges) == 2


def test_a_folder_to_carry_away(hub: Hub, tmp_path: Path) -> None:
    """A model fetched into a folder lies there with its hashes, and is found there without a network."""
    folder = tmp_path / "carried"
    path = fetch(NEED, folder=folder)
    assert path == folder / "me" / "whisper"
    record = json.loads((path / "weights.json").read_text())
    assert record["revision"] == COMMIT == store.revision_of(path)
    assert record["files"]["model.bin"] == hashlib.sha256(WEIGHTS).hexdigest()
    assert {file.name for file in path.iterdir()} == {*MODEL, "weights.json"}
    assert locate(NEED) is None
    hub.requests.clear()
    (found,) = check([NEED], offline=True, folder=folder)
    assert found.path == path and hub.requests == []


def test_what_is_damaged_here_is_fetched_again(hub: Hub) -> None:
    """Pulling compares what is here with its hashes, and asks only for the file that is another."""
    path = pull(NEED)
    hub.requests.clear()
    assert pull(NEED) == path and hub.requests == []
    (path / "model.bin").resolve().write_bytes(b"another")
    assert verify(path).wrong == ("model.bin",)
    assert pull(NEED) == path
    assert verify(path) == Verdict(path, 3)
    assert not any(request.startswith("GET") and "tokenizer" in request for request in hub.requests)


def test_what_is_here_is_carried_away_without_a_network(hub: Hub, tmp_path: Path) -> None:
    """A model in the cache is copied, and damage on the stick is mended."""
    pull(NEED)
    hub.requests.clear()
    path = pull(NEED, folder=tmp_path / "stick")
    assert hub.requests == [] and verify(path) == Verdict(path, 3)
    assert store.revision_of(path) == COMMIT
    (path / "model.bin").write_bytes(b"another")
    assert pull(NEED, folder=tmp_path / "stick") == path
    assert verify(path) == Verdict(path, 3)
