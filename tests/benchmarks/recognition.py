"""Measure the effect of quality control: hallucinated words, removed and kept words, error rates, repeatability.

    python -m tests.benchmarks.recognition              # the samples
    python -m tests.benchmarks.recognition --quick      # only the shortest sample
    python -m tests.benchmarks.recognition --only rates # one of the four tables: invented, planted, rates, repeats
    python -m tests.benchmarks.recognition RECORDING …  # also these, each with its reference RECORDING.words.jsonl

The other packages use the same weights and their own speech detection. Word error rates compare words in lower case
without punctuation.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from meetscribe import evaluation, weights
from meetscribe.asr import AsrSettings, EngineRecognizer, Recognizer, load_recognizer
from meetscribe.asr.planning import DecodingPlan
from meetscribe.asr.quality.repetition import normalize_words
from meetscribe.audio import Audio, load_audio
from meetscribe.runtime import silence, telemetry
from meetscribe.runtime.devices import Device
from meetscribe.runtime.progress import ignore_progress
from meetscribe.segmentation import detect_speech_activity
from meetscribe.settings import Settings, load_settings
from meetscribe.testing import ScriptedEngine, ScriptedError
from meetscribe.text.splitting import split_words, spread
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Transcript, Word
from meetscribe.vad import detect_speech, make_chunks
from tests.benchmarks.accuracy import SAMPLES, truth_of
from tests.benchmarks.degraded_audio import NoisyPauses, with_degraded_chunks, with_noisy_pauses

_MARGIN: Seconds = 0.5  # a word counts as invented if it is at least this far inside a noise
_REPEATED = 9  # number of chunks that are decoded repeatedly
PLAN = DecodingPlan(workers=1, threads=2, batch_size=4)
CPU = Device("cpu")
OUTCOMES = ("decoded again", "removed", "flagged", "missed")


@dataclass(frozen=True, slots=True)
class Detected:
    """A recording with its chunks and its speech activity."""

    audio: Audio
    chunks: Sequence[Span]
    speech_activity: Sequence[Span]

    @classmethod
    def of(cls, audio: Audio, settings: Settings) -> Detected:
        """Run the detectors on a recording."""
        return cls(audio, make_chunks(detect_speech(audio, settings.vad), settings.vad), detect_speech_activity(audio))

    def transcribe(self, recognizer: Recognizer) -> Transcript:
        """Transcribe the recording with a recognizer."""
        return recognizer.transcribe(self.audio, self.chunks, ignore_progress, self.speech_activity)


def invented_words(made: NoisyPauses, ours: dict[str, Recognizer], settings: Settings) -> None:
    """Print the number of words that each system invents in each noise, and its word error rate."""
    detected = Detected.of(made.audio, settings)
    found = {name: list(detected.transcribe(recognizer).words) for name, recognizer in ours.items()}
    found |= {name: list(words) for name, words in peers(made.audio, settings.asr.model)}
    print(f"\nInvented words in {sum(span.duration for span in made.noises.values()) / 60:.0f} minutes without speech")
    print(f"{'':<34}" + "".join(f"{name:>12}" for name in made.noises) + f"{'all':>8}{'WER':>9}")
    for name, words in found.items():
        counts = [sum(inside(word, noise) for word in words) for noise in made.noises.values()]
        rate = error_rate(made.words, words)
        print(f"{name:<34}" + "".join(f"{count:>12}" for count in counts) + f"{sum(counts):>8}{rate.rate:>9.1%}")


def inside(word: Word, noise: Span) -> bool:
    """Return whether a word lies in a noise, and not only at its edge."""
    middle = (word.start + word.end) / 2
    return noise.start + _MARGIN < middle < noise.end - _MARGIN


def peers(audio: Audio, model: str) -> Iterator[tuple[str, Iterator[Word]]]:
    """Yield the words of the other packages, with their own speech detection."""
    telemetry.switch_off()
    samples = audio.samples[:]
    with silence.loading():
        import whisperx.asr

        pipeline = whisperx.asr.load_model(model, "cpu", compute_type="float32", language="en", threads=PLAN.threads)
        result = pipeline.transcribe(samples, batch_size=PLAN.batch_size, language="en", task="transcribe")
    yield (
        "whisperX, its own VAD",
        (word for s in result["segments"] for word in spread_words(s["text"], s["start"], s["end"])),
    )
    import faster_whisper

    whisper = faster_whisper.WhisperModel(model, device="cpu", compute_type="float32", cpu_threads=PLAN.threads)
    batched = faster_whisper.BatchedInferencePipeline(whisper)
    segments, _ = batched.transcribe(samples, language="en", batch_size=PLAN.batch_size, word_timestamps=True)
    words = (word for segment in segments for word in segment.words or ())
    yield "faster-whisper batched, its VAD", (each for w in words for each in spread_words(w.word, w.start, w.end))


def spread_words(text: str, start: Seconds, end: Seconds) -> list[Word]:
    """Return the words of a text, distributed over a span."""
    texts = split_words(text)
    return [Word(t, at.start, at.end) for t, at in zip(texts, spread(texts, Span(start, end)), strict=True)]


def error_rate(truth: Sequence[Word], words: Sequence[Word]) -> evaluation.ErrorRate:
    """Return the word error rate of words in order of time."""
    return evaluation.wer(
        *(
            [text for word in sorted(each, key=lambda word: word.start) for text in evaluation.normalize(word.text)]
            for each in (truth, words)
        )
    )


# A scripted engine with the typical hallucinations of Whisper, on the same recording


PROMPT = "Minutes of the weekly review with Ünal, Zoë and the security team."
_NEVER = float("inf")
IN_SILENCE = {
    "stock phrase": ("Thank you for watching!", _NEVER, -0.3),
    "stock phrase, once": ("Thank you.", 0.1, -0.6),
    "subtitles": ("Untertitel im Auftrag des ZDF, 2017", _NEVER, -0.2),
    "loop": ("and so on " * 40, _NEVER, -0.1),
    "low confidence": ("The seventh of the gnomes.", _NEVER, -1.3),
    "high confidence": ("I think we should go there.", _NEVER, -0.3),
}
IN_SPEECH = {
    "loop": ("and so on " * 40, _NEVER, False),
    "short loop": ("I don't know. " * 6, _NEVER, False),
    "loop, correct at 0.3": ("I think so. " * 30, 0.3, False),
    "echo of the prompt": ("Minutes of the weekly review.", _NEVER, True),
    "stock phrase": ("Thank you for watching!", 0.3, False),
}


def scripted(made: NoisyPauses, settings: Settings) -> None:
    """Print the outcomes of planted hallucinations, and of the reference words."""
    detected = Detected.of(made.audio, settings)
    quiet = [Span(noise.start + 2 + 9 * n, noise.start + 9 + 9 * n) for noise in made.noises.values() for n in range(6)]
    spoken = [chunk for chunk in detected.chunks if not any(chunk.overlap(noise) for noise in made.noises.values())]
    planted: list[tuple[str, ScriptedError]] = []
    for number, span in enumerate(quiet):
        name = list(IN_SILENCE)[number % len(IN_SILENCE)]
        text, until, log_probability = IN_SILENCE[name]
        error = ScriptedError(span, text, until, log_probability=log_probability)
        planted.append((f"in silence: {name}", error))
    for number, span in enumerate(spoken[1::3]):
        name = list(IN_SPEECH)[number % len(IN_SPEECH)]
        planted.append((f"in speech: {name}", ScriptedError(span, *IN_SPEECH[name])))
    engine = ScriptedEngine(made.audio, made.words, [error for _, error in planted])
    chunks = sorted([*(chunk for chunk in spoken if chunk.duration > 0), *quiet])
    asr = AsrSettings(prompt=PROMPT)
    transcript = EngineRecognizer(engine, asr, PLAN).transcribe(
        made.audio, chunks, ignore_progress, detected.speech_activity
    )
    found = {name: Counter[str]() for name, _ in planted}
    for name, error in planted:
        found[name][outcome(error, made.words, transcript)] += 1
    print(
        f"\nPlanted hallucinations of a scripted engine, by outcome\n{'':<36}"
        + "".join(f"{each:>15}" for each in OUTCOMES)
    )
    for name, counts in sorted(found.items()):
        print(f"{name:<36}" + "".join(f"{counts[each]:>15}" for each in OUTCOMES))
    print(f"{'all':<36}" + "".join(f"{sum(counts[each] for counts in found.values()):>15}" for each in OUTCOMES))
    correct = [chunk for chunk in chunks if not any(error.span == chunk for _, error in planted)]
    true = [word for word in made.words if any(chunk.overlap(word.span) > 0 for chunk in correct)]
    removed, flagged = (
        sum(1 for f in transcript.meta.findings if f.kind == kind for w in words_at(true, f.span))
        for kind in ("removed", "suspect")
    )
    print(f"reference words in other chunks: {len(true)}, of which removed: {removed}, flagged: {flagged}")


def words_at(words: Sequence[Word], span: Span) -> list[Word]:
    """Return the words whose middle lies in a span."""
    return [word for word in words if span.start <= (word.start + word.end) / 2 < span.end]


def outcome(error: ScriptedError, truth: Sequence[Word], transcript: Transcript) -> str:
    """Return the outcome of a planted hallucination, one of OUTCOMES."""
    found = normalize_words(" ".join(word.text for word in words_at(transcript.words, error.span)))
    findings = [
        f
        for f in transcript.meta.findings
        if f.span.overlap(error.span) > 0 or error.span.start <= f.start < error.span.end
    ]
    reference = normalize_words(" ".join(word.text for word in truth if error.span.overlap(word.span) > 0))
    if found == reference and not any(f.kind == "suspect" for f in findings):
        return "removed" if findings else "decoded again"
    return "flagged" if any(f.kind == "suspect" for f in findings) else "removed" if findings else "missed"


# Error rates with and without quality control


def error_rates(recordings: Sequence[Path], ours: dict[str, Recognizer], settings: Settings) -> None:
    """Print the word error rate of each recording, unchanged and with degraded chunks."""
    print(f"\nWord error rate\n{'':<34}{'without':>9}{'with':>9}  chunks decoded again; suspect and removed passages")
    for recording in recordings:
        detected = Detected.of(load_audio(recording), settings)
        truth = truth_of(recording).words
        rates_row(recording.stem, detected, truth, ours, 0)
        audio, chunks, bad = with_degraded_chunks(detected.audio, detected.chunks)
        rates_row(
            f"{recording.stem}, degraded chunks",
            Detected(audio, chunks, detect_speech_activity(audio)),
            truth,
            ours,
            len(bad),
        )


def rates_row(name: str, detected: Detected, truth: Sequence[Word], ours: dict[str, Recognizer], bad: int) -> None:
    """Print a line of the table."""
    without, controlled = (detected.transcribe(recognizer) for recognizer in reversed(ours.values()))
    made = controlled.meta.provenance.asr
    assert made is not None
    kinds = Counter(finding.kind for finding in controlled.meta.findings)
    rates = [error_rate(truth, transcript.words).rate or 0.0 for transcript in (without, controlled)]
    print(
        f"{name:<34}"
        + "".join(f"{rate:>9.1%}" for rate in rates)
        + f"  {made.decoded_again} of {made.chunks} ({bad} degraded); {kinds['suspect']} and {kinds['removed']}"
        + ("" if rates[1] <= rates[0] else "  WORSE"),
        flush=True,
    )


def repeats(recording: Path, settings: Settings) -> None:
    """Print whether decoding degraded chunks repeatedly gives the same words, also with other workers and batches."""
    detected = Detected.of(load_audio(recording), settings)
    audio, chunks, _ = with_degraded_chunks(detected.audio, detected.chunks)
    detected = replace(detected, audio=audio, chunks=chunks[:_REPEATED])
    # With this threshold nearly every chunk is decoded again, at every temperature.
    strict = replace(settings.asr, log_prob_threshold=-0.02, temperatures=(0.0, 0.4, 0.8))
    print("\nRepeatability")
    first = None
    for plan in (PLAN, PLAN, DecodingPlan(1, 2, 1), DecodingPlan(1, 2, 8), DecodingPlan(2, 1, 3)):
        transcript = detected.transcribe(load_recognizer(strict, CPU, plan))
        first = first or transcript
        made = transcript.meta.provenance.asr
        assert made is not None
        same = sum(a == b for a, b in zip(transcript.words, first.words, strict=False))
        print(
            f"{plan.workers} workers, batches of {plan.batch_size}: {same} of {len(first.words)} words the same, "
            f"{made.decodings} decodings of {made.chunks} chunks",
            flush=True,
        )


def main() -> None:
    """Print the tables selected on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="*", type=Path)
    parser.add_argument("--quick", action="store_true", help="only the shortest sample")
    parser.add_argument("--only", choices=("invented", "planted", "rates", "repeats"), help="one of the tables")
    parser.add_argument(
        "--engine", default="faster-whisper", help="engine of meetscribe, with the samples' weights [faster-whisper]"
    )
    options = parser.parse_args()
    settings = load_settings(SAMPLES / "offline.toml", {"asr.engine": options.engine, "asr.language": "en"})
    model = weights.converted(Path(settings.asr.model), "ctranslate2")
    settings = replace(settings, asr=replace(settings.asr, model=str(model)))
    shortest = SAMPLES / "standup.flac"
    samples = [shortest] if options.quick else sorted(SAMPLES.glob("*.flac"))
    ours = {
        "ours": load_recognizer(settings.asr, CPU, PLAN),
        "ours without quality control": load_recognizer(replace(settings.asr, quality=False), CPU, PLAN),
    }
    made = with_noisy_pauses(load_audio(shortest), truth_of(shortest).words)
    tables: dict[str, Callable[[], None]] = {
        "invented": lambda: invented_words(made, ours, settings),
        "planted": lambda: scripted(made, settings),
        "rates": lambda: error_rates([*samples, *options.recordings], ours, settings),
        "repeats": lambda: repeats(shortest, settings),
    }
    for name, table in tables.items():
        if options.only in (None, name):
            table()


if __name__ == "__main__":
    main()
