"""Recordings in which each person has a microphone: one transcript of all, in order of time.

Who speaks is known from the microphone, so nobody is searched for: each one goes through the pipeline alone, after
what it only hears of the others is silenced, and the transcripts are put together.
"""

from __future__ import annotations

import tempfile
import wave
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio, load_channels, without_crosstalk
from meetscribe.errors import InputError, NoSpeechError, SettingsError
from meetscribe.pipeline import IncompleteRunError, Session, StageProgress
from meetscribe.settings import Settings
from meetscribe.timeline import Turn, cut, merge_turns
from meetscribe.transcript import Meta, Segment, Source, Transcript
from meetscribe.work import ignore_stages

_PAUSE = 0.5  # seconds; a shorter one does not end a turn


def run_channels(
    recording: str | Path, settings: Settings | None = None, *, progress: StageProgress | None = None
) -> Transcript:
    """Who said what, and when, in a recording with a channel for each speaker: SPEAKER_00 is in the first.

    Raises what `pipeline.run` does, and InputError if there is one channel only, or two are alike.
    """
    settings = settings or Settings()
    channels = load_channels(recording, settings=settings.audio)
    if len(channels) < 2:
        raise InputError(
            f"{channels[0].name} has one channel", "Leave out --channels: its speakers can be searched for."
        )
    heard = {f"SPEAKER_{number:02d}": audio for number, audio in enumerate(without_crosstalk(channels))}
    return _run_each(heard, Source(channels[0].name, channels[0].hash), settings, progress)


def run_speakers(
    recordings: Sequence[str | Path], settings: Settings | None = None, *, progress: StageProgress | None = None
) -> Transcript:
    """Who said what, and when, in recordings of one meeting, begun at the same time, each named after its speaker.

    Raises what `pipeline.run` does, SettingsError if two files are named alike, and InputError if two are alike.
    """
    settings = settings or Settings()
    names = [Path(recording).stem for recording in recordings]
    if len(set(names)) < len(names) or len(names) < 2:
        raise SettingsError(
            "--per-speaker needs two or more recordings, each named after its speaker",
            "Rename them, such as anna.wav and ben.wav.",
        )
    heard = without_crosstalk([load_audio(recording, settings=settings.audio) for recording in recordings])
    name = ", ".join(Path(recording).name for recording in recordings)
    return _run_each(dict(zip(names, heard, strict=True)), Source(name), settings, progress)


def _run_each(
    voices: Mapping[str, Audio], source: Source, settings: Settings, progress: StageProgress | None
) -> Transcript:
    """The transcripts of all, put together; raises IncompleteRunError with them if a stage of one has failed."""
    alone = replace(
        settings,
        diarization=replace(settings.diarization, enabled=False),
        audio=replace(settings.audio, stream=None),
        run=replace(settings.run, allow_empty=True),
    )
    found: dict[str, Transcript] = {}
    failures: list[IncompleteRunError] = []
    with tempfile.TemporaryDirectory(prefix="meetscribe-") as folder, Session(alone) as session:  # its owner's alone
        for number, (speaker, audio) in enumerate(voices.items()):
            file = Path(folder) / f"{number}.wav"
            _write(audio, file)
            try:
                found[speaker] = session.run(file, progress or ignore_stages)
            except IncompleteRunError as error:
                failures.append(error)
                found[speaker] = error.transcript
            file.unlink()
    merged = _together(found, source)
    warnings = [warning for audio in voices.values() for warning in audio.warnings]
    merged = merged.with_warnings(*warnings)
    if not merged.words and not settings.run.allow_empty:
        raise NoSpeechError(f"nobody speaks in {source.name}", "Check that it has sound, or use --allow-empty.")
    if failures:
        raise IncompleteRunError(failures[0].message, failures[0].remedy, merged) from failures[0]
    return merged


def _write(audio: Audio, file: Path) -> None:
    """Write the samples as WAV, a minute at a time."""
    import numpy as np

    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        minute = 60 * SAMPLE_RATE
        for start in range(0, len(audio.samples), minute):
            block = np.clip(audio.samples[start : start + minute], -1, 1) * 32767
            sound.writeframes(block.round().astype("<i2").tobytes())


def _together(found: Mapping[str, Transcript], source: Source) -> Transcript:
    """The segments of all speakers in order of time; what two say at once is marked as overlap."""
    turns = merge_turns(
        (Turn(word.start, word.end, who) for who, transcript in found.items() for word in transcript.words), _PAUSE
    )
    segments = [
        _spoken(segment, speaker, turns) for speaker, transcript in found.items() for segment in transcript.segments
    ]
    findings = [finding for transcript in found.values() for finding in transcript.meta.findings]
    longest = max(found.values(), key=lambda transcript: len(transcript.words))
    meta = Meta(
        longest.language,
        max(transcript.meta.duration for transcript in found.values()),
        source,
        turns,
        made_by={**longest.meta.made_by, "diarization": {"pipeline": "channels"}},
        findings=tuple(sorted(findings, key=lambda finding: finding.start)),
    )
    merged = Transcript(tuple(sorted(segments, key=lambda segment: (segment.start, segment.end))), meta)
    said = (warning for transcript in found.values() for warning in transcript.meta.warnings)
    return merged.with_warnings(*(warning for warning in said if "nobody speaks in" not in warning))


def _spoken(segment: Segment, speaker: str, turns: Sequence[Turn]) -> Segment:
    """The segment as what the speaker says."""
    others = [turn.span for turn in turns if turn.speaker != speaker and turn.end > segment.start]
    others = [span for span in others if span.start < segment.end]
    words = (
        replace(
            word,
            speaker=speaker,
            speaker_score=1.0,
            speaker_source="turn",
            overlap=bool(cut(others, within=word.span)),
        )
        for word in segment.words
    )
    return replace(segment, words=tuple(words))
