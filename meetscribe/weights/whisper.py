"""Conversion of Whisper models from the layout of Transformers to the layout of an engine, on first use.

Converted models are stored in `converted/` of the cache folder, under a fingerprint of their source.
"""

from __future__ import annotations

import errno
import json
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any, Literal, TypeAlias

from meetscribe.errors import OutputError, WeightsError, first_line, os_reason
from meetscribe.runtime import silence, telemetry
from meetscribe.storage.folders import cache_folder
from meetscribe.weights.fingerprint import fingerprint_of

Layout: TypeAlias = Literal["ctranslate2", "openai-whisper", "mlx", "transformers"]

CHECKPOINT = "model.pt"
"""The file of a model for openai-whisper in its directory."""

_WEIGHTS = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
_SOURCE_SUFFIXES = {".json", ".txt", ".safetensors", ".bin"}
_VERSION = b"1"  # of the conversion; increase it to discard the results of older versions
_CONVERSION_LOCK = threading.Lock()  # Transformers cannot load two models in two threads


def is_transformers_whisper(directory: Path) -> bool:
    """Return whether a directory holds a Whisper model in the layout of Transformers."""
    return _config(directory).get("model_type") == "whisper" and any((directory / name).is_file() for name in _WEIGHTS)


def is_ctranslate2(directory: Path) -> bool:
    """Return whether a directory holds a Whisper model for CTranslate2, which faster-whisper and whisperX read."""
    return (directory / "model.bin").is_file() and not is_transformers_whisper(directory)


def is_mlx(directory: Path) -> bool:
    """Return whether a directory holds a Whisper model for mlx-whisper."""
    return "n_mels" in _config(directory) and any(
        (directory / name).is_file() for name in ("weights.safetensors", "weights.npz")
    )


def converted(directory: Path, layout: Layout) -> Path:
    """Return the path of the Whisper model in `directory` in another layout, converting it if necessary.

    The path is a directory, or for openai-whisper a `.pt` file, which is also accepted as `directory`. A model that
    already has the layout is returned unchanged. Threads wait for each other; processes may convert the same model
    simultaneously. openai-whisper does not read the alignment heads from the file: see `alignment_heads`.

    Raises WeightsError if the model is neither in `layout` nor in that of Transformers or cannot be converted,
    OutputError if the cache cannot be written.
    """
    if _has_layout(directory, layout):
        return directory
    if not is_transformers_whisper(directory):
        raise WeightsError(
            f"{directory} is not a Whisper model that can be used for {layout}",
            "Give a directory in the layout of Transformers, with config.json and model.safetensors"
            + (", or one with model.bin for CTranslate2." if layout == "ctranslate2" else "."),
        )
    if layout == "transformers":
        return directory
    target = cache_folder() / "converted" / fingerprint(directory) / layout
    with _CONVERSION_LOCK:
        if not target.is_dir():
            _convert(directory, layout, target)
    return target / CHECKPOINT if layout == "openai-whisper" else target


def copy_converted(model: Path, output: Path) -> Path:
    """Copy a converted model to `output`, and return the path of the copy: `output`, or the `.pt` file in it.

    Raises OutputError if `output` exists or cannot be written.
    """
    source = model.parent if model.is_file() else model
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, output)
    except FileExistsError as error:
        raise OutputError(f"{output} already exists", "Choose another path with -o.") from error
    except OSError as error:  # shutil.Error is one
        raise OutputError(f"{output} cannot be written: {os_reason(error)}", "Choose another path.") from error
    return output / model.name if model.is_file() else output


def alignment_heads(path: Path) -> tuple[tuple[int, int], ...] | None:
    """Return the (layer, head) pairs whose attention yields word times, None if the model does not list them.

    `path` is a Whisper model in the layout of Transformers, or the result of `converted`. CTranslate2 and mlx-whisper
    read the heads from their files. openai-whisper uses half of all heads unless they are set after loading:

        mask = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
        for layer, head in heads:
            mask[layer, head] = True
        model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)
    """
    directory = path.parent if path.is_file() else path
    heads = _json(directory / "generation_config.json").get("alignment_heads")
    return None if not heads else tuple((int(layer), int(head)) for layer, head in heads)


def trained_languages(path: Path) -> tuple[str, ...] | None:
    """Return the language codes that a model lists, None if it lists none; `path` as for `alignment_heads`.

    A model that is not multilingual supports only English.
    """
    directory = path.parent if path.is_file() else path
    config = _json(directory / "generation_config.json")
    if config.get("is_multilingual") is False:
        return ("en",)
    tokens = config.get("lang_to_id")
    return None if not tokens else tuple(token.strip("<|>") for token in tokens)


def fingerprint(directory: Path) -> str:
    """Return the fingerprint of a model's files, 32 hexadecimal digits; large files are sampled."""
    files = [path for path in sorted(directory.iterdir()) if path.suffix in _SOURCE_SUFFIXES and path.is_file()]
    return fingerprint_of(files, _VERSION)


def _has_layout(directory: Path, layout: Layout) -> bool:
    """Return whether a model is already in a layout other than that of Transformers."""
    if layout == "ctranslate2":
        return is_ctranslate2(directory)
    if layout == "openai-whisper":
        return directory.is_file() and directory.suffix == ".pt"
    return layout == "mlx" and is_mlx(directory)


def _convert(directory: Path, layout: Layout, target: Path) -> None:
    """Convert a model in a temporary folder and move it to `target`, unless another process did so first."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=target.parent, ignore_cleanup_errors=True) as scratch:
            result = Path(scratch) / "converted"
            _write(directory, layout, result)
            result.replace(target)
    except OSError as error:
        if not target.is_dir():
            raise OutputError(
                f"the converted model cannot be written to {target}: {os_reason(error)}",
                "Free some space, or set MEETSCRIBE_CACHE to another directory.",
            ) from error


def _write(directory: Path, layout: Layout, result: Path) -> None:
    """Write the converted model; raises WeightsError if the source is damaged."""
    telemetry.switch_off()
    with silence.loading():
        from safetensors import SafetensorError

        from meetscribe.weights import layouts

    writers = {
        "ctranslate2": layouts.to_ctranslate2,
        "openai-whisper": layouts.to_openai,
        "mlx": layouts.to_mlx,
    }
    try:
        writers[layout](directory, result)
    except (OSError, RuntimeError, ValueError, KeyError, SafetensorError) as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EROFS):
            raise  # a problem of the disk, not of the model
        raise WeightsError(
            f"the Whisper model in {directory} cannot be converted for {layout}: {first_line(error)}",
            "Its files may be damaged or incomplete: fetch or save it again.",
        ) from error


def _config(directory: Path) -> dict[str, Any]:
    """Return the content of config.json, empty if there is none."""
    return _json(directory / "config.json")


def _json(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file, empty if there is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
