"""What is compared with what: files and folders of transcripts, read and matched by the names of their recordings."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.cli.reading import read_stdin
from meetscribe.errors import IncompleteError, InputError, os_reason
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file

if TYPE_CHECKING:
    from meetscribe.timeline import Span
    from meetscribe.transcript import Transcript

Recordings: TypeAlias = dict[str, Callable[[], "Transcript"]]
"""By the name of each recording what reads its transcript."""

Regions: TypeAlias = Mapping[str, "tuple[Span, ...]"]
"""By the name of each recording what of it is scored."""

_ROLE = re.compile(r"\.(words|ref|hyp|sys)$", re.IGNORECASE)
"""What may stand between the name of a recording and the suffix of a format."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two transcripts of a recording, and what of it is scored; None is all."""

    name: str
    reference: Transcript
    hypothesis: Transcript
    within: tuple[Span, ...] | None = None


def find_recordings(path: str, *, truth: bool = False) -> Recordings:
    """The recordings in a file, in a folder, or on stdin ("-"); of the `truth`, turns may lie beside the words.

    Of several files of one recording the one that tells most is read. Raises InputError.
    """
    if path == "-":
        return _in_file(Path(path), read_stdin(), truth)
    if not Path(path).is_dir():
        return _in_file(Path(path), _bytes(Path(path)), truth)
    best: dict[str, Path] = {}
    for file in sorted(Path(path).iterdir(), key=_rank):
        if _rank(file)[0] < len(_ranks()):
            best.setdefault(name_of(file), file)
    found: Recordings = {}
    for name, file in sorted(best.items()):
        if _holds_several(file):
            found |= _in_file(file, _bytes(file), truth)
        else:
            found[name] = partial(_read, file, truth)
    if not found:
        raise InputError(f"{path}: no transcript in this folder", "Give the folder that holds the files.")
    return found


def read_pairs(references: Recordings, hypotheses: Recordings, regions: Regions | None = None) -> list[Pair]:
    """Both transcripts of each recording that is in both: if there is one of each, they belong together.

    Raises InputError if there is none, or if the regions are of others.
    """
    if len(references) == len(hypotheses) == 1:
        names = {next(iter(references)): next(iter(hypotheses))}
    else:
        names = {name: name for name in references if name in hypotheses}
    if not names:
        raise InputError(
            f"no recording is in both: HYP has {_some(hypotheses)}, REF has {_some(references)}",
            "Give both files of a recording the same name before their suffixes.",
        )
    within = {name: None if regions is None else _region(regions, name, len(names)) for name in names}
    with _uncollected():
        return [Pair(name, references[name](), hypotheses[other](), within[name]) for name, other in names.items()]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Have Python look for no cycles in what is made meanwhile, now or later: of millions of values none is in one."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def check_complete(references: Recordings, hypotheses: Recordings, matched: Sequence[Pair]) -> None:
    """Raise IncompleteError if a recording is in one of the two alone; what is no transcript is passed over."""
    scored = {pair.name for pair in matched}
    if len(references) == len(hypotheses) == len(scored) == 1:
        return
    alone = [
        f"{_some(names)} in {side} alone"
        for side, recordings in (("REF", references), ("HYP", hypotheses))
        if (names := {name: None for name in recordings if name not in scored and _is_readable(recordings[name])})
    ]
    if alone:
        raise IncompleteError(f"not scored: {'; '.join(alone)}", "The scores are of the other recordings.")


def regions_of(file: Path | None) -> Regions | None:
    """What is to be scored of each recording, by a file of UEM; None without one. Raises InputError."""
    from meetscribe.formats.parts.recordings import read_regions

    return None if file is None else read_regions(_bytes(file), str(file))


def name_of(file: Path) -> str:
    """The name of a file's recording: without the suffix of its format, and without .words, .ref, .hyp or .sys.

    >>> name_of(Path("out/planning.words.jsonl")), name_of(Path("a.b.seglst.json"))
    ('planning', 'a.b')
    """
    from meetscribe.formats.converting import format_by_suffix

    row = format_by_suffix(file)
    fitting = [suffix for suffix in (row.suffixes if row else ()) if file.name.lower().endswith(suffix.lower())]
    stem = file.name[: -len(fitting[0])] if fitting else file.stem
    return _ROLE.sub("", stem) or stem


def _in_file(file: Path, data: bytes, truth: bool) -> Recordings:
    """The recordings in the bytes of a file."""
    from meetscribe.formats.parts.recordings import read_recordings

    sessions = read_recordings(data, str(file))
    if len(sessions) > 1:
        return {name: partial(_given, transcript) for name, transcript in sessions.items()}
    (transcript,) = sessions.values()
    return {name_of(file): partial(_given, _with_turns(transcript, file) if truth else transcript)}


def _region(regions: Regions, name: str, recordings: int) -> tuple[Span, ...]:
    """What is to be scored of one of so many recordings; raises InputError if the regions are of others."""
    if len(regions) == recordings == 1:
        return next(iter(regions.values()))
    if name not in regions:
        raise InputError(f"the UEM says nothing of {name}, only of {_some(regions)}", "Add a line for it.")
    return regions[name]


def _given(transcript: Transcript) -> Transcript:
    return transcript


def _read(file: Path, truth: bool) -> Transcript:
    """The transcript in a file of one recording."""
    from meetscribe.formats import load

    transcript = load(file)
    return _with_turns(transcript, file) if truth else transcript


def _with_turns(transcript: Transcript, file: Path) -> Transcript:
    """The transcript with the turns in the RTTM beside its file, if it has none of its own."""
    from meetscribe.formats.rttm import read_rttm

    beside = [file.with_name(f"{name_of(file)}{suffix}") for suffix in (".rttm", ".ref.rttm")]
    there = [path for path in beside if path.is_file()]
    if transcript.turns or not there:
        return transcript
    return transcript.with_meta(turns=read_rttm(_bytes(there[0]), str(there[0])))


def _holds_several(file: Path) -> bool:
    """Whether a file may hold several recordings; its name is then none of theirs."""
    return file.name.lower().endswith((".stm", ".ctm", ".rttm", ".seglst.json"))


def _rank(file: Path) -> tuple[int, str]:
    """What a file tells, the most first; after all formats, what is none to read."""
    from meetscribe.formats.converting import format_by_suffix

    row = format_by_suffix(file)
    ranks = _ranks()
    if file.name.lower().endswith(".words.jsonl"):
        return 0, file.name
    return (ranks.index(row.name) if row and row.name in ranks else len(ranks)), file.name


def _ranks() -> list[str]:
    """The formats that are read, those with more to tell first; who speaks when comes after what is said."""
    from meetscribe.formats import FORMATS

    names = [name for name, row in FORMATS.items() if row.reads and name not in ("rttm", "uem")]
    return ["words", *names, "rttm"]


def _bytes(file: Path) -> bytes:
    try:
        return read_file(file, TRANSCRIPT_BYTES)
    except OSError as error:
        raise InputError(f"{file}: {os_reason(error)}", "Check the path and its permissions.") from error


def _is_readable(read: Callable[[], Transcript]) -> bool:
    try:
        read()
    except InputError:
        return False
    return True


def _some(names: Mapping[str, object]) -> str:
    """The first names, for messages."""
    return ", ".join([*list(names)[:4], *(["…"] if len(names) > 4 else [])])
