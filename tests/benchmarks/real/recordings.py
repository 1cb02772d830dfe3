"""The recordings of the benchmark with their references, in sets, divided into those to tune on and those held out."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

import av
import numpy as np

from meetscribe import formats
from meetscribe.audio import SAMPLE_RATE
from meetscribe.formats.rttm import read_rttm
from meetscribe.text.splitting import split_words, spread
from meetscribe.timeline import Seconds, Span, Turn
from meetscribe.transcript import Word
from tests.benchmarks.degraded_audio import NOISES
from tests.benchmarks.real.places import Places

Part: TypeAlias = Literal["tune", "held out"]

TEXTS = Path(__file__).with_name("texts.trans.txt")
"""Texts of LibriSpeech's utterances and of other recordings, which come without them: written down from memory of the
books and checked against the output of Whisper base. LibriSpeech's own files beside the recordings take precedence."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording with its reference.

    Of `words` whose timing is "interpolated", only the order is true. Nobody speaks in a recording without words.
    `quiet` holds spans that are known to contain no speech.
    """

    set: str
    name: str
    path: Path
    language: str
    part: Part
    words: tuple[Word, ...] = ()
    turns: tuple[Turn, ...] = ()
    quiet: tuple[Span, ...] = ()

    @property
    def key(self) -> str:
        """The name by which results are stored and reported."""
        return f"{self.set}/{self.name}"


def find_recordings(places: Places) -> list[Recording]:
    """Return all recordings that are present, set after set."""
    data = places.data
    return [
        *_ami(data / "ami-excerpts"),
        *_call(),
        *_languages(data / "languages"),
        *_readers(data / "librispeech-speakers"),
        *_mixes(data / "librispeech-mixes"),
        *_speech(data / "speech"),
        *_made(places.made),
        *_noises(places.noises),
    ]


def _alternate(index: int) -> Part:
    """Tune on every second recording of a set, in alphabetical order, starting with the first."""
    return "held out" if index % 2 else "tune"


def _ami(folder: Path) -> Iterator[Recording]:
    """Yield 30 s each of four AMI meetings, with the times of all words."""
    for index, path in enumerate(sorted(folder.glob("*.flac"))):
        rows = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["words"]
        words = tuple(Word(row["word"], row["start"], row["end"], speaker=row["speaker"]) for row in rows)
        turns = read_rttm(path.with_suffix(".rttm").read_bytes(), path.name)
        yield Recording("ami", path.stem, path, "en", _alternate(index), words, turns)


def _call() -> Iterator[Recording]:
    """Yield the telephone call in the package pyannote.audio, with the times of its sentences."""
    spec = importlib.util.find_spec("pyannote.audio")
    if spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).with_name("sample")
    words = tuple(replace(word, timing="interpolated") for word in formats.load(folder / "sample.stm").words)
    turns = read_rttm((folder / "sample.rttm").read_bytes(), "sample.rttm")
    yield Recording("call", "sample", folder / "sample.wav", "en", "held out", words, turns)


def _languages(folder: Path) -> Iterator[Recording]:
    """Yield two recordings of a reader in each language: the first to tune on."""
    for path in sorted(folder.glob("*.flac")):
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        part: Part = "held out" if path.stem.endswith("2") else "tune"
        yield _read(Recording("languages", path.stem, path, path.stem[:2], part), text)


def _readers(folder: Path) -> Iterator[Recording]:
    """Yield the utterances of LibriSpeech's readers, those of the first three readers to tune on."""
    texts = read_texts(folder)
    for index, reader in enumerate(sorted(path for path in folder.glob("*") if path.is_dir())):
        for path in sorted(reader.glob("*.flac")):
            if path.stem in texts:
                part: Part = "tune" if index < 3 else "held out"
                yield _read(Recording("readers", path.stem, path, "en", part), texts[path.stem])


def read_texts(folder: Path | None = None) -> dict[str, str]:
    """Return the texts of recordings by name, from *.trans.txt in this folder and, with precedence, in another."""
    files = [TEXTS, *(sorted(folder.rglob("*.trans.txt")) if folder else ())]
    lines = (line.partition(" ") for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return {name: text for name, _, text in lines}


def _mixes(folder: Path) -> Iterator[Recording]:
    """Yield LibriSpeech's readers taking turns, with the true turns and the text of each."""
    texts = read_texts()
    for index, path in enumerate(sorted(folder.glob("*.flac"))):
        rows = json.loads(path.with_suffix(".ref.json").read_text(encoding="utf-8"))["turns"]
        turns = tuple(Turn(row["start"], row["end"], row["speaker"]) for row in rows)
        words = [
            word
            for number, turn in enumerate(turns, 1)
            for word in untimed_words(texts.get(f"{path.stem}.{number}", ""), turn.span, turn.speaker)
        ]
        yield Recording("mixes", path.stem, path, "en", _alternate(index), tuple(words), turns)


def _speech(folder: Path) -> Iterator[Recording]:
    """Yield a speech and a dialogue with known words."""
    texts = read_texts()
    for index, name in enumerate(("jfk", "katiesteve")):
        if (path := folder / f"{name}.flac").is_file():
            yield _read(Recording("other", name, path, "en", _alternate(index)), texts[name])


def _made(folder: Path) -> Iterator[Recording]:
    """Yield the recordings that `make` has assembled, each with a description beside it."""
    for path in sorted(folder.glob("*.json")):
        about = json.loads(path.read_text(encoding="utf-8"))
        words = tuple(Word(text, start, end, timing, speaker=who) for text, start, end, who, timing in about["words"])
        turns = tuple(Turn(*row) for row in about["turns"])
        quiet = tuple(Span(*edges) for edges in about["quiet"])
        file = path.with_name(about["file"])
        yield Recording(about["set"], path.stem, file, about["language"], about["part"], words, turns, quiet)


def _noises(folder: Path) -> Iterator[Recording]:
    """Yield a minute of each kind of sound without speech, computed on first use."""
    import soundfile

    folder.mkdir(parents=True, exist_ok=True)
    for index, (name, noise) in enumerate(NOISES.items()):
        path = folder / f"{name.replace(' ', '-')}.flac"
        if not path.is_file():
            soundfile.write(path, noise(np.random.default_rng(0)), SAMPLE_RATE)
        yield Recording("noise", name, path, "en", _alternate(index))


def _read(recording: Recording, text: str) -> Recording:
    """Return a recording of one reader with the words of a text, whose times are unknown."""
    return replace(recording, words=untimed_words(text, Span(0.0, length_of(recording.path))))


def length_of(path: Path) -> Seconds:
    """Return the length of a recording by its container."""
    with av.open(str(path)) as container:
        return float(container.duration or 0) / av.time_base


def untimed_words(text: str, span: Span, speaker: str | None = None) -> tuple[Word, ...]:
    """Return the words of a text, spread over a span."""
    texts = split_words(text)
    places = spread(texts, span)
    return tuple(
        Word(each, at.start, at.end, "interpolated", speaker=speaker) for each, at in zip(texts, places, strict=True)
    )
