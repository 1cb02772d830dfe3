"""The stages from a recording to its transcript: READ THIS FIRST.

    path ─ audio ─▶ Audio ┬ vad ─▶ chunks, speech ──────────┬ asr ─▶ Transcript ─ alignment ─▶ Transcript (word times) ┐
                          ├ segmentation ─▶ speech activity ┴──────────────────────────────────────────────────────────┤
                          │                                 ┌ Transcript (missed speech) ◀─ coverage ──────────────────┘
                          └ diarization ─▶ turns ───────────┴ attribution ─▶ Transcript (speakers)

One `Transcript` passes through all stages, and each stage returns a new one:

- Transcription (`asr`) recognises the words in the chunks of speech found by `vad`.
- Alignment finds the time of each word in the audio.
- Coverage compares the words with the speech found by `vad` and, where that finds none, by `segmentation`. It
  transcribes the parts that have speech but no words a second time.
- Diarization detects who speaks when; attribution assigns a speaker to each word and divides the segments.
- Profiles, if switched on, compare the speakers with the known people who have consented.

Most stages are implemented in the room with their name, `speech` in `vad`, transcription and coverage in `asr`. A stage
takes and returns values and does not import the other stages; for a finished recording, they are combined only here.
The stage `weights` comes first and fetches all models, so a missing token is reported within seconds; only the aligner
of a language that has yet to be detected is fetched later. A `Session` keeps the loaded models for many recordings.

The results of slow stages are cached under a key of all their dependencies (`cache_keys`). The next run computes only
those whose code, settings, models or inputs have changed.

Until transcription is complete, a failure ends the run with an error. After it, the words are never lost: a failed
stage is skipped, `meta.notices` names it, and `IncompleteRunError` carries the transcript. If no stage failed but there
are no words, the run raises `NoSpeechError`, unless `run.allow_empty` is on.

    entry_points   functions for a single recording: run, align_to, diarize_recording
    session        many recordings; the models of `run` are loaded once
    flow           the order of the stages
    stages         each stage: its cache key, its inputs, and the call to its room
    known_speakers comparison of the speakers with the profiles
    stage_runner   cache, progress and failure of one stage
    cache_keys     settings, code and models that each stage depends on
    dependencies   modules and packages that compute each stage
    model_identity identities of models, and of code outside meetscribe
    loaded_models  loading and releasing models, fallback to the CPU
    loaders        the functions that read recordings and load models; tests pass fakes
    channels       recordings with one microphone per speaker
    outcomes       runs without words, or without a stage
    provenance     versions, settings and models recorded in the transcript
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.pipeline.channels import run_channels, run_speakers
    from meetscribe.pipeline.entry_points import align_to, diarize_recording, require_recording, run
    from meetscribe.pipeline.loaders import Loaders
    from meetscribe.pipeline.session import Session
    from meetscribe.pipeline.stage_runner import StageProgress

__all__ = [
    "STAGES",
    "Loaders",
    "Session",
    "StageProgress",
    "align_to",
    "diarize_recording",
    "require_recording",
    "run",
    "run_channels",
    "run_speakers",
]

STAGES = (
    "weights",
    "audio",
    "speech",
    "segmentation",
    "transcription",
    "alignment",
    "coverage",
    "diarization",
    "attribution",
    "profiles",
)
"""The stages in the order in which they run."""

__getattr__ = lazy_names(
    __name__,
    {
        "Loaders": "loaders",
        "Session": "session",
        "StageProgress": "stage_runner",
        "align_to": "entry_points",
        "diarize_recording": "entry_points",
        "require_recording": "entry_points",
        "run": "entry_points",
        "run_channels": "channels",
        "run_speakers": "channels",
    },
)
