"""A live run from its models to its final transcript, without display."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from meetscribe.errors import OutputError
from meetscribe.live.processing.processor import Parts
from meetscribe.live.protocols import Source, SpeakerTracker
from meetscribe.live.publisher import Listener
from meetscribe.live.recognition import LiveRecogniser, load_recogniser
from meetscribe.live.recording.finishing import Ending, Outputs
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.live.recording.session_file import write_session_file
from meetscribe.live.running.captions import Captions
from meetscribe.live.session import Session
from meetscribe.live.settings import LiveSettings
from meetscribe.live.speakers import LiveDiarizer, load_live_diarizer
from meetscribe.live.transcript import LiveTranscript
from meetscribe.pipeline.stage_runner import StageProgress, ignore_stages
from meetscribe.runtime.background import BackgroundThread
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.settings import Settings
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript

_POLL: Seconds = 0.2
_LAST_READ: Seconds = 0.5
"""The longest wait for audio that has arrived before the end."""


@dataclass(frozen=True, slots=True)
class LiveModels:
    """The loaded models, shared by any number of runs; `diarizer` is None without diarization."""

    recogniser: LiveRecogniser
    diarizer: LiveDiarizer | None


def load_models(settings: Settings, live: LiveSettings, progress: Progress = ignore_progress) -> LiveModels:
    """Load the models and decode once, so that the first words do not wait.

    Raises SettingsError and WeightsError as a run does, MeetscribeError if the model does not answer in time.
    """
    recogniser = load_recogniser(settings, progress)
    recogniser.warm_up(live.patience)
    return LiveModels(recogniser, load_live_diarizer(settings) if settings.diarization.enabled else None)


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of one run.

    `folder` receives the recording, None to keep no audio; `resume` continues the session in it. `refine` runs the
    pipeline at the end. `parts` are those of the session.
    """

    settings: Settings
    live: LiveSettings
    outputs: Outputs
    folder: Path | None = None
    resume: bool = False
    refine: bool = True
    parts: Parts = field(default_factory=Parts)
    title: str | None = None


class LiveRun:
    """Records a source and recognises it, until the source ends or `stop` is called.

    Call `record`, then `finish`, then `refine` if `refines`, and `close` in any case. Raises OutputError if the folder
    cannot be written, InputError if the session to resume cannot be read, SettingsError if a new session has another
    number of channel labels than of channels.
    """

    def __init__(
        self, options: RunOptions, models: LiveModels, source: Source, listeners: Iterable[Listener] = ()
    ) -> None:
        self.options = options
        self._source = source
        self._recorder = _recorder(options, source)
        self._tracker = _tracker(options, models, self._recorder)
        live = self._recorder.transcript if self._recorder is not None else LiveTranscript()
        self._captions = Captions(options.outputs.files, options.outputs.options, live)
        self._reader = BackgroundThread(self._read, "live-source", source.close)
        self._stopped = threading.Event()
        self._error: BaseException | None = None
        self._ending: Ending | None = None
        self._finished = False
        self.session = Session(
            models.recogniser,
            options.live,
            recorder=self._recorder,
            tracker=self._tracker,
            parts=options.parts,
            listeners=[self._captions, *listeners],
        )

    @property
    def refines(self) -> bool:
        """Whether the pipeline is to run over the recording; False after it failed."""
        return self.options.refine and self._recorder is not None and self._recorder.state != "failed"

    def record(self) -> None:
        """Recognise until the source ends or `stop` is called.

        Raises the error of the source, and KeyboardInterrupt on Ctrl-C.
        """
        self._reader.start()
        while self._reader.is_alive() and not self._stopped.is_set():
            self._stopped.wait(_POLL)
        self._source.close()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """End `record`; audio that arrives later is ignored."""
        self._stopped.set()

    def finish(self) -> Transcript:
        """Commit all words, write the files, and return the live transcript.

        Raises the error that ended recognition, after writing the words so far; the recording is complete. Raises the
        errors of `Ending.write_live`, and OutputError if captions could not be written, not even at the last change.
        """
        self._source.close()
        if self._reader.is_alive():
            self._reader.join(_LAST_READ)
        try:
            self.session.stop()
        finally:
            self._finished = True
            transcript = self._write()
        if self._captions.error is not None:
            raise self._captions.error
        return transcript

    def skip_refinement(self) -> None:
        """Keep the live transcript as the final result."""
        self.options = replace(self.options, refine=False)

    def refine(self, progress: StageProgress = ignore_stages) -> Transcript:
        """Run the pipeline over the recording and write its transcript; see `Ending.refine`."""
        if self._ending is None:
            raise ValueError("a run is refined after it has finished, and only if it was recorded")
        return self._ending.refine(self.options.settings, progress)

    def close(self) -> None:
        """Release the session, the tracker and the recorder; the shared models stay loaded."""
        self._source.close()
        with ExitStack() as stack:  # each part is released even if another fails
            for part in (self._recorder, self._tracker):
                if part is not None:
                    stack.callback(part.close)
            stack.callback(self.session.end_events)
            if not self._finished:
                stack.callback(self.session.stop)

    def _read(self) -> None:
        """Feed the source to the session, in a thread, so that Ctrl-C never interrupts the processing of a chunk."""
        try:
            self.session.run(self._source)
        except BaseException as error:
            self._error = error

    def _write(self) -> Transcript:
        """Write the live transcript."""
        language = self.session.language
        if self._recorder is None:
            transcript = self.session.transcript.transcript(language, self.session.received)
            self.options.outputs.write(transcript.with_meta(title=self.options.title))
            return transcript
        if self._recorder.session.language is None and language != "und":
            self._recorder.session = replace(self._recorder.session, language=language)
            write_session_file(self._recorder.folder, self._recorder.session)
        self._ending = Ending(self._recorder, self.options.outputs, self.session.publish)
        return self._ending.write_live()


def session_folder(parent: Path, name: str, now: datetime | None = None) -> Path:
    """Return the path of a new folder for a session in `parent`, named after its source and the time.

    >>> session_folder(Path("out"), "talk.wav", datetime(2026, 11, 27, 8, 5)).as_posix()
    'out/talk-2026-11-27-0805'
    """
    stem = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in Path(name).stem)[:60]
    base = f"{stem or 'session'}-{now or datetime.now():%Y-%m-%d-%H%M}"
    names = (base, *(f"{base}-{number}" for number in range(2, 1000)))
    for each in names:
        if not (parent / each).exists():
            return parent / each
    raise OutputError(f"there are too many sessions named {parent / base}", "Choose another folder with -o.")


def _recorder(options: RunOptions, source: Source) -> FolderRecorder | None:
    """Return the recorder of a run; None without recording."""
    if options.folder is None:
        return None
    if options.resume:
        return FolderRecorder.resume(options.folder)
    return FolderRecorder.start(
        options.folder,
        source.channels,
        source.name,
        language=options.settings.asr.language,
        title=options.title,
        channel_speakers=options.parts.channel_speakers,
    )


def _tracker(options: RunOptions, models: LiveModels, recorder: FolderRecorder | None) -> SpeakerTracker | None:
    """Return the speaker tracker of a run; None without diarization."""
    if models.diarizer is None:
        return None
    read = None if recorder is None else recorder.read
    return models.diarizer.tracker(options.parts.channel_speakers, read=read)
