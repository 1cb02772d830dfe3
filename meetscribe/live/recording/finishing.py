"""The end of a session: write the live transcript at once, then make the final one with the pipeline."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe import formats
from meetscribe.diarization import DiarizationSettings
from meetscribe.errors import IncompleteError, IncompleteRunError, NoSpeechError
from meetscribe.live import events
from meetscribe.live.recording.live_version import LIVE_FILE, live_transcript, write_live_version
from meetscribe.pipeline.channels import run_channels
from meetscribe.pipeline.session import Session
from meetscribe.pipeline.stage_runner import StageProgress, ignore_stages
from meetscribe.publishing.corrections import carry_corrections
from meetscribe.publishing.destinations import write_files
from meetscribe.settings import Settings
from meetscribe.transcript import Provenance, Transcript
from meetscribe.transcript.edits.operations import name_speakers

if TYPE_CHECKING:
    from meetscribe.formats.parts.options import FormatOptions
    from meetscribe.live.events import Draft
    from meetscribe.live.recording.recorder import FolderRecorder
    from meetscribe.live.recording.session_file import SessionFile
    from meetscribe.live.recording.state import Action

_LABEL = re.compile(r"SPEAKER_(\d+)(?:\.(\d+))?")
"""The label of an unnamed speaker."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files of the transcript by format, with the options of the formats."""

    files: Mapping[str, Path]
    options: FormatOptions | None = None

    def write(self, transcript: Transcript) -> list[Path]:
        """Write the files, and return the written ones; raises IncompleteError if some failed, OutputError if all."""
        written, failed = write_files(transcript, self.files, self.options)
        if failed and not written:
            raise failed[0]
        if failed:
            raise IncompleteError("\n".join(error.message for error in failed), "The other files were written.")
        return written


@dataclass(frozen=True, slots=True)
class Ending:
    """Ends a recorded session after its last words are committed.

    `publish` is called with a draft for each change of state. The recorder stays open, so that these can be logged.
    """

    recorder: FolderRecorder
    outputs: Outputs
    publish: Callable[[Draft], object] = field(default=lambda draft: None)

    def write_live(self, provenance: Provenance | None = None) -> Transcript:
        """Write the live transcript to the folder and to the outputs, and return it.

        The state becomes `live-final`, even if outputs cannot be written, which raises the errors of `Outputs.write`.
        Raises OutputError if the folder cannot be written, and InputError if nothing was recorded.
        """
        if self.recorder.state in ("recording", "paused"):
            self._change("stop")
        self.recorder.sync()
        transcript = live_transcript(self.recorder.folder, provenance)
        write_live_version(self.recorder.folder, transcript)
        try:
            self.outputs.write(transcript)
        finally:
            if self.recorder.state == "stopping":
                self._change("flush")
        return transcript

    def refine(self, settings: Settings, progress: StageProgress = ignore_stages) -> Transcript:
        """Run the pipeline over the recording, and write and return its transcript with the live corrections.

        The live version stays in the folder. After KeyboardInterrupt the state is `live-final` again. Raises the errors
        of `pipeline.run` and `Outputs.write`, with the state `failed`; IncompleteRunError after writing, with the state
        `final`.
        """
        self._change("refine")
        try:
            transcript, incomplete = self._run(settings, progress)
            self.outputs.write(transcript)
        except KeyboardInterrupt:
            self._change("cancel")
            raise
        except BaseException:
            self._change("fail")
            raise
        self._change("finish")
        if incomplete is not None:
            raise incomplete
        return transcript

    def _run(self, settings: Settings, progress: StageProgress) -> tuple[Transcript, IncompleteRunError | None]:
        """Return the transcript of the pipeline with the live corrections, and the error of an optional stage.

        If neither the pipeline nor the live session found words, return the live transcript.
        """
        incomplete = None
        live = formats.load(self.recorder.folder / LIVE_FILE)
        try:
            transcript = run_session(self.recorder.folder, self.recorder.session, settings, progress)
        except IncompleteRunError as error:
            transcript, incomplete = error.transcript, error
        except NoSpeechError:
            if live.words:
                raise
            return live, None
        transcript = transcript.with_meta(title=transcript.meta.title or live.meta.title)
        transcript = transcript.with_meta(recorded_at=transcript.meta.recorded_at or live.meta.recorded_at)
        transcript = carry_corrections(transcript, self.outputs.files, live)
        return with_channel_names(transcript, self.recorder.session.channel_speakers), incomplete

    def _change(self, action: Action) -> None:
        self.publish(events.state(self.recorder.change(action)))


def run_session(folder: Path, session: SessionFile, settings: Settings, progress: StageProgress) -> Transcript:
    """Return the transcript of a recorded session; channels with labels are transcribed separately.

    The number of speakers on such a channel is estimated, unless the settings give it. Raises the errors of
    `pipeline.run`.
    """
    if len(session.channel_speakers) > 1:
        diarization = settings.diarization
        if diarization.speakers_each == DiarizationSettings().speakers_each:
            diarization = replace(diarization, speakers_each="auto")
        return run_channels(folder, replace(settings, diarization=diarization), progress=progress)
    with Session(settings, keep_models=False) as pipeline:
        return pipeline.run(folder, progress)


def with_channel_names(transcript: Transcript, labels: Sequence[str]) -> Transcript:
    """Return the transcript with unnamed speakers named after the labels of their channels.

    The first person of the channel "them" is "them", the others are "them.2", "them.3", ….
    """
    names = {}
    for speaker in transcript.speakers:
        found = _LABEL.fullmatch(speaker)
        if found is None or transcript.name_of(speaker) != speaker:
            continue
        # People on a single channel are SPEAKER_00, SPEAKER_01, …; on the first of several, SPEAKER_00.1, SPEAKER_00.2.
        number, within = int(found[1]), int(found[2] or 1)
        channel, person = (0, number + 1) if len(labels) == 1 else (number, within)
        if channel < len(labels):
            names[speaker] = labels[channel] if person == 1 else f"{labels[channel]}.{person}"
    return name_speakers(transcript, names) if names else transcript
