"""One command line in this process, whisperX's or ours; how often it loads models is counted in all its processes.

    python -m tests.benchmarks.launch FOLDER whisperx ARGUMENT …
    python -m tests.benchmarks.launch FOLDER meetscribe ARGUMENT …

Both run as their own console scripts do. In FOLDER each process leaves how often it loaded each kind of model, and
whisperX what was patched: it is given a splitter of sentences in the place of NLTK's punkt_tab, which it would
download, and a decoder where there is no program ffmpeg; its turns are noted, since it writes only words.
"""

from __future__ import annotations

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
"""Where models of each kind come from, in whoever's hands: module, class, method, kind."""


class Sentences:
    """In the place of NLTK's splitter."""

    def span_tokenize(self, text: str) -> Iterator[tuple[int, int]]:
        """Where each sentence starts and ends."""
        return (match.span() for match in re.finditer(r"\S.*?(?:[.?!]+(?=\s|$)|$)", text))


class Counter(importlib.abc.MetaPathFinder):
    """Counts what the constructors make, once their modules are imported."""

    def __init__(self) -> None:
        self.loads: dict[str, int] = {}

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module's own spec, whose loader patches the constructor afterwards."""
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
    """Run whisperX's command line, with what it cannot fetch.

    `patched` is told what that was, `turns` who speaks when in each recording.
    """
    import whisperx.alignment
    import whisperx.diarize

    whisperx.alignment.nltk_load = lambda path: Sentences()
    patched.append("NLTK's punkt_tab: sentences are cut after . ? and !")
    whisperx.diarize.DiarizationPipeline.__call__ = _noting(whisperx.diarize.DiarizationPipeline.__call__, turns)
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


def _noting(diarize: Callable[..., Any], turns: Turns) -> Callable[..., Any]:
    """whisperX's diarization, which adds what it found to `turns`."""

    @wraps(diarize)
    def noting(*arguments: Any, **named: Any) -> Any:
        found = diarize(*arguments, **named)
        turns.append([(row.start, row.end, row.speaker) for row in found.itertuples()])
        return found

    return noting


def run_meetscribe(arguments: Sequence[str]) -> None:
    """Run our command line."""
    from meetscribe.cli import main as cli

    sys.argv = ["meetscribe", *arguments]
    cli()


def count_loads(folder: Path) -> None:
    """Count what this process loads from now on, and leave it in the folder at its end."""
    counter = Counter()
    sys.meta_path.insert(0, counter)
    atexit.register(_leave, folder / f"loads.{os.getpid()}.json", counter.loads)


def _leave(file: Path, found: Any) -> None:
    """Write what was found as JSON."""
    file.write_text(json.dumps(found), encoding="utf-8")


def start_counting(folder: Path) -> None:
    """Have every Python process that this one starts count what it loads, and this one too."""
    root = Path(__file__).parents[2]
    code = f"from tests.benchmarks import launch; launch.count_loads(launch.Path({str(folder)!r}))"
    (folder / "sitecustomize.py").write_text(code, encoding="utf-8")
    paths = [str(folder), str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    count_loads(folder)


def main() -> None:
    """Run what the command line names, and leave what is known of it however it ends."""
    folder, system, *arguments = sys.argv[1:]
    start_counting(Path(folder))
    if system == "meetscribe":
        run_meetscribe(arguments)
        return
    patched: list[str] = []
    turns: Turns = []
    try:
        run_whisperx(arguments, patched, turns)
    finally:
        _leave(Path(folder) / "report.json", {"patched": patched, "turns": turns})


if __name__ == "__main__":
    main()
