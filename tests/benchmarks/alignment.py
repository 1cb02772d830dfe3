"""Where words are put, and at what cost, beside whisperX: the same weights, recordings and texts, in one run.

    python -m tests.benchmarks.alignment                      # the sample planning
    python -m tests.benchmarks.alignment RECORDING …          # recordings X.flac with X.words.jsonl beside them
    python -m tests.benchmarks.alignment --arithmetic         # only the time of the search
    python -m tests.benchmarks.alignment --quick              # the sample standup; the search on up to 10 minutes

The text is the truth's: once sentence by sentence with the true start and end of each, once in passages of up to 25 s,
sentence after sentence, as recognition writes them (those spoken at the same time apart). whisperX is
`whisperx.align` as it is, and once more hearing what our network hears in a segment (its clips evened out as the
preprocessor of the weights asks). Its sentence splitter (NLTK's punkt_tab, a download) is replaced by one that cuts
after . ? and !
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import whisperx.alignment

from meetscribe import alignment
from meetscribe.alignment.ctc import Trellis, viterbi
from meetscribe.alignment.tokens import extend_emissions
from meetscribe.alignment.wav2vec2 import Wav2Vec2
from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.evaluation import Offsets
from meetscribe.runtime.devices import Device
from meetscribe.text.splitting import spread
from meetscribe.timeline import Span
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.benchmarks.launch import Sentences

SAMPLES = Path(__file__).parents[2] / "samples"
PASSAGE, PAUSE = 25.0, 0.3  # seconds
PEER = "whisperX"
Method = Callable[[Audio, list[list[Word]]], list[Word | None]]


def truth(recording: Path) -> list[Word]:
    """The words that are spoken, in order of time."""
    rows = [json.loads(row) for row in recording.with_suffix(".words.jsonl").read_text(encoding="utf-8").splitlines()]
    words = (Word(row["word"], row["start"], row["end"], speaker=row["speaker"]) for row in rows)
    return sorted(words, key=lambda word: word.start)


def sentences(words: Sequence[Word]) -> list[list[Word]]:
    """Each sentence of each speaker, in order of time."""
    cut: list[list[Word]] = []
    by_speaker: dict[str | None, list[list[Word]]] = {}
    for word in words:
        own = by_speaker.setdefault(word.speaker, [[]])
        if own[-1] and (_stops(own[-1][-1]) or word.start - own[-1][-1].end > 1):
            own.append([])
        own[-1].append(word)
    for own in by_speaker.values():
        cut += own
    return sorted(cut, key=lambda sentence: sentence[0].start)


def passages(words: Sequence[Word]) -> list[list[Word]]:
    """Sentence after sentence, up to 25 s; those that are spoken at once have no order, and are not put together."""
    cut: list[list[Word]] = []
    for sentence in sentences(words):
        together = cut and cut[-1][-1].end <= sentence[0].start
        if together and sentence[-1].end - cut[-1][0].start <= PASSAGE:
            cut[-1] += sentence
        else:
            cut.append(list(sentence))
    return cut


def pausing(words: Sequence[Word]) -> set[Word]:
    """The words at a full stop, or after which their speaker says nothing for 0.3 s."""
    found = {word for word in words if _stops(word)}
    for speaker in {word.speaker for word in words}:
        own = [word for word in words if word.speaker == speaker]
        found |= {before for before, after in pairwise(own) if after.start - before.end >= PAUSE} | {own[-1]}
    return found


def _stops(word: Word) -> bool:
    return word.text[-1] in ".?!"


def ours(aligner: Wav2Vec2) -> Method:
    """Our times; nothing is known of the words but the start and end of their segment."""

    def method(audio: Audio, segments: list[list[Word]]) -> list[Word | None]:
        given = []
        for words in segments:
            span = Span(words[0].start, max(word.end for word in words))
            spans = spread([word.text for word in words], span)
            given.append(Segment(tuple(Word(word.text, s.start, s.end) for word, s in zip(words, spans, strict=True))))
        transcript = Transcript(tuple(given), Meta("en", audio.duration))
        return [*alignment.align(transcript, audio, lambda _: aligner, alignment.AlignmentSettings()).words]

    return method


def theirs(aligner: Wav2Vec2, network: Any) -> Method:
    """whisperX's times; None for a word without."""
    metadata = {"language": "en", "dictionary": dict(aligner.dictionary), "type": "huggingface"}

    def method(audio: Audio, segments: list[list[Word]]) -> list[Word | None]:
        found: list[Word | None] = []
        samples = audio.samples[:]
        for words in segments:
            text = " ".join(word.text for word in words)
            given = {"text": text, "start": words[0].start, "end": max(word.end for word in words)}
            result = whisperx.alignment.align([given], network, metadata, samples, "cpu")
            heard = [word for segment in result["segments"] for word in segment["words"]]
            if [word["word"] for word in heard] != [word.text for word in words]:
                heard = [{}] * len(words)
            found += [Word(word["word"], word["start"], word["end"]) if "start" in word else None for word in heard]
        return found

    return method


@dataclass(frozen=True, slots=True)
class Evened:
    """The network as ours hears through it: clips of zero mean and unit variance, if its preprocessor says so."""

    aligner: Wav2Vec2

    def __call__(self, clip: torch.Tensor) -> Any:
        """The network's output for a clip `(1, samples)`."""
        evened = torch.from_numpy(self.aligner.prepare(clip[0].numpy()))[None]
        return self.aligner.network(evened)


@dataclass(slots=True)
class Errors:
    """Offsets in milliseconds, and how many words have no time."""

    all: Offsets = Offsets()
    pauses: Offsets = Offsets()
    missing: int = 0

    def add(self, segments: list[list[Word]], found: Sequence[Word | None]) -> None:
        """Count the words of a recording."""
        words = [word for segment in segments for word in segment]
        last = pausing(sorted(words, key=lambda word: word.start))
        pairs = [(true, word) for true, word in zip(words, found, strict=True) if word is not None]
        self.missing += len(words) - len(pairs)
        starts = [round(1000 * (word.start - true.start)) for true, word in pairs]
        ends = [round(1000 * (word.end - true.end)) for true, word in pairs]
        self.all += Offsets((*starts, *ends))
        self.pauses += Offsets(tuple(end for (true, _), end in zip(pairs, ends, strict=True) if true in last))

    def measures(self) -> list[float]:
        """Mean, median, p90 in ms, shares off by more than 50, 100 and 200 ms, mean at pauses: less is better."""
        edges = self.all
        off = [1 - (edges.share_within(limit) or 0) for limit in (0.05, 0.1, 0.2)]
        means = [1000 * (value or 0) for value in (edges.mean, edges.median, edges.p90)]
        return [*means, *off, 1000 * (self.pauses.mean or 0)]

    def row(self, name: str) -> str:
        """A line of the table."""
        mean, median, p90, *off, pauses = self.measures()
        within = "".join(f"{1 - share:>8.1%}" for share in off)
        return f"  {name:<26}{mean:>7.1f}{median:>8.0f}{p90:>6.0f}{within}{pauses:>14.1f}{self.missing:>9}"


HEADER = (
    f"  {'ms':<26}{'mean':>7}{'median':>8}{'p90':>6}{'≤50':>8}{'≤100':>8}{'≤200':>8}{'ends at pause':>14}{'no time':>9}"
)


def accuracy(recordings: Sequence[Path], aligner: Wav2Vec2) -> None:
    """Print how far the words' starts and ends are off, ours and theirs, for each way to cut the text."""
    methods = {
        PEER: theirs(aligner, aligner.network),
        f"{PEER}, our emissions": theirs(aligner, Evened(aligner)),
        "meetscribe": ours(aligner),
    }
    for cut in (sentences, passages):
        totals = {name: Errors() for name in methods}
        for recording in recordings:
            audio, segments = load_audio(recording), cut(truth(recording))
            errors = {name: Errors() for name in methods}
            for name, method in methods.items():
                found = method(audio, segments)
                errors[name].add(segments, found)
                totals[name].add(segments, found)
            show(f"{recording.stem}, {len(segments)} {cut.__name__}", errors)
        if len(recordings) > 1:
            show(f"all recordings, {cut.__name__}", totals)


def show(title: str, errors: dict[str, Errors]) -> None:
    """Print a table, and how we stand beside the peer."""
    print(f"\n{title}\n{HEADER}", *(each.row(name) for name, each in errors.items()), sep="\n")
    pairs = list(zip(errors["meetscribe"].measures(), errors[PEER].measures(), strict=True))
    worse = sum(own > peer for own, peer in pairs)
    own, peer = pairs[-1]
    print(
        f"  worse than {PEER} in {worse} of {len(pairs)} measures; mean error at pauses {own / peer:.2f} of its",
        flush=True,
    )


def arithmetic(aligner: Wav2Vec2, minutes: Sequence[float]) -> None:
    """Print the time of the search alone on so many minutes, ours and theirs, and how ours grows."""
    recording = SAMPLES / "planning.flac"
    audio, words = load_audio(recording), truth(recording)
    print(f"\nsearch on what is heard of {recording.stem}, repeated: seconds of one processor, best of 3")
    for cut in (sentences, passages):
        lines = [line(audio, segment, aligner) for segment in cut(words)]
        compare(cut.__name__, repeated(lines, aligner, 20.0))
        for length in minutes:
            growth(length, cut.__name__, repeated(lines, aligner, length))
    for length in minutes:
        growth(length, "one segment", [joined(repeated(lines, aligner, length))])


def growth(minutes: float, name: str, lines: Sequence[Trellis]) -> None:
    """Print what a minute costs in so many."""
    cost = best(lambda: search(lines), 3)
    print(f"    {minutes:>5.0f} min in {name}: {cost:.3f} s, {1000 * cost / minutes:.1f} ms a minute", flush=True)


def line(audio: Audio, words: Sequence[Word], aligner: Wav2Vec2) -> Trellis:
    """What is heard of a segment, and its letters."""
    letters = [aligner.dictionary[letter] for word in words for letter in word.text.lower() if letter.isalpha()]
    clip = audio.slice(Span(words[0].start, max(word.end for word in words)))
    heard = extend_emissions(aligner.emissions([clip])[0], aligner.dictionary, aligner.blank)
    return Trellis(heard, letters, [aligner.blank] * (len(letters) + 1))


def repeated(lines: Sequence[Trellis], aligner: Wav2Vec2, minutes: float) -> list[Trellis]:
    """The lines again and again, until they are so long together."""
    frames = minutes * 60 * SAMPLE_RATE / aligner.stride
    chosen: list[Trellis] = []
    while frames > 0:
        chosen.append(lines[len(chosen) % len(lines)])
        frames -= len(chosen[-1].log_probs)
    return chosen


def joined(lines: Sequence[Trellis]) -> Trellis:
    """All of them as one."""
    tokens = [token for each in lines for token in each.tokens]
    return Trellis(np.concatenate([each.log_probs for each in lines]), tokens, [lines[0].gaps[0]] * (len(tokens) + 1))


def search(lines: Sequence[Trellis]) -> None:
    """Find the places of all tokens, as many lines at once as alignment does."""
    size = alignment.AlignmentSettings().batch_size
    waiting = sorted(lines, key=lambda each: len(each.log_probs))
    for first in range(0, len(waiting), size):
        viterbi(waiting[first : first + size])


def compare(name: str, lines: Sequence[Trellis]) -> None:
    """Print our time and the peer's on the same emissions and tokens."""
    heard = [(torch.from_numpy(each.log_probs), list(each.tokens), each.gaps[0]) for each in lines]

    def peer() -> None:
        for emission, tokens, blank in heard:
            trellis = whisperx.alignment.get_trellis(emission, tokens, blank)
            whisperx.alignment.backtrack(trellis, emission, tokens, blank)

    slow, fast = best(peer, 3), best(lambda: search(lines), 3)
    print(
        f"  20 min in {len(lines)} {name}: {PEER} {slow:.2f} s, meetscribe {fast:.3f} s, {slow / fast:.1f} times faster"
    )


def best(work: Callable[[], object], times: int) -> float:
    """The least processor seconds of a few runs."""
    costs = []
    for _ in range(times):
        began = time.process_time()
        work()
        costs.append(time.process_time() - began)
    return min(costs)


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="*", type=Path)
    parser.add_argument("--weights", type=Path, default=SAMPLES / "weights" / "aligner")
    parser.add_argument("--arithmetic", action="store_true", help="only the time of the search")
    parser.add_argument("--quick", action="store_true", help="a shorter recording, and the search up to 10 minutes")
    options = parser.parse_args()
    torch.set_num_threads(1)
    whisperx.alignment.nltk_load = lambda path: Sentences()
    aligner = alignment.load_aligner(str(options.weights), "en", Device("cpu"))
    if aligner is None:
        raise SystemExit(f"there is no aligner in {options.weights}")
    if not options.arithmetic:
        print("whisperX's sentences are cut after . ? and ! here, in the place of NLTK's punkt_tab")
        accuracy(options.recordings or [SAMPLES / f"{'standup' if options.quick else 'planning'}.flac"], aligner)
    if options.arithmetic or not options.recordings:
        arithmetic(aligner, (5, 10) if options.quick else (5, 10, 20, 40))


if __name__ == "__main__":
    main()
