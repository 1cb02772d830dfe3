"""Whisper in the format that each engine reads, converted from Transformers' on first use and kept.

Converted models lie in `converted/` of the user's cache, or of the directory that `MEETSCRIBE_CACHE` names,
under a fingerprint of the files they were made from; deleting them is safe.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any, Literal, TypeAlias

from meetscribe.errors import OutputError, WeightsError, first_line, os_reason
from meetscribe.weights.fingerprint import fingerprint_of

Target: TypeAlias = Literal["ctranslate2", "openai-whisper", "mlx", "transformers"]

CHECKPOINT = "model.pt"
"""What a model for openai-whisper is called in its directory."""

_WEIGHTS = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
_SOURCES = {".json", ".txt", ".safetensors", ".bin"}
_EDITION = b"1"  # to be raised when conversion changes, so that older results are not used again
_ONE_AT_A_TIME = threading.Lock()  # Transformers cannot load two models in two threads


def is_transformers_whisper(directory: Path) -> bool:
    """Whether this is a directory with a Whisper as Transformers saves it."""
    return _config(directory).get("model_type") == "whisper" and any((directory / name).is_file() for name in _WEIGHTS)


def is_ctranslate2(directory: Path) -> bool:
    """Whether this is a directory with a Whisper for CTranslate2, as faster-whisper and whisperX read it."""
    return (directory / "model.bin").is_file() and not is_transformers_whisper(directory)


def is_mlx(directory: Path) -> bool:
    """Whether this is a directory with a Whisper as mlx-whisper reads it."""
    return "n_mels" in _config(directory) and any(
        (directory / name).is_file() for name in ("weights.safetensors", "weights.npz")
    )


def converted(directory: Path, target: Target) -> Path:
    """Where the Whisper in `directory` lies in the format of `target`, after converting it if that is needed.

    That is a directory, or for openai-whisper a `.pt` file. What is in the format already is returned as it
    is, and a Whisper of Transformers is converted once; threads wait for each other, and processes do each
    other no harm. For openai-whisper, which knows the heads for word times of its own models only, see
    `alignment_heads`.

    Raises WeightsError if it is neither, or cannot be converted; OutputError if the cache cannot be written.
    """
    if _is_already(directory, target):
        return directory
    if not is_transformers_whisper(directory):
        raise WeightsError(
            f"{directory} is not a Whisper that can be used for {target}",
            "Give a directory as Transformers saves it, with config.json and model.safetensors"
            + (", or one with model.bin as CTranslate2 saves it." if target == "ctranslate2" else "."),
        )
    if target == "transformers":
        return directory
    place = cache_directory() / "converted" / fingerprint(directory) / target
    with _ONE_AT_A_TIME:
        if not place.is_dir():
            _convert(directory, target, place)
    return place / CHECKPOINT if target == "openai-whisper" else place


def copied(made: Path, output: Path) -> Path:
    """Where a converted model lies after copying it whole to `output`: that, or the `.pt` file in it.

    Raises OutputError if there is something already, or it cannot be written.
    """
    source = made.parent if made.is_file() else made
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, output)
    except FileExistsError as error:
        raise OutputError(f"{output} is there already", "Name another place with -o.") from error
    except OSError as error:  # shutil's own error is one
        raise OutputError(f"{output} cannot be written: {os_reason(error)}", "Name another place.") from error
    return output / made.name if made.is_file() else output


def alignment_heads(path: Path) -> tuple[tuple[int, int], ...] | None:
    """The (layer, head) pairs whose attention tells when words are said; None where the model does not say.

    `path` is a Whisper of Transformers, or what `converted` returned. CTranslate2 and mlx-whisper are told in
    their files. openai-whisper must be told after loading, and takes half of all heads otherwise:

        mask = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
        for layer, head in heads:
            mask[layer, head] = True
        model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)
    """
    directory = path.parent if path.is_file() else path
    heads = _json(directory / "generation_config.json").get("alignment_heads")
    return None if not heads else tuple((int(layer), int(head)) for layer, head in heads)


def trained_languages(path: Path) -> tuple[str, ...] | None:
    """The codes of the languages that a model says it was trained on, None where it does not say.

    `path` is as for `alignment_heads`.
    """
    directory = path.parent if path.is_file() else path
    tokens = _json(directory / "generation_config.json").get("lang_to_id")
    return None if not tokens else tuple(token.strip("<|>") for token in tokens)


def cache_directory() -> Path:
    """The directory for what can be made again: `MEETSCRIBE_CACHE`, else the platform's."""
    from platformdirs import user_cache_path

    chosen = os.environ.get("MEETSCRIBE_CACHE")
    return Path(chosen).expanduser() if chosen else user_cache_path("meetscribe")


def fingerprint(directory: Path) -> str:
    """32 hexadecimal digits that differ if a file of the model does: of large files, samples are read."""
    files = [path for path in sorted(directory.iterdir()) if path.suffix in _SOURCES and path.is_file()]
    return fingerprint_of(files, _EDITION)


def _is_already(directory: Path, target: Target) -> bool:
    """Whether nothing has to be converted."""
    if target == "ctranslate2":
        return is_ctranslate2(directory)
    if target == "openai-whisper":
        return directory.is_file() and directory.suffix == ".pt"
    return target == "mlx" and is_mlx(directory)


def _convert(directory: Path, target: Target, place: Path) -> None:
    """Convert beside `place` and move the whole there, unless another process was faster."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=place.parent, ignore_cleanup_errors=True) as scratch:
            made = Path(scratch) / "made"
            _make(directory, target, made)
            made.replace(place)
    except OSError as error:
        if not place.is_dir():
            raise OutputError(
                f"the converted model cannot be written to {place}: {os_reason(error)}",
                "Make room, or set MEETSCRIBE_CACHE to another directory.",
            ) from error


def _make(directory: Path, target: Target, made: Path) -> None:
    """Write the converted model; raises WeightsError if the model is not what it should be."""
    from safetensors import SafetensorError

    from meetscribe.weights import layouts

    makers = {
        "ctranslate2": layouts.to_ctranslate2,
        "openai-whisper": layouts.to_openai,
        "mlx": layouts.to_mlx,
    }
    try:
        makers[target](directory, made)
    except (OSError, RuntimeError, ValueError, KeyError, SafetensorError) as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EROFS):
            raise  # not the model's fault
        reason = first_line(error)
        raise WeightsError(
            f"the Whisper in {directory} cannot be converted for {target}: {reason}",
            "Its files may be damaged or incomplete: fetch or save it again.",
        ) from error


def _config(directory: Path) -> dict[str, Any]:
    """What a model's config.json says, nothing if it has none."""
    return _json(directory / "config.json")


def _json(path: Path) -> dict[str, Any]:
    """The object in a file; empty if there is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
