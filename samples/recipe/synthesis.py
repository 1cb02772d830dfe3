"""Synthetic speech with exact word and phone times.

Text goes in; 16 kHz mono speech comes out together with the start and end of
every whitespace-separated token and of every phone, as the synthesiser itself
laid them out (no aligner is involved).  Three engines are used: flite and
espeak-ng through ctypes, festival through one long-lived child process.  All
engines are started lazily in each process, so the module can be used from
multiprocessing workers whatever their start method, and a text spoken twice
with the same settings gives the same samples.

How exact the times are.  Word edges next to pauses were compared with where the
energy crosses 20 dB below the word's level (vowels and sonorants only); none of
the voices drifts along an utterance.  Mean absolute offsets: clustergen 4 to 11
ms, kal16 12 (start) and 18 ms (end), ked 14 and 30 ms (its last sonorant fades
before its end), espeak-ng 1 to 3 ms.

* flite, clustergen voices (slt, rms, awb): the segment ends are the ends of the
  HMM states *after* the duration stretch, and the audio is generated from the
  5 ms frames laid out under those very states, so no rescaling is needed; the
  audio is at most two frames shorter than the last segment end.  Resolution
  5 ms, with another 5 to 10 ms of spectral smoothing around an edge.
* flite kal16 and festival ked (diphones): the segment ends are the targets of
  the duration model; the units are fitted to them to within a pitch period
  (about 10 ms).  kal16 audio stops in the middle of the final pause, which is
  where its last diphone ends.
* espeak-ng: events carry the sample (22.05 kHz) at which the generator starts
  a phone, so the resolution is one sample.  A phone event comes after the
  closure of a stop; a word-initial phone therefore starts at its word event
  and a later one at the start of the digital silence that leads up to it.
"""

from __future__ import annotations

import _ctypes
import argparse
import atexit
import contextlib
import ctypes
import math
import os
import re
import subprocess
import tempfile
import threading
import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt
import soxr  # type: ignore[import-untyped]

SAMPLE_RATE = 16_000
"""Rate of all speech handed out, in Hz."""

Samples = npt.NDArray[np.float32]
Pcm = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One token of the text, punctuation included; times in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone, labelled ``engine:symbol``; times in seconds; never a pause."""

    label: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Speech:
    """Mono float32 samples at 16 kHz in [-1, 1], with their words and phones."""

    samples: Samples
    words: tuple[SpokenWord, ...]
    phones: tuple[Phone, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker: an engine, its voice, and factors on that voice's own setting.

    ``model`` is the engine's name of the voice ("slt", "ked_diphone",
    "en-us+f1"); ``pitch`` and ``rate`` are plain factors (rate 1.1 is faster).
    """

    name: str
    engine: str
    model: str
    language: str = "en"
    pitch: float = 1.0
    rate: float = 1.0


class _Segment(NamedTuple):
    """A stretch of speech of one phone (``token`` -1: a pause); seconds."""

    label: str
    token: int
    start: float
    end: float


class _Raw(NamedTuple):
    """What an engine hands back: PCM, its rate in Hz, and the segments."""

    pcm: Pcm
    rate: float
    segments: list[_Segment]


def _table(*voices: Voice) -> dict[str, Voice]:
    return {voice.name: voice for voice in voices}


VOICES: dict[str, Voice] = _table(
    Voice("sally", "flite", "slt"),
    Voice("robert", "flite", "rms"),
    Voice("angus", "flite", "awb"),
    Voice("karl", "flite", "kal16"),
    Voice("kurt", "festival", "ked_diphone"),
    Voice("emma", "espeak", "en-us+Annie"),
    Voice("oscar", "espeak", "en+m3"),
    Voice("diana", "espeak", "en+f1"),
    Voice("jonas", "espeak", "de+m1", language="de"),
    Voice("lena", "espeak", "de+linda", language="de"),
)
"""The speakers of the sample conversations (variants without added echo)."""

EXTRA_VOICES: dict[str, Voice] = _table(
    Voice("alice", "flite", "slt", pitch=0.84),
    Voice("bella", "flite", "slt", pitch=1.18, rate=1.08),
    Voice("craig", "flite", "rms", pitch=1.14),
    Voice("derek", "flite", "awb", pitch=1.25),
    Voice("ethan", "flite", "kal16", pitch=1.22),
    Voice("fiona", "espeak", "en-us+f2"),
    Voice("grace", "espeak", "en-us+f3"),
    Voice("helen", "espeak", "en+f4"),
    Voice("irene", "espeak", "en+f5"),
    Voice("julia", "espeak", "en-us+Andrea"),
    Voice("kevin", "espeak", "en-us+m2"),
    Voice("lewis", "espeak", "en-gb-scotland+m4"),
    Voice("miles", "espeak", "en-us+m6"),
    Voice("nolan", "espeak", "en-us+m7"),
    Voice("peter", "espeak", "en+Gene"),
)
"""Further speakers, none of them in VOICES, to train a speaker embedder with."""


def _seed_noise() -> None:
    """Seed the C library's rand, the noise source of flite and espeak-ng.

    With it the same text, voice and factors always give the same samples.
    """
    ctypes.CDLL(None).srand(1)


# --- flite -------------------------------------------------------------------

_PITCH_BY_RESAMPLING = frozenset({"rms"})
"""Flite voices whose F0 model ignores f0_shift; see ``_flite``."""

# Flite keeps the pointer to a feature's name, so these bytes must stay alive.
_STRETCH = b"duration_stretch"
_F0_SHIFT = b"f0_shift"

_POINTER_CALLS = [
    "flite_synth_text",
    "utt_relation",
    "utt_wave",
    "relation_head",
    "item_next",
    "item_parent",
    "item_as",
]


class _FliteVoice(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("features", ctypes.c_void_p)]


class _FliteWave(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    ]


class _Flite:
    """The flite library and the voices registered with it so far."""

    def __init__(self) -> None:
        self.lib = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
        for part in ("usenglish", "cmulex"):
            ctypes.CDLL(f"libflite_{part}.so.1", mode=ctypes.RTLD_GLOBAL)
        for name in _POINTER_CALLS:
            getattr(self.lib, name).restype = ctypes.c_void_p
        self.lib.item_feat_string.restype = ctypes.c_char_p
        self.lib.item_feat_float.restype = ctypes.c_float
        self.lib.flite_get_param_float.restype = ctypes.c_float
        self.lib.flite_init()
        self.voices: dict[str, tuple[int, int, float]] = {}

    def voice(self, model: str) -> tuple[int, int, float]:
        """Address of the voice, address of its features, its own stretch."""
        if model not in self.voices:
            library = ctypes.CDLL(f"libflite_cmu_us_{model}.so.1")
            register = getattr(library, f"register_cmu_us_{model}")
            register.restype = ctypes.c_void_p
            address = int(register(None))
            features = int(_FliteVoice.from_address(address).features)
            own = self.lib.flite_get_param_float(ctypes.c_void_p(features), _STRETCH, ctypes.c_float(1.0))
            self.voices[model] = (address, features, float(own))
        return self.voices[model]

    def items(self, utterance: int, relation: bytes) -> list[int]:
        """Addresses of a relation's top-level items, in order."""
        lib, pointer = self.lib, ctypes.c_void_p
        item = lib.relation_head(pointer(lib.utt_relation(pointer(utterance), relation)))
        found = []
        while item:
            found.append(item)
            item = lib.item_next(pointer(item))
        return found

    def token_of(self, segment: int) -> int | None:
        """Address of the token a segment belongs to; None for a pause."""
        lib, pointer = self.lib, ctypes.c_void_p
        item = lib.item_as(pointer(segment), b"SylStructure")
        for _ in range(2):  # syllable, word
            item = lib.item_parent(pointer(item)) if item else None
        item = lib.item_as(pointer(item), b"Token") if item else None
        parent = lib.item_parent(pointer(item)) if item else None
        return int(parent) if parent else None

    def name(self, item: int) -> str:
        return str(self.lib.item_feat_string(ctypes.c_void_p(item), b"name").decode())

    def segments(self, utterance: int) -> list[_Segment]:
        """All segments in order, pauses included."""
        tokens = {item: n for n, item in enumerate(self.items(utterance, b"Token"))}
        found: list[_Segment] = []
        start, last = 0.0, -1
        for item in self.items(utterance, b"Segment"):
            label = self.name(item)
            end = float(self.lib.item_feat_float(ctypes.c_void_p(item), b"end"))
            owner = self.token_of(item)
            token = -1 if label == "pau" else last if owner is None else tokens[owner]
            last = max(last, token)
            found.append(_Segment(label, token, start, end))
            start = end
        return found


def _flite(text: str, voice: Voice) -> _Raw:
    """Speak with flite.

    A voice that ignores f0_shift is spoken slower by the pitch factor and then
    read at a rate higher by it: its formants move along with its pitch.
    """
    engine = _engines.flite()
    address, features, own = engine.voice(voice.model)
    warp = voice.pitch if voice.model in _PITCH_BY_RESAMPLING else 1.0
    for key, value in (
        (_STRETCH, own * warp / voice.rate),
        (_F0_SHIFT, voice.pitch / warp),
    ):
        engine.lib.flite_feat_set_float(ctypes.c_void_p(features), key, ctypes.c_float(value))
    _seed_noise()
    utterance = engine.lib.flite_synth_text(text.encode(), ctypes.c_void_p(address))
    if not utterance:
        raise ValueError(f"flite cannot speak {text!r}")
    try:
        found = _FliteWave.from_address(engine.lib.utt_wave(ctypes.c_void_p(utterance)))
        pcm = np.ctypeslib.as_array(found.samples, (found.num_samples,)).astype(np.int16)
        rate = float(found.sample_rate)
        segments = engine.segments(utterance)
    finally:
        engine.lib.delete_utterance(ctypes.c_void_p(utterance))
    warped = [s._replace(start=s.start / warp, end=s.end / warp) for s in segments]
    return _Raw(pcm, rate * warp, warped)


# --- espeak-ng ---------------------------------------------------------------

_ESPEAK_SYNCHRONOUS = 2
_ESPEAK_PHONEME_EVENTS = 1
_ESPEAK_UTF8 = 1
_ESPEAK_RATE, _ESPEAK_VOLUME, _ESPEAK_PITCH, _ESPEAK_RANGE = 1, 2, 3, 4
_VOLUME = 75
"""Below espeak-ng's own 100, at which some variants clip."""
_WORD, _SENTENCE, _END, _TERMINATED, _PHONEME = 1, 2, 5, 6, 7
_WORDS_PER_MINUTE = 175.0
_LONGEST_CLOSURE = 0.10
"""Silence before a phone that can be its closure, in seconds."""


class _EspeakId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _EspeakEvent(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EspeakId),
    ]


class _Event(NamedTuple):
    """An espeak event: kind, character position (from 0), sample, phone label."""

    kind: int
    position: int
    sample: int
    label: str


class _Espeak:
    """The espeak-ng library with a callback that collects audio and events.

    The library carries state from one utterance to the next (glottal phase,
    flutter) that no call resets, so each utterance gets a freshly loaded one
    (a few milliseconds); what it says then depends on nothing said before.
    """

    def __init__(self) -> None:
        self.lib = ctypes.CDLL("libespeak-ng.so.1")
        self.rate = int(self.lib.espeak_Initialize(_ESPEAK_SYNCHRONOUS, 200, None, _ESPEAK_PHONEME_EVENTS))
        if self.rate <= 0:
            raise RuntimeError("espeak-ng cannot be initialised")
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_EspeakEvent))
        self._callback = kind(self._collect)
        self.lib.espeak_SetSynthCallback(self._callback)
        self.audio = bytearray()
        self.events: list[_Event] = []
        self.lib.espeak_Info.restype = ctypes.c_char_p

    def __enter__(self) -> _Espeak:
        return self

    def __exit__(self, *_: object) -> None:
        """Free the library's memory and unload it."""
        self.lib.espeak_Terminate()
        _ctypes.dlclose(self.lib._handle)

    def _collect(self, audio: int | None, count: int, events: Sequence[_EspeakEvent]) -> int:
        if audio and count > 0:
            self.audio += ctypes.string_at(audio, 2 * count)
        n = 0
        while events[n].type:
            event = events[n]
            label = event.id.string.decode("utf-8", "replace") if event.type == _PHONEME else ""
            self.events.append(_Event(event.type, event.text_position - 1, event.sample, label))
            n += 1
        return 0

    def synthesise(self, text: str) -> tuple[Pcm, list[_Event]]:
        """Audio and events of a text, with the parameters in force."""
        self.audio.clear()
        self.events.clear()
        _seed_noise()
        data = text.encode()
        status = self.lib.espeak_Synth(data, len(data) + 1, 0, 1, 0, _ESPEAK_UTF8, None, None)
        if status != 0:
            raise RuntimeError(f"espeak-ng cannot speak {text!r}: {status}")
        return np.frombuffer(bytes(self.audio), dtype=np.int16), list(self.events)


def _espeak_pitch(factor: float) -> int:
    """The espeak-ng pitch parameter (50 is the voice's own) for a factor."""
    return max(0, min(99, round(50 + 50 * math.log2(factor))))


def _closure(pcm: Pcm, sample: int, earliest: int, rate: int) -> int:
    """First sample of the digital silence that ends at ``sample``."""
    first = max(earliest + 1, sample - round(_LONGEST_CLOSURE * rate), 0)
    loud = np.flatnonzero(np.abs(pcm[first:sample].astype(np.int32)) > 1)
    return first + int(loud[-1]) + 1 if loud.size else sample


def _event_token(position: int, starts: Sequence[int], text: str) -> int:
    """Index of the token that a word event's character position points into."""
    while position < len(text) and text[position] in " |":
        position += 1
    return sum(start <= position for start in starts) - 1


def _espeak_segments(pcm: Pcm, events: Sequence[_Event], text: str, starts: Sequence[int], rate: int) -> list[_Segment]:
    """Segments from events; labels that begin with "_" are pauses."""
    marks: list[tuple[int, str, int]] = []
    token, pending, previous = -1, -1, 0
    for event in events:
        if event.kind == _WORD:
            token, pending = _event_token(event.position, starts, text), event.sample
        elif event.kind in (_SENTENCE, _END, _TERMINATED) or event.kind == _PHONEME and event.label.startswith("_"):
            marks.append((event.sample, "_", -1))
        elif event.kind == _PHONEME and event.label not in ("", ";"):
            first = pending >= 0
            sample = pending if first else _closure(pcm, event.sample, previous, rate)
            marks.append((sample, event.label, token))
            pending, previous = -1, event.sample
    marks.append((len(pcm), "_", -1))
    found = []
    for (start, label, owner), (end, _, _) in zip(marks, marks[1:], strict=False):
        if end > start:
            found.append(_Segment(label, owner, start / rate, end / rate))
    return found


def _espeak_set(engine: _Espeak, voice: Voice) -> None:
    """Select the voice and set its rate, volume and pitch."""
    if engine.lib.espeak_SetVoiceByName(voice.model.encode()) != 0:
        raise ValueError(f"espeak-ng has no voice {voice.model!r}")
    for parameter, value in (
        (_ESPEAK_RATE, round(_WORDS_PER_MINUTE * voice.rate)),
        (_ESPEAK_VOLUME, _VOLUME),
        (_ESPEAK_PITCH, _espeak_pitch(voice.pitch)),
        (_ESPEAK_RANGE, max(0, min(99, round(50 * voice.pitch)))),
    ):
        engine.lib.espeak_SetParameter(parameter, value, 0)


def _espeak(text: str, voice: Voice) -> _Raw:
    """Speak with espeak-ng.

    Its dictionary joins some pairs ("of the", "es ist") into one word.  Where a
    token got no phones of its own the space before it becomes "|", which keeps
    the pair apart, and the text is spoken again.
    """
    tokens = text.split()
    joints = [" "] * len(tokens)
    while True:
        spoken = tokens[0] + "".join(j + t for j, t in zip(joints[1:], tokens[1:], strict=False))
        with _Espeak() as engine:
            _espeak_set(engine, voice)
            pcm, events = engine.synthesise(spoken)
        starts = [sum(len(t) + 1 for t in tokens[:n]) for n in range(len(tokens))]
        segments = _espeak_segments(pcm, events, spoken, starts, engine.rate)
        silent = set(range(len(tokens))) - {s.token for s in segments}
        joined = [n for n in silent if joints[n] == " " and n > 0]
        if not joined:
            return _Raw(pcm, float(engine.rate), segments)
        for n in joined:
            joints[n] = "|"


# --- festival ----------------------------------------------------------------

_KED_F0 = 105.0
"""The mean F0 that the ked_diphone voice sets for itself, in Hz."""

_FESTIVAL_SCRIPT = r"""
(define (speak_timed text stretch f0 base)
  (Parameter.set 'Duration_Stretch stretch)
  (set! int_lr_params
    (list (list 'target_f0_mean f0) (list 'target_f0_std (* f0 0.142857))
          (list 'model_f0_mean 170) (list 'model_f0_std 34)))
  (let ((utt (utt.synth (eval (list 'Utterance 'Text text)))) (n 0) (token nil) (fd nil))
    (utt.save.wave utt (string-append base ".wav") 'riff)
    (set! token (utt.relation.first utt 'Token))
    (while token
      (set! n (+ n 1))
      (item.set_feat token "place" n)
      (set! token (item.next token)))
    (set! fd (fopen (string-append base ".lab") "w"))
    (mapcar
      (lambda (s) (format fd "%s %s %f\n" (item.name s)
        (item.feat s "R:SylStructure.parent.parent.R:Token.parent.place")
        (item.feat s "end")))
      (utt.relation.items utt 'Segment))
    (fclose fd)
    (format t "spoken\n")
    (fflush nil)))
"""


class _Festival:
    """One festival process that reads Scheme and writes files.

    It ends by itself when its input closes, so none is left behind even where
    the exit handlers of this process do not run.
    """

    def __init__(self, model: str) -> None:
        self.process = subprocess.Popen(
            ["festival", "--pipe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="latin-1",
        )
        self._write(f"(voice_{model})\n{_FESTIVAL_SCRIPT}\n")

    def _write(self, scheme: str) -> None:
        stream: IO[str] | None = self.process.stdin
        assert stream is not None
        stream.write(scheme)
        stream.flush()

    def synthesise(self, text: str, stretch: float, f0: float, base: Path) -> None:
        """Speak into ``base``.wav and ``base``.lab; F0 in Hz."""
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        self._write(f'(speak_timed "{quoted}" {stretch:.5f} {f0:.3f} "{base}")\n')
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == "spoken":
                return
        raise RuntimeError(f"festival stopped on {text!r}")

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _festival_segments(lines: Sequence[str]) -> list[_Segment]:
    """Segments from label lines; one outside any word joins the word before."""
    found: list[_Segment] = []
    start, last = 0.0, -1
    for line in lines:
        label, place, text = line.split()
        end = float(text)
        token = -1 if label in ("pau", "h#", "brth") else int(float(place)) - 1
        if token < 0 and label not in ("pau", "h#", "brth"):
            token = last
        last = max(last, token)
        found.append(_Segment(label, token, start, end))
        start = end
    return found


def _festival(text: str, voice: Voice) -> _Raw:
    """Speak with festival."""
    engine = _engines.festival(voice.model)
    with tempfile.TemporaryDirectory(prefix="festival-") as folder:
        base = Path(folder) / "utterance"
        try:
            engine.synthesise(text, 1.0 / voice.rate, _KED_F0 * voice.pitch, base)
        except (RuntimeError, OSError):
            _engines.drop_festival(voice.model)
            raise
        with wave.open(str(base.with_suffix(".wav")), "rb") as reader:
            rate = reader.getframerate()
            pcm = np.frombuffer(reader.readframes(reader.getnframes()), dtype=np.int16)
        lines = base.with_suffix(".lab").read_text(encoding="latin-1").splitlines()
    return _Raw(pcm, float(rate), _festival_segments(lines))


# --- all engines -------------------------------------------------------------


class _Engines:
    """The engines of this process, started on first use."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._flite: _Flite | None = None
        self._festivals: dict[tuple[int, str], _Festival] = {}

    def flite(self) -> _Flite:
        if self._flite is None:
            self._flite = _Flite()
        return self._flite

    def festival(self, model: str) -> _Festival:
        """This process's own festival: one inherited by a fork is not used."""
        key = (os.getpid(), model)
        if key not in self._festivals:
            self._festivals[key] = _Festival(model)
            atexit.register(self.drop_festival, model)
        return self._festivals[key]

    def drop_festival(self, model: str) -> None:
        engine = self._festivals.pop((os.getpid(), model), None)
        if engine is not None:
            engine.close()


_engines = _Engines()
_SPEAKERS = {"flite": _flite, "espeak": _espeak, "festival": _festival}


def _words(tokens: Sequence[str], segments: Sequence[_Segment], end: float) -> list[SpokenWord]:
    """One word per token: its first segment's start to its last one's end."""
    words: list[SpokenWord] = []
    order = [s.token for s in segments if s.token >= 0]
    if order != sorted(order) or set(order) != set(range(len(tokens))):
        raise ValueError(f"tokens and speech do not match: {tokens} got {sorted(set(order))}")
    for n, token in enumerate(tokens):
        own = [s for s in segments if s.token == n]
        words.append(SpokenWord(token, own[0].start, min(own[-1].end, end)))
    for word, after in zip(words, words[1:], strict=False):
        if not (word.start < word.end <= after.start):
            raise ValueError(f"times out of order: {word} {after}")
    if words[-1].end <= words[-1].start:
        raise ValueError(f"empty word: {words[-1]}")
    return words


def _resample(pcm: Pcm, rate: float) -> Samples:
    """PCM at ``rate`` Hz as float32 at 16 kHz, in [-1, 1]."""
    samples = pcm.astype(np.float32) / np.float32(32768)
    if rate != SAMPLE_RATE:
        samples = np.asarray(soxr.resample(samples, rate, SAMPLE_RATE), dtype=np.float32)
    clipped: Samples = np.clip(samples, -1.0, 1.0).astype(np.float32)
    return clipped


def speak(text: str, voice: Voice, *, pitch: float = 1.0, rate: float = 1.0) -> Speech:
    """Speak a text; ``pitch`` and ``rate`` multiply the voice's own factors.

    Raises ValueError if the synthesiser's words cannot be mapped one to one to
    the whitespace-separated tokens of the text.
    """
    tokens = text.split()
    if not tokens or not all(re.search(r"\w", token) for token in tokens):
        raise ValueError(f"every token needs a letter: {text!r}")
    if pitch <= 0 or rate <= 0:
        raise ValueError("pitch and rate must be positive")
    setting = replace(voice, pitch=voice.pitch * pitch, rate=voice.rate * rate)
    with _engines.lock:
        raw = _SPEAKERS[voice.engine](" ".join(tokens), setting)
    samples = _resample(raw.pcm, raw.rate)
    end = len(samples) / SAMPLE_RATE
    words = _words(tokens, raw.segments, end)
    phones = tuple(
        Phone(f"{voice.engine}:{s.label}", s.start, min(s.end, end))
        for s in raw.segments
        if s.token >= 0 and s.start < min(s.end, end)
    )
    return Speech(samples, tuple(words), phones)


def _first_version(command: Sequence[str], pattern: str) -> str:
    """The first match of ``pattern`` in what a command prints."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    found = re.search(pattern, done.stdout + done.stderr)
    return found.group(1) if found else "unknown"


def versions() -> dict[str, str]:
    """Versions of the synthesisers, for provenance."""
    with _engines.lock, _Espeak() as espeak:
        espeak_version = str(espeak.lib.espeak_Info(None).decode())
    return {
        "flite": _first_version(["flite", "--version"], r"flite-([\w.]+)"),
        "espeak-ng": espeak_version,
        "festival": _first_version(["festival", "--version"], r"System:? ([\d.]+)"),
    }


def _save(path: str, samples: Samples) -> None:
    """Write samples as 16-bit PCM."""
    with wave.open(path, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(SAMPLE_RATE)
        writer.writeframes(np.round(samples * 32767).astype("<i2").tobytes())


def _main() -> None:
    parser = argparse.ArgumentParser(description="Speak a text and print its word times.")
    everyone = VOICES | EXTRA_VOICES
    parser.add_argument("text")
    parser.add_argument("--voice", choices=sorted(everyone), default="sally")
    parser.add_argument("--pitch", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=1.0)
    parser.add_argument("-o", "--output", required=True, help="the WAV file to write")
    options = parser.parse_args()
    chosen = everyone[options.voice]
    speech = speak(options.text, chosen, pitch=options.pitch, rate=options.rate)
    _save(options.output, speech.samples)
    for word in speech.words:
        print(f"{word.start:8.3f} {word.end:8.3f}  {word.text}")


if __name__ == "__main__":
    _main()
