"""Run the command line of whisperX or meetscribe, and count the models that it loads in all its processes.

    python -m tests.benchmarks.launch FOLDER whisperx ARGUMENT …
    python -m tests.benchmarks.launch FOLDER meetscribe ARGUMENT …

Both run as their console scripts do. Each process writes its counts of loaded models to FOLDER. For whisperX, FOLDER
also gets the list of patches and the turns, which whisperX does not write. The patches are a sentence splitter in
place of NLTK's punkt_tab, which would be downloaded, and a decoder if the program ffmpeg is missing.
"""

from __future__ import annotations

import argparse
import atexit
import importlib.abc
import importlib.util
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

CONSTRUCTORS = {
    "faster_whisper.transcribe": ("WhisperModel", "__init__", "recogniser"),
    "transformers.modeling_utils": ("PreTrainedModel", "from_pretrained", "aligner"),
    "pyannote.audio.core.model": ("Model", "from_pretrained", "pyannote"),
    "faster_whisper.vad": ("SileroVADModel", "__init__", "silero"),
}
"""The constructors of each kind of model: module, class, method, kind."""


class SentenceSplitter:
    """A sentence splitter with the interface of NLTK's."""

    def span_tokenize(self, text: str) -> Iterator[tuple[int, int]]:
        """Return the start and end of each sentence."""
        return (match.span() for match in re.finditer(r"\S.*?(?:[.?!]+(?=\s|$)|$)", text))


class LoadCounter(importlib.abc.MetaPathFinder):
    """Count the calls of the constructors, which are patched when their modules are imported."""

    def __init__(self) -> None:
        self.loads: dict[str, int] = {}

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the spec of the module, with a loader that patches the constructor after the import."""
        if name not in CONSTRUCTORS:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module
            spec.loader.exec_module = lambda module: self._patched(module, execute)  # type: ignore[method-assign]
        return spec

    def _patched(self, module: ModuleType, execute: Callable[[ModuleType], None]) -> None:
        execute(module)
        owner, method, kind = CONSTRUCTORS[module.__name__]
        cls = getattr(module, owner)
        inner = cls.__dict__[method]
        function = inner.__func__ if isinstance(inner, classmethod) else inner

        @wraps(function)
        def counted(*arguments: Any, **named: Any) -> Any:
            self.loads[kind] = self.loads.get(kind, 0) + 1
            return function(*arguments, **named)

        setattr(cls, method, classmethod(counted) if isinstance(inner, classmethod) else counted)


Turns: TypeAlias = "list[list[tuple[float, float, str]]]"


def run_whisperx(arguments: Sequence[str], patched: list[str], turns: Turns) -> None:
    """Run whisperX's command line; append the patches to `patched` and the turns of each recording to `turns`."""
    import whisperx.alignment
    import whisperx.diarize

    whisperx.alignment.nltk_load = lambda path: SentenceSplitter()
    patched.append("NLTK's punkt_tab: sentences are split after . ? and !")
    whisperx.diarize.DiarizationPipeline.__call__ = _recording_turns(
        whisperx.diarize.DiarizationPipeline.__call__, turns
    )
    if shutil.which("ffmpeg") is None:
        import faster_whisper.audio
        import whisperx.audio
        import whisperx.transcribe

        for module in (whisperx.audio, whisperx.alignment, whisperx.diarize, whisperx.transcribe):
            module.load_audio = faster_whisper.audio.decode_audio
        patched.append("ffmpeg: recordings are decoded by faster_whisper.decode_audio")
    from whisperx.__main__ import cli

    sys.argv = ["whisperx", *arguments]
    cli()


def _recording_turns(diarize: Callable[..., Any], turns: Turns) -> Callable[..., Any]:
    """Wrap whisperX's diarization to append its turns to `turns`."""

    @wraps(diarize)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        found = diarize(*arguments, **named)
        turns.append([(row.start, row.end, row.speaker) for row in found.itertuples()])
        return found

    return wrapped


def run_meetscribe(arguments: Sequence[str]) -> None:
    """Run meetscribe's command line."""
    from meetscribe.cli import main as cli

    sys.argv = ["meetscribe", *arguments]
    cli()


def count_loads(folder: Path) -> None:
    """Count the models that this process loads from now on, and write the counts to the folder at exit."""
    counter = LoadCounter()
    sys.meta_path.insert(0, counter)
    atexit.register(_write_json, folder / f"loads.{os.getpid()}.json", counter.loads)


def _write_json(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value), encoding="utf-8")


def start_counting(folder: Path) -> None:
    """Count the models that this process and every Python process it starts load."""
    root = Path(__file__).parents[2]
    code = f"from tests.benchmarks import launch; launch.count_loads(launch.Path({str(folder)!r}))"
    (folder / "sitecustomize.py").write_text(code, encoding="utf-8")
    paths = [str(folder), str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    count_loads(folder)


def main() -> None:
    """Run the command, and write the report of whisperX even if the command fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder for the reports")
    parser.add_argument("system", choices=("whisperx", "meetscribe"))
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="arguments of the command")
    options = parser.parse_args()
    start_counting(options.folder)
    if options.system == "meetscribe":
        run_meetscribe(options.arguments)
        return
    patched: list[str] = []
    turns: Turns = []
    try:
        run_whisperx(options.arguments, patched, turns)
    finally:
        _write_json(options.folder / "report.json", {"patched": patched, "turns": turns})


if __name__ == "__main__":
    main()
