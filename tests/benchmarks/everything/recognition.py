"""Rows of recognition: engines, alignment, and the whole pipeline."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib.util import find_spec

from meetscribe import evaluation, formats
from meetscribe.asr.engine_table import ENGINES
from meetscribe.transcript import Segment
from tests.benchmarks.accuracy import SAMPLES, truth_of
from tests.benchmarks.everything.values import CONFIG, Row, Skip, Work, word_error

PACKAGES = {"openai-whisper": "whisper", "mlx-whisper": "mlx_whisper"}
NAMES = {"openai-whisper": "official Whisper", "whisperx": "WhisperX's engine", "transformers": "Transformers"}


def engine(name: str, work: Work) -> str:
    """Transcribe the excerpt with an engine."""
    package = PACKAGES.get(name)
    if package and find_spec(package) is None:
        raise Skip(f"{name} is not installed")
    options = ("--config", CONFIG, "--asr", name, "--no-align", "-f", "json", "-o", name, "-q")
    work.meetscribe("transcribe", work.excerpt, *options)
    found = work.load(f"{name}/excerpt.json")
    record = found.meta.provenance.asr
    assert record is not None
    assert record.engine == name
    return word_error(work.excerpt_truth, found, 0.08)


def planned(work: Work) -> str:
    """Transcribe with two workers of one thread each, as the plan that --dry-run prints says."""
    options = ("--config", CONFIG, "--workers", "2", "--threads", "1", "--batch-size", "2")
    plan = work.meetscribe("run", work.excerpt, *options, "--dry-run")
    assert "2 batches in parallel" in plan, plan
    work.meetscribe(
        "transcribe", work.excerpt, *options, "--no-cache", "--no-align", "-f", "json", "-o", "planned", "-q"
    )
    found = work.load("planned/excerpt.json")
    record = found.meta.provenance.asr
    assert record is not None
    assert record.workers == 2
    return f"{word_error(work.excerpt_truth, found, 0.08)}, {record.workers} workers, batches of {record.batch_size}"


def alignment(work: Work) -> str:
    """Align the reference text, whose words have only the times of their segments, and compare the word times."""
    truth = work.excerpt_truth
    formats.save(truth, work.folder / "text.srt")
    options = ("--config", CONFIG, "--language", "en", "-o", "aligned.json", "-q")
    work.meetscribe("align", "text.srt", work.excerpt, *options)
    found = work.load("aligned.json")
    assert evaluation.normalize(found.text) == evaluation.normalize(truth.text), "words differ"
    near = [
        abs(one.start - other.start) <= 0.1 and abs(one.end - other.end) <= 0.1
        for one, other in zip(found.words, truth.words, strict=True)
    ]
    share = sum(near) / len(near)
    assert share >= 0.8, f"only {share:.0%} of the words are within 100 ms"
    return f"{share:.0%} of the words within 100 ms"


def pipeline(work: Work) -> str:
    """Run two recordings as a batch, with speakers, and score both."""
    recordings = [SAMPLES / "standup.flac", SAMPLES / "interview.flac"]
    work.meetscribe("run", *recordings, "--config", CONFIG, "-o", "out", "-f", "json,vtt,rttm", "-q")
    shown = []
    for recording in recordings:
        settings = evaluation.EvaluationSettings(metrics=("cpwer", "der"))
        found = work.load(f"out/{recording.stem}.json")
        scores = evaluation.score(reference=truth_of(recording), hypothesis=found, settings=settings)
        rates = [rate_of(scores[name]) for name in ("cpwer", "der")]
        assert max(rates) <= 0.12, f"{recording.stem}: cpWER {rates[0]:.1%}, DER {rates[1]:.1%}"
        shown.append(f"{recording.stem} cpWER {rates[0]:.1%} DER {rates[1]:.1%}")
    return ", ".join(shown)


def rate_of(score: object) -> float:
    """Return a rate; raises AssertionError if it is unknown."""
    rate = getattr(score, "rate", None)
    assert isinstance(rate, float), f"no rate: {score}"
    return rate


def own_speech(work: Work) -> str:
    """Give own samples and own chunks to a recogniser: no file, no voice activity detection of meetscribe."""
    from meetscribe.asr import load_recognizer
    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.audio import Audio, load_audio
    from meetscribe.runtime.devices import Device
    from meetscribe.runtime.progress import ignore_progress
    from meetscribe.settings import load_settings
    from meetscribe.timeline import Span
    from meetscribe.weights import converted

    samples = load_audio(work.excerpt).samples[:]
    chunks = [Span(segment.start - 0.15, segment.end + 0.15) for segment in sentences(work)]
    model = str(converted(SAMPLES / "weights" / "asr", "ctranslate2"))
    settings = replace(load_settings(CONFIG, {}).asr, model=model)
    recogniser = load_recognizer(settings, Device("cpu"), DecodingPlan())
    found = recogniser.transcribe(Audio(samples, "own", "sha256:" + "0" * 64), chunks, ignore_progress, chunks)
    return f"{word_error(work.excerpt_truth, found, 0.08)} from {len(chunks)} chunks"


def sentences(work: Work) -> list[Segment]:
    """Return the sentences of the excerpt."""
    found: list[Segment] = []
    for segment in work.excerpt_truth.segments:
        run = []
        for word in segment.words:
            run.append(word)
            if word.text[-1] in ".?!":
                found.append(Segment(tuple(run)))
                run = []
        found += [Segment(tuple(run))] if run else []
    return found


def _name(engine_name: str) -> str:
    return NAMES.get(engine_name, engine_name)


ROWS = (
    *(Row(_name(name), f"transcribe RECORDING --asr {name}", partial(engine, name)) for name in ENGINES),
    Row("threads and workers", "transcribe RECORDING --workers 2 --threads 1 --batch-size 2", planned),
    Row("alignment", "align TEXT.srt RECORDING", alignment),
    Row("own audio and chunks", "Recognizer.transcribe(Audio(samples), chunks)", own_speech),
    Row("pipeline with speakers", "run standup.flac interview.flac", pipeline),
)
