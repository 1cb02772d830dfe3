"""What quality control of recognition is worth: invented words, removed and kept words, error rates, repeatability.

    python -m tests.benchmarks.recognition              # the samples
    python -m tests.benchmarks.recognition --quick      # only the shortest of them
    python -m tests.benchmarks.recognition --only rates # one of the four tables: invented, planted, rates, repeats
    python -m tests.benchmarks.recognition RECORDING …  # these too, each with its truth RECORDING.words.jsonl

The peers run on the same weights, with their own speech detection. Word error rates are of words in lower case
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
from tests.benchmarks.bad_recordings import Interrupted, damaged, interrupted

_INSIDE: Seconds = 0.5  # a word counts as invented if it is farther inside a noise than this
_REPEATED = 9  # chunks that are decoded again and again
PLAN = DecodingPlan(workers=1, threads=2, batch_size=4)
CPU = Device("cpu")


@dataclass(frozen=True, slots=True)
class Hearing:
    """A recording with the chunks and the voices in it."""

    audio: Audio
    chunks: Sequence[Span]
    speech_activity: Sequence[Span]

    @classmethod
    def of(cls, audio: Audio, settings: Settings) -> Hearing:
        """What the detectors find."""
        return cls(audio, make_chunks(detect_speech(audio, settings.vad), settings.vad), detect_speech_activity(audio))

    def by(self, recognizer: Recognizer) -> Transcript:
        """What a recogniser makes of it."""
        return recognizer.transcribe(self.audio, self.chunks, ignore_progress, self.speech_activity)


def invented_words(made: Interrupted, ours: dict[str, Recognizer], settings: Settings) -> None:
    """Print how many words each system hears in each noise, and its errors over all."""
    hearing = Hearing.of(made.audio, settings)
    found = {name: list(hearing.by(recognizer).words) for name, recognizer in ours.items()}
    found |= {name: list(words) for name, words in peers(made.audio, settings.asr.model)}
    print(f"\nInvented words in {sum(span.duration for span in made.noises.values()) / 60:.0f} minutes without speech")
    print(f"{'':<34}" + "".join(f"{name:>12}" for name in made.noises) + f"{'all':>8}{'WER':>9}")
    for name, words in found.items():
        counts = [sum(inside(word, noise) for word in words) for noise in made.noises.values()]
        rate = error_rate(made.words, words)
        print(f"{name:<34}" + "".join(f"{count:>12}" for count in counts) + f"{sum(counts):>8}{rate.rate:>9.1%}")


def inside(word: Word, noise: Span) -> bool:
    """Whether a word is heard in a noise, and not only at its edge."""
    middle = (word.start + word.end) / 2
    return noise.start + _INSIDE < middle < noise.end - _INSIDE


def peers(audio: Audio, model: str) -> Iterator[tuple[str, Iterator[Word]]]:
    """What the peers' own pipelines hear, with their own detection of speech."""
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
    """A text as words over a stretch of time."""
    texts = split_words(text)
    return [Word(t, at.start, at.end) for t, at in zip(texts, spread(texts, Span(start, end)), strict=True)]


def error_rate(truth: Sequence[Word], words: Sequence[Word]) -> evaluation.ErrorRate:
    """The word error rate, in order of time."""
    return evaluation.wer(
        *(
            [text for word in sorted(each, key=lambda word: word.start) for text in evaluation.normalize(word.text)]
            for each in (truth, words)
        )
    )


# A scripted engine that fails as Whisper does, over the same recording


PROMPT = "Minutes of the weekly review with Ünal, Zoë and the security team."
_NEVER = float("inf")
IN_SILENCE = {
    "stock phrase": ("Thank you for watching!", _NEVER, -0.3),
    "stock phrase, once": ("Thank you.", 0.1, -0.6),
    "subtitles": ("Untertitel im Auftrag des ZDF, 2017", _NEVER, -0.2),
    "loop": ("and so on " * 40, _NEVER, -0.1),
    "doubted words": ("The seventh of the gnomes.", _NEVER, -1.3),
    "sure words": ("I think we should go there.", _NEVER, -0.3),
}
IN_SPEECH = {
    "loop": ("and so on " * 40, _NEVER, False),
    "short loop": ("I don't know. " * 6, _NEVER, False),
    "loop, sane when warmer": ("I think so. " * 30, 0.3, False),
    "echo of the prompt": ("Minutes of the weekly review.", _NEVER, True),
    "stock phrase": ("Thank you for watching!", 0.3, False),
}


def scripted(made: Interrupted, settings: Settings) -> None:
    """Print what becomes of planted hallucinations, and of the words that were said."""
    hearing = Hearing.of(made.audio, settings)
    quiet = [Span(noise.start + 2 + 9 * n, noise.start + 9 + 9 * n) for noise in made.noises.values() for n in range(6)]
    loud = [chunk for chunk in hearing.chunks if not any(chunk.overlap(noise) for noise in made.noises.values())]
    planted: list[tuple[str, ScriptedError]] = []
    for number, span in enumerate(quiet):
        name = list(IN_SILENCE)[number % len(IN_SILENCE)]
        text, until, doubt = IN_SILENCE[name]
        planted.append((f"in silence: {name}", ScriptedError(span, text, until, log_probability=doubt)))
    for number, span in enumerate(loud[1::3]):
        name = list(IN_SPEECH)[number % len(IN_SPEECH)]
        planted.append((f"in speech: {name}", ScriptedError(span, *IN_SPEECH[name])))
    engine = ScriptedEngine(made.audio, made.words, [slip for _, slip in planted])
    chunks = sorted([*(chunk for chunk in loud if chunk.duration > 0), *quiet])
    asr = AsrSettings(prompt=PROMPT)
    transcript = EngineRecognizer(engine, asr, PLAN).transcribe(
        made.audio, chunks, ignore_progress, hearing.speech_activity
    )
    outcomes = {name: Counter[str]() for name, _ in planted}
    for name, slip in planted:
        outcomes[name][fate(slip, made.words, transcript)] += 1
    fates = ("decoded again", "removed", "flagged", "missed")
    print(
        f"\nPlanted hallucinations of a scripted engine, and what became of them\n{'':<36}"
        + "".join(f"{f:>15}" for f in fates)
    )
    for name, counts in sorted(outcomes.items()):
        print(f"{name:<36}" + "".join(f"{counts[each]:>15}" for each in fates))
    print(f"{'all':<36}" + "".join(f"{sum(counts[each] for counts in outcomes.values()):>15}" for each in fates))
    sane = [chunk for chunk in chunks if not any(slip.span == chunk for _, slip in planted)]
    true = [word for word in made.words if any(chunk.overlap(word.span) > 0 for chunk in sane)]
    gone, flagged = (
        sum(1 for f in transcript.meta.findings if f.kind == kind for w in words_at(true, f.span))
        for kind in ("removed", "suspect")
    )
    print(f"true words outside of them: {len(true)}, of which removed: {gone}, flagged: {flagged}")


def words_at(words: Sequence[Word], span: Span) -> list[Word]:
    """The words that lie mostly in a stretch of time."""
    return [word for word in words if span.start <= (word.start + word.end) / 2 < span.end]


def fate(slip: ScriptedError, truth: Sequence[Word], transcript: Transcript) -> str:
    """What became of a planted hallucination."""
    found = normalize_words(" ".join(word.text for word in words_at(transcript.words, slip.span)))
    findings = [
        f
        for f in transcript.meta.findings
        if f.span.overlap(slip.span) > 0 or slip.span.start <= f.start < slip.span.end
    ]
    said = normalize_words(" ".join(word.text for word in truth if slip.span.overlap(word.span) > 0))
    if found == said and not any(f.kind == "suspect" for f in findings):
        return "removed" if findings else "decoded again"
    return "flagged" if any(f.kind == "suspect" for f in findings) else "removed" if findings else "missed"


# Error rates with and without quality control


def error_rates(recordings: Sequence[Path], ours: dict[str, Recognizer], settings: Settings) -> None:
    """Print the word error rate of each recording, as it is and with planted bad chunks."""
    print(f"\nWord error rate\n{'':<34}{'without':>9}{'with':>9}  chunks decoded again; doubted and removed passages")
    for recording in recordings:
        hearing = Hearing.of(load_audio(recording), settings)
        truth = truth_of(recording).words
        rates_row(recording.stem, hearing, truth, ours, 0)
        audio, chunks, bad = damaged(hearing.audio, hearing.chunks)
        rates_row(
            f"{recording.stem}, bad chunks",
            Hearing(audio, chunks, detect_speech_activity(audio)),
            truth,
            ours,
            len(bad),
        )


def rates_row(name: str, hearing: Hearing, truth: Sequence[Word], ours: dict[str, Recognizer], bad: int) -> None:
    """Print a line of the table."""
    without, controlled = (hearing.by(recognizer) for recognizer in reversed(ours.values()))
    made = controlled.meta.provenance.asr
    assert made is not None
    kinds = Counter(finding.kind for finding in controlled.meta.findings)
    rates = [error_rate(truth, transcript.words).rate or 0.0 for transcript in (without, controlled)]
    print(
        f"{name:<34}"
        + "".join(f"{rate:>9.1%}" for rate in rates)
        + f"  {made.decoded_again} of {made.chunks} ({bad} planted); {kinds['suspect']} and {kinds['removed']}"
        + ("" if rates[1] <= rates[0] else "  WORSE"),
        flush=True,
    )


def repeats(recording: Path, settings: Settings) -> None:
    """Print whether the same words come out again, with other workers and batches too, in spite of bad chunks."""
    hearing = Hearing.of(load_audio(recording), settings)
    audio, chunks, _ = damaged(hearing.audio, hearing.chunks)
    hearing = replace(hearing, audio=audio, chunks=chunks[:_REPEATED])
    # So strict that about every chunk is decoded again, at every temperature.
    strict = replace(settings.asr, log_prob_threshold=-0.02, temperatures=(0.0, 0.4, 0.8))
    print("\nThe same words again")
    first = None
    for plan in (PLAN, PLAN, DecodingPlan(1, 2, 1), DecodingPlan(1, 2, 8), DecodingPlan(2, 1, 3)):
        transcript = hearing.by(load_recognizer(strict, CPU, plan))
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
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="*", type=Path)
    parser.add_argument("--quick", action="store_true", help="only the shortest sample")
    parser.add_argument("--only", choices=("invented", "planted", "rates", "repeats"), help="one of the tables")
    parser.add_argument("--engine", default="faster-whisper", help="ours, on the samples' weights [faster-whisper]")
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
    made = interrupted(load_audio(shortest), truth_of(shortest).words)
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
