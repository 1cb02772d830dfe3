"""Identities of models and of code outside meetscribe, for cache keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import yaml  # type: ignore[import-untyped]

from meetscribe.diarization.embedders import TUNING
from meetscribe.pipeline.provenance import installed
from meetscribe.transcript import JSON
from meetscribe.weights import identify
from meetscribe.weights.fingerprint import fingerprint_of


@cache
def model_identity(model: str) -> str:
    """Return the identity of a model (see `weights.identify`); each model is read once per process."""
    return identify(model)


@cache
def code_identity(factory: str) -> dict[str, JSON]:
    """Return the package versions and the digest of the modules of a factory "package.module:function".

    The factory is not imported. Modules and weights that it loads from elsewhere are not covered.
    """
    module = factory.partition(":")[0].split(".")
    package_spec = find_spec(module[0]) if module[0] != "__main__" else None
    packages = packages_distributions().get(module[0], ())
    versions: dict[str, JSON] = {package: installed(package) for package in packages}
    return {"packages": versions, "code": fingerprint_of(sorted(_module_files(package_spec, module[1:])))}


def pipeline_parts(pipeline: str) -> list[str]:
    """Return the identities of the models whose paths are in the configuration of a pipeline folder."""
    try:
        parts = yaml.safe_load((Path(pipeline).expanduser() / "config.yaml").read_bytes())["pipeline"]["params"]
        return [identify(part) for part in parts.values() if isinstance(part, str) and Path(part).exists()]
    except (OSError, LookupError, TypeError, AttributeError, yaml.YAMLError):  # the diarizer reports the problem
        return []


def tuning_identity(embedder: str) -> str | None:
    """Return the identity of the clustering threshold file beside a checkpoint; None if there is none."""
    path = Path(embedder).expanduser()
    return identify(str(path.with_name(TUNING))) if path.is_file() and path.with_name(TUNING).is_file() else None


def _module_files(package: ModuleSpec | None, inner: Sequence[str]) -> Iterator[Path]:
    """Yield the file of a top-level module, or the files in the folder of a module of a package.

    `inner` is the path of the module below the package, such as ("models", "embedder").
    """
    if package is None:
        return
    if package.submodule_search_locations is None:
        yield from [Path(package.origin)] if package.origin and Path(package.origin).is_file() else []
        return
    for location in package.submodule_search_locations:
        folder = Path(location, *inner)
        yield from (folder if folder.is_dir() else folder.parent).glob("*.py")
