"""Compare the accuracy and cost of forced alignment with whisperX, on the same weights, recordings and texts.

    python -m tests.benchmarks.alignment                      # the sample planning
    python -m tests.benchmarks.alignment RECORDING …          # recordings X.flac, each with its X.words.jsonl
    python -m tests.benchmarks.alignment --arithmetic         # only the time of the search
    python -m tests.benchmarks.alignment --quick              # the sample standup; the search on up to 10 minutes

The text is the reference text, divided in two ways: into sentences with their true start and end, and into passages
of up to 25 s of consecutive sentences, as recognition writes them (sentences that overlap in time are kept apart).
`whisperx.align` runs twice: unchanged, and on the emissions of our network (clips normalized as the preprocessor of
the weights requires). Its sentence splitter (NLTK's punkt_tab, a download) is replaced by one that splits after
. ? and !
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
from tests.benchmarks.launch import SentenceSplitter

SAMPLES = Path(__file__).parents[2] / "samples"
PASSAGE, PAUSE = 25.0, 0.3  # seconds
PEER = "whisperX"
Method = Callable[[Audio, list[list[Word]]], list[Word | None]]


def truth(recording: Path) -> list[Word]:
    """Return the reference words of a recording, in order of time."""
    rows = [json.loads(row) for row in recording.with_suffix(".words.jsonl").read_text(encoding="utf-8").splitlines()]
    words = (Word(row["word"], row["start"], row["end"], speaker=row["speaker"]) for row in rows)
    return sorted(words, key=lambda word: word.start)


def sentences(words: Sequence[Word]) -> list[list[Word]]:
    """Return each sentence of each speaker, in order of time."""
    split: list[list[Word]] = []
    by_speaker: dict[str | None, list[list[Word]]] = {}
    for word in words:
        own = by_speaker.setdefault(word.speaker, [[]])
        if own[-1] and (_stops(own[-1][-1]) or word.start - own[-1][-1].end > 1):
            own.append([])
        own[-1].append(word)
    for own in by_speaker.values():
        split += own
    return sorted(split, key=lambda sentence: sentence[0].start)


def passages(words: Sequence[Word]) -> list[list[Word]]:
    """Join consecutive sentences up to 25 s; sentences that overlap in time are not joined."""
    joined: list[list[Word]] = []
    for sentence in sentences(words):
        follows = joined and joined[-1][-1].end <= sentence[0].start
        if follows and sentence[-1].end - joined[-1][0].start <= PASSAGE:
            joined[-1] += sentence
        else:
            joined.append(list(sentence))
    return joined


def pausing(words: Sequence[Word]) -> set[Word]:
    """Return the words at the end of a sentence or before a pause of at least 0.3 s of their speaker."""
    found = {word for word in words if _stops(word)}
    for speaker in {word.speaker for word in words}:
        own = [word for word in words if word.speaker == speaker]
        found |= {before for before, after in pairwise(own) if after.start - before.end >= PAUSE} | {own[-1]}
    return found


def _stops(word: Word) -> bool:
    return word.text[-1] in ".?!"


def ours(aligner: Wav2Vec2) -> Method:
    """Return a method that aligns with meetscribe, from the text and the span of each segment."""

    def method(audio: Audio, segments: list[list[Word]]) -> list[Word | None]:
        unaligned = []
        for words in segments:
            span = Span(words[0].start, max(word.end for word in words))
            spans = spread([word.text for word in words], span)
            unaligned.append(
                Segment(tuple(Word(word.text, s.start, s.end) for word, s in zip(words, spans, strict=True)))
            )
        transcript = Transcript(tuple(unaligned), Meta("en", audio.duration))
        return [*alignment.align(transcript, audio, lambda _: aligner, alignment.AlignmentSettings()).words]

    return method


def theirs(aligner: Wav2Vec2, network: Any) -> Method:
    """Return a method that aligns with whisperX; it gives None for a word without times."""
    metadata = {"language": "en", "dictionary": dict(aligner.dictionary), "type": "huggingface"}

    def method(audio: Audio, segments: list[list[Word]]) -> list[Word | None]:
        found: list[Word | None] = []
        samples = audio.samples[:]
        for words in segments:
            text = " ".join(word.text for word in words)
            unaligned = {"text": text, "start": words[0].start, "end": max(word.end for word in words)}
            result = whisperx.alignment.align([unaligned], network, metadata, samples, "cpu")
            aligned = [word for segment in result["segments"] for word in segment["words"]]
            if [word["word"] for word in aligned] != [word.text for word in words]:
                aligned = [{}] * len(words)
            found += [Word(word["word"], word["start"], word["end"]) if "start" in word else None for word in aligned]
        return found

    return method


@dataclass(frozen=True, slots=True)
class NormalizedInput:
    """The aligner's network, with each clip normalized first if the preprocessor of the weights requires it."""

    aligner: Wav2Vec2

    def __call__(self, clip: torch.Tensor) -> Any:
        """Return the network's output for a clip `(1, samples)`."""
        normalized = torch.from_numpy(self.aligner.prepare(clip[0].numpy()))[None]
        return self.aligner.network(normalized)


@dataclass(slots=True)
class Errors:
    """Offsets of word boundaries in milliseconds, and the number of words without times."""

    all: Offsets = Offsets()
    pauses: Offsets = Offsets()
    missing: int = 0

    def add(self, segments: list[list[Word]], found: Sequence[Word | None]) -> None:
        """Add the errors of one recording."""
        words = [word for segment in segments for word in segment]
        last = pausing(sorted(words, key=lambda word: word.start))
        pairs = [(true, word) for true, word in zip(words, found, strict=True) if word is not None]
        self.missing += len(words) - len(pairs)
        starts = [round(1000 * (word.start - true.start)) for true, word in pairs]
        ends = [round(1000 * (word.end - true.end)) for true, word in pairs]
        self.all += Offsets((*starts, *ends))
        self.pauses += Offsets(tuple(end for (true, _), end in zip(pairs, ends, strict=True) if true in last))

    def measures(self) -> list[float]:
        """Return mean, median, p90 in ms, shares off by more than 50, 100, 200 ms, mean at pauses; less is better."""
        edges = self.all
        off = [1 - (edges.share_within(limit) or 0) for limit in (0.05, 0.1, 0.2)]
        means = [1000 * (value or 0) for value in (edges.mean, edges.median, edges.p90)]
        return [*means, *off, 1000 * (self.pauses.mean or 0)]

    def row(self, name: str) -> str:
        """Return a line of the table."""
        mean, median, p90, *off, pauses = self.measures()
        within = "".join(f"{1 - share:>8.1%}" for share in off)
        return f"  {name:<26}{mean:>7.1f}{median:>8.0f}{p90:>6.0f}{within}{pauses:>14.1f}{self.missing:>9}"


HEADER = (
    f"  {'ms':<26}{'mean':>7}{'median':>8}{'p90':>6}{'≤50':>8}{'≤100':>8}{'≤200':>8}{'ends at pause':>14}{'untimed':>9}"
)


def accuracy(recordings: Sequence[Path], aligner: Wav2Vec2) -> None:
    """Print the boundary errors of each method, for each way to divide the text."""
    methods = {
        PEER: theirs(aligner, aligner.network),
        f"{PEER}, our emissions": theirs(aligner, NormalizedInput(aligner)),
        "meetscribe": ours(aligner),
    }
    for divide in (sentences, passages):
        totals = {name: Errors() for name in methods}
        for recording in recordings:
            audio, segments = load_audio(recording), divide(truth(recording))
            errors = {name: Errors() for name in methods}
            for name, method in methods.items():
                found = method(audio, segments)
                errors[name].add(segments, found)
                totals[name].add(segments, found)
            show(f"{recording.stem}, {len(segments)} {divide.__name__}", errors)
        if len(recordings) > 1:
            show(f"all recordings, {divide.__name__}", totals)


def show(title: str, errors: dict[str, Errors]) -> None:
    """Print a table, and the comparison of meetscribe with whisperX."""
    print(f"\n{title}\n{HEADER}", *(each.row(name) for name, each in errors.items()), sep="\n")
    pairs = list(zip(errors["meetscribe"].measures(), errors[PEER].measures(), strict=True))
    worse = sum(own > peer for own, peer in pairs)
    own, peer = pairs[-1]
    print(
        f"  worse than {PEER} in {worse} of {len(pairs)} measures; ratio of the mean errors at pauses {own / peer:.2f}",
        flush=True,
    )


def arithmetic(aligner: Wav2Vec2, minutes: Sequence[float]) -> None:
    """Print the time of the search alone, of both packages on 20 minutes and of meetscribe by length."""
    recording = SAMPLES / "planning.flac"
    audio, words = load_audio(recording), truth(recording)
    print(f"\nsearch on the emissions of {recording.stem}, repeated: seconds of one processor, best of 3")
    for divide in (sentences, passages):
        trellises = [make_trellis(audio, segment, aligner) for segment in divide(words)]
        compare(divide.__name__, repeated(trellises, aligner, 20.0))
        for length in minutes:
            print_cost(length, divide.__name__, repeated(trellises, aligner, length))
    for length in minutes:
        print_cost(length, "one segment", [concatenated(repeated(trellises, aligner, length))])


def print_cost(minutes: float, name: str, trellises: Sequence[Trellis]) -> None:
    """Print the time of our search, in all and per minute of the recording."""
    cost = best(lambda: search(trellises), 3)
    print(f"    {minutes:>5.0f} min in {name}: {cost:.3f} s, {1000 * cost / minutes:.1f} ms per minute", flush=True)


def make_trellis(audio: Audio, words: Sequence[Word], aligner: Wav2Vec2) -> Trellis:
    """Return the emissions and the characters of a segment."""
    letters = [aligner.dictionary[letter] for word in words for letter in word.text.lower() if letter.isalpha()]
    clip = audio.slice(Span(words[0].start, max(word.end for word in words)))
    emissions = extend_emissions(aligner.emissions([clip])[0], aligner.dictionary, aligner.blank)
    return Trellis(emissions, letters, [aligner.blank] * (len(letters) + 1))


def repeated(trellises: Sequence[Trellis], aligner: Wav2Vec2, minutes: float) -> list[Trellis]:
    """Repeat trellises in order until their frames cover the given number of minutes."""
    frames = minutes * 60 * SAMPLE_RATE / aligner.stride
    chosen: list[Trellis] = []
    while frames > 0:
        chosen.append(trellises[len(chosen) % len(trellises)])
        frames -= len(chosen[-1].log_probs)
    return chosen


def concatenated(trellises: Sequence[Trellis]) -> Trellis:
    """Return one trellis of the frames and tokens of all."""
    tokens = [token for each in trellises for token in each.tokens]
    log_probs = np.concatenate([each.log_probs for each in trellises])
    return Trellis(log_probs, tokens, [trellises[0].gaps[0]] * (len(tokens) + 1))


def search(trellises: Sequence[Trellis]) -> None:
    """Align all trellises, in batches of the size that alignment uses."""
    size = alignment.AlignmentSettings().batch_size
    by_length = sorted(trellises, key=lambda each: len(each.log_probs))
    for first in range(0, len(by_length), size):
        viterbi(by_length[first : first + size])


def compare(name: str, trellises: Sequence[Trellis]) -> None:
    """Print the time of both packages on the same emissions and tokens."""
    inputs = [(torch.from_numpy(each.log_probs), list(each.tokens), each.gaps[0]) for each in trellises]

    def peer() -> None:
        for emission, tokens, blank in inputs:
            trellis = whisperx.alignment.get_trellis(emission, tokens, blank)
            whisperx.alignment.backtrack(trellis, emission, tokens, blank)

    slow, fast = best(peer, 3), best(lambda: search(trellises), 3)
    print(
        f"  20 min in {len(trellises)} {name}: {PEER} {slow:.2f} s, meetscribe {fast:.3f} s, "
        f"{slow / fast:.1f} times faster"
    )


def best(work: Callable[[], object], times: int) -> float:
    """Return the lowest processor time of several runs, in seconds."""
    costs = []
    for _ in range(times):
        start = time.process_time()
        work()
        costs.append(time.process_time() - start)
    return min(costs)


def main() -> None:
    """Run the comparisons selected on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="*", type=Path)
    parser.add_argument("--weights", type=Path, default=SAMPLES / "weights" / "aligner")
    parser.add_argument("--arithmetic", action="store_true", help="only the time of the search")
    parser.add_argument("--quick", action="store_true", help="a shorter recording, and the search up to 10 minutes")
    options = parser.parse_args()
    torch.set_num_threads(1)
    whisperx.alignment.nltk_load = lambda path: SentenceSplitter()
    aligner = alignment.load_aligner(str(options.weights), "en", Device("cpu"))
    if aligner is None:
        raise SystemExit(f"no aligner in {options.weights}")
    if not options.arithmetic:
        print("whisperX uses a sentence splitter that splits after . ? and ! in place of NLTK's punkt_tab")
        accuracy(options.recordings or [SAMPLES / f"{'standup' if options.quick else 'planning'}.flac"], aligner)
    if options.arithmetic or not options.recordings:
        arithmetic(aligner, (5, 10) if options.quick else (5, 10, 20, 40))


if __name__ == "__main__":
    main()
