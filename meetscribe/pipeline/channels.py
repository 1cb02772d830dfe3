"""Recordings with one microphone per speaker, as channels of one file or as several files, in one transcript.

Crosstalk is silenced, each microphone goes through the pipeline separately, and the transcripts are merged. The
microphone identifies the speaker; only microphones shared by several speakers are diarized.
"""

from __future__ import annotations

import tempfile
import wave
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path

import numpy as np

from meetscribe.attribution import mark_overlap
from meetscribe.audio import SAMPLE_RATE, Audio, load_audio, load_channels, without_crosstalk
from meetscribe.diarization.speaker_count import speaker_count_notices
from meetscribe.errors import IncompleteRunError, InputError, NoSpeechError, Notice, SettingsError
from meetscribe.pipeline.outcomes import NO_SPEECH
from meetscribe.pipeline.session import Session
from meetscribe.pipeline.stage_runner import StageProgress, ignore_stages
from meetscribe.profiles.settings import ProfilesSettings
from meetscribe.settings import Settings
from meetscribe.timeline import Seconds, Turn, merge_turns
from meetscribe.transcript import DiarizationRecord, Meta, RecordingFile, Segment, Transcript
from meetscribe.transcript.word_ids import with_new_word_ids

_MAX_PAUSE: Seconds = 0.5  # within a turn

_NOT_IDENTIFIED = Notice("profiles.channels", "known speakers are not identified with one microphone per speaker")


@dataclass(frozen=True, slots=True)
class _Microphone:
    """The audio of a microphone, and its number of speakers, None if unknown."""

    audio: Audio
    speakers: int | None


def run_channels(
    recording: str | Path, settings: Settings | None = None, *, progress: StageProgress | None = None
) -> Transcript:
    """Return the transcript of a recording with one channel per speaker: SPEAKER_00 is the first channel.

    If several speakers share a channel (`diarization.speakers_each`), they are SPEAKER_00.1, SPEAKER_00.2, …
    Raises the errors of `pipeline.run`, SettingsError if the setting does not match the number of channels, and
    InputError if there is only one channel, or two are identical.
    """
    settings = settings or Settings()
    channels = load_channels(recording, settings=settings.audio)
    if len(channels) < 2:
        raise InputError(f"{channels[0].name} has one channel", "Leave out --channels: diarization finds its speakers.")
    names = [f"SPEAKER_{number:02d}" for number in range(len(channels))]
    microphones = _microphones(names, channels, settings)
    return _run_each(microphones, RecordingFile(str(recording), channels[0].hash), settings, progress)


def run_speakers(
    recordings: Sequence[str | Path], settings: Settings | None = None, *, progress: StageProgress | None = None
) -> Transcript:
    """Return the transcript of a meeting with one file per speaker, named after the speaker.

    All files must start at the same time. If several speakers share a file room.wav (`diarization.speakers_each`), they
    are room.1, room.2, …
    Raises the errors of `pipeline.run`, SettingsError for fewer than two files or two of the same name, and InputError
    if two are identical.
    """
    settings = settings or Settings()
    names = [Path(recording).stem for recording in recordings]
    if len(set(names)) < len(names) or len(names) < 2:
        raise SettingsError(
            "--per-speaker needs two or more recordings, each named after its speaker",
            "Rename them, such as anna.wav and ben.wav.",
        )
    tracks = [load_audio(recording, settings=settings.audio) for recording in recordings]
    name = ", ".join(Path(recording).name for recording in recordings)
    source = RecordingFile(name)  # for people only: without a hash, and the path is a list of files
    return _run_each(_microphones(names, tracks, settings), source, settings, progress)


def _microphones(names: Sequence[str], tracks: Sequence[Audio], settings: Settings) -> dict[str, _Microphone]:
    """Return the microphones by name, without crosstalk.

    Raises SettingsError if `diarization.speakers_each` does not match the number of microphones, and InputError if two
    of them carry the same signal.
    """
    each = settings.diarization.speakers_per_microphone
    each = each * len(tracks) if len(each) == 1 else each
    if len(each) != len(tracks):
        raise SettingsError(
            f"diarization.speakers_each is for {len(each)} channels or files, but there are {len(tracks)}",
            f"Give one number for all, or {len(tracks)} numbers separated by commas.",
        )
    return dict(zip(names, map(_Microphone, without_crosstalk(tracks), each), strict=True))


def _run_each(
    microphones: Mapping[str, _Microphone], source: RecordingFile, settings: Settings, progress: StageProgress | None
) -> Transcript:
    """Return the merged transcript of all microphones.

    Raises IncompleteRunError, with the transcript, if a stage of one of them failed, and otherwise NoSpeechError if
    there are no words and `run.allow_empty` is off.
    """
    by_name: dict[str, Transcript] = {}
    failures: list[IncompleteRunError] = []
    # Microphones with the same number of speakers have the same settings, and share a session.
    for speakers in dict.fromkeys(microphone.speakers for microphone in microphones.values()):
        tracks = {name: each.audio for name, each in microphones.items() if each.speakers == speakers}
        transcripts, failed = _transcripts(tracks, _track_settings(settings, speakers), progress or ignore_stages)
        by_name |= transcripts
        failures += failed
    merged = merge({name: by_name[name] for name in microphones}, source)
    merged = merged.with_notices(
        *(notice for microphone in microphones.values() for notice in microphone.audio.notices),
        *speaker_count_notices(len(merged.speakers), settings.diarization),
        *([_NOT_IDENTIFIED] if settings.profiles.compares else []),
    )
    merged = _with_tags(merged, [microphone.audio for microphone in microphones.values()])
    if failures:
        raise IncompleteRunError(failures[0].message, failures[0].remedy, merged) from failures[0]
    if not merged.words and not settings.run.allow_empty:
        raise NoSpeechError(f"there is no speech in {source.name}", "Check that it has sound, or use --allow-empty.")
    return merged


def _with_tags(transcript: Transcript, tracks: Sequence[Audio]) -> Transcript:
    """Return the transcript with the common title of all tracks, None if they differ, and the earliest date."""
    titles = {track.title for track in tracks}
    dates = [track.recorded_at for track in tracks if track.recorded_at]
    return transcript.with_meta(title=titles.pop() if len(titles) == 1 else None, recorded_at=min(dates, default=None))


def _track_settings(settings: Settings, speakers: int | None) -> Settings:
    """Return the settings for a microphone with this number of speakers, None if it is unknown."""
    diarization = replace(
        settings.diarization,
        enabled=settings.diarization.enabled and speakers != 1,
        speakers=speakers,
        min_speakers=None,
        max_speakers=None,
        speakers_each="1",
    )
    audio, run = replace(settings.audio, stream=None), replace(settings.run, allow_empty=True)
    return replace(settings, diarization=diarization, audio=audio, run=run, profiles=ProfilesSettings())


def _transcripts(
    tracks: Mapping[str, Audio], settings: Settings, progress: StageProgress
) -> tuple[dict[str, Transcript], list[IncompleteRunError]]:
    """Return the transcript of each track, and the errors of tracks in which a stage failed."""
    transcripts: dict[str, Transcript] = {}
    failures: list[IncompleteRunError] = []
    with tempfile.TemporaryDirectory(prefix="meetscribe-") as folder, Session(settings) as session:
        for number, (name, audio) in enumerate(tracks.items()):
            file = Path(folder) / f"{number}.wav"
            _write(audio, file)
            try:
                transcripts[name] = session.run(file, progress)
            except IncompleteRunError as error:
                failures.append(error)
                transcripts[name] = error.transcript
            file.unlink()
    return transcripts, failures


def _write(audio: Audio, file: Path) -> None:
    """Write the samples as WAV, a minute at a time."""
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        minute = 60 * SAMPLE_RATE
        for start in range(0, len(audio.samples), minute):
            block = np.clip(audio.samples[start : start + minute], -1, 1) * 32767
            sound.writeframes(block.round().astype("<i2").tobytes())


def merge(transcripts: Mapping[str, Transcript], source: RecordingFile) -> Transcript:
    """Return the segments of all microphones, given by name, in order of time; overlapping words are marked.

    The language and the provenance are those of the microphone with the most words; words in another language have it
    as their `language`.
    """
    named = [_named(transcript, name, transcripts) for name, transcript in transcripts.items()]
    main = max(named, key=lambda transcript: len(transcript.words))
    named = [_in_language(transcript, main.language) for transcript in named]
    turns = tuple(sorted(turn for transcript in named for turn in transcript.turns))
    marked = iter(mark_overlap([word for transcript in named for word in transcript.words], turns))
    segments = [Segment(tuple(islice(marked, len(segment.words)))) for each in named for segment in each.segments]
    findings = [finding for transcript in named for finding in transcript.meta.findings]
    meta = Meta(
        main.language,
        max(transcript.meta.duration for transcript in named),
        source,
        turns,
        provenance=replace(main.meta.provenance, diarization=_diarization_record(named)),
        findings=tuple(sorted(findings, key=lambda finding: finding.start)),
    )
    merged = Transcript(tuple(sorted(segments, key=lambda segment: (segment.start, segment.end))), meta)
    if source.hash:  # otherwise the words keep the ids of the tracks, which are unique
        merged = with_new_word_ids(merged)
    notices = (notice for transcript in named for notice in transcript.meta.notices)
    return merged.with_notices(*(notice for notice in notices if notice.code != NO_SPEECH))


def _in_language(transcript: Transcript, language: str) -> Transcript:
    """Return the transcript in this language; words in another language get it as their `language`."""
    if language == transcript.language:
        return transcript
    languages = ((word.language or transcript.language) for word in transcript.words)
    marked = iter(
        replace(word, language=None if spoken == language else spoken)
        for word, spoken in zip(transcript.words, languages, strict=True)
    )
    segments = (Segment(tuple(islice(marked, len(segment.words)))) for segment in transcript.segments)
    return transcript.with_segments(segments).with_meta(language=language)


def _diarization_record(transcripts: Sequence[Transcript]) -> DiarizationRecord:
    """Return the diarization record of microphones; `within` is the record of the first one that was diarized."""
    records = (transcript.meta.provenance.diarization for transcript in transcripts)
    return DiarizationRecord(pipeline="channels", within=next(filter(None, records), None))


def _named(transcript: Transcript, name: str, taken: Collection[str]) -> Transcript:
    """Return the transcript of a microphone with its name as the speaker: name.1, name.2, … if there are several.

    Labels in `taken` are skipped.
    """
    speakers = list(dict.fromkeys((*(turn.speaker for turn in transcript.turns), *transcript.speakers)))
    if len(speakers) < 2:
        # Unlike the source "channel", "turn" lets a later attribution change the speaker (`TRUSTED_SOURCES`).
        segments = tuple(
            Segment(tuple(word.attributed(name, score=1.0, source="turn", overlap=False) for word in segment.words))
            for segment in transcript.segments
        )
        spans = (Turn(word.start, word.end, name) for segment in segments for word in segment.words)
        return transcript.with_segments(segments).with_meta(turns=merge_turns(spans, _MAX_PAUSE))
    free = (label for number in count(1) if (label := f"{name}.{number}") not in taken)
    labels = dict(zip(speakers, free, strict=False))
    segments = tuple(
        Segment(tuple(replace(word, speaker=labels.get(word.speaker or "")) for word in segment.words))
        for segment in transcript.segments
    )
    turns = (replace(turn, speaker=labels[turn.speaker]) for turn in transcript.turns)
    return transcript.with_segments(segments).with_meta(turns=tuple(turns))
