"""Running one stage of a recording: cache, progress and failure."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias, TypeVar

from meetscribe.audio import Audio, Recording
from meetscribe.errors import Notice
from meetscribe.models.resolution import Models
from meetscribe.pipeline.cache_keys import CacheDependencies
from meetscribe.pipeline.loaded_models import LoadedModels
from meetscribe.pipeline.loaders import Loaders
from meetscribe.pipeline.outcomes import is_programming_error, not_cached
from meetscribe.results import CacheKey, Codec, Store, cache_key
from meetscribe.runtime.devices import Device, release_free_memory
from meetscribe.runtime.progress import Progress
from meetscribe.settings import Settings
from meetscribe.transcript import JSON, Transcript

StageProgress: TypeAlias = Callable[[str, float], None]
"""Called with the name of a stage and its progress, from 0 to 1; a stage whose result was cached reports only 1."""

T = TypeVar("T")

logger = logging.getLogger("meetscribe.pipeline")
logger.addHandler(logging.NullHandler())  # the command line prints tracebacks only with --debug


@dataclass(frozen=True, slots=True)
class StageRunner:
    """Runs the stages of one recording.

    `models` are the located models, `loaded` those in memory, `loaders` the functions that load them. `failures` holds
    the errors of failed optional stages, `notices` those about results that could not be cached. An exception raised by
    `report` ends the run, for instance to cancel it; it does not count as a failure of the stage.
    """

    recording: Recording
    models: Models
    loaded: LoadedModels
    loaders: Loaders
    store: Store
    report: StageProgress
    failures: dict[str, Exception] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    _raised_by_report: list[Exception] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """The settings with the paths of the models that were fetched beforehand.

        In `Session.run` these are all models but the aligner of a language yet to be detected, in `diarize` and
        `voiceprints` those of diarization; in `align` there are none.
        """
        return self.models.settings

    @property
    def device(self) -> Device:
        """The device on which the models run."""
        return self.loaded.device

    @property
    def dependencies(self) -> CacheDependencies:
        """The dependencies of each stage's result."""
        return CacheDependencies(self.settings, self.device)

    @property
    def audio(self) -> Audio:
        """The decoded recording; raises InputError if it cannot be decoded."""
        if self.recording.duration is not None:  # already decoded
            return self.recording.audio()
        with report_stage("audio", self._report) as progress:
            progress(0.0)
            return self.recording.audio(progress)

    def key(self, stage: str, dependencies: Mapping[str, JSON]) -> CacheKey:
        """Return the cache key of a stage's result for this recording."""
        return cache_key(self.recording.hash, stage, {"track": self.settings.audio.stream, **dependencies})

    def cached(self, key: CacheKey, codec: Codec[T], compute: Callable[[Audio], T], progress: Progress) -> T:
        """Return the result stored under the key; if there is none, compute and store it."""
        stored = self.store.load(key, codec)
        if stored is not None:
            return stored
        audio, device = self.audio, self.device
        progress(0.0)
        result = self.loaded.with_fallback(lambda: compute(audio))
        release_free_memory()
        if self.device == device:  # after a fallback, the key names the wrong device
            self.save(key, codec, result)
        return result

    def run_optional(self, name: str, compute: Callable[[Progress], T]) -> T | None:
        """Return the result of a stage that reports its progress, or None if it fails; see `guard`."""

        def run() -> T:
            with report_stage(name, self._report) as progress:
                return compute(progress)

        return self.guard(name, run)

    def guard(self, name: str, compute: Callable[[], T]) -> T | None:
        """Return the result of `compute`; if it fails, log the traceback, add the error to `failures`, return None."""
        try:
            return compute()
        except Exception as error:  # the words must not be lost
            if error in self._raised_by_report:
                raise
            self._log(f"{name} failed", error)
            if error.__traceback__ is not None:  # its frames hold the model, whose memory the next stage needs
                traceback.clear_frames(error.__traceback__)
            self.failures.setdefault(name, error)
            self.loaded.release()
            return None

    def save(self, key: CacheKey, codec: Codec[T], result: T) -> None:
        """Store a result; a bug in storing it becomes a notice.

        A write error, such as a full disk, raises nothing: `Store` logs it, and stores no more results.
        """
        try:
            self.store.save(key, codec, result)
        except Exception as error:
            self._log(f"the result of {key.stage} could not be cached", error)
            self.notices.append(not_cached(key.stage, error))

    def with_notices(self, transcript: Transcript) -> Transcript:
        """Return the transcript with the notices about the device and the cache."""
        return transcript.with_notices(*self.loaded.notices, *self.notices)

    def _report(self, stage: str, done: float) -> None:
        """Report progress, and remember an exception that the progress function raises."""
        try:
            self.report(stage, done)
        except Exception as error:
            self._raised_by_report.append(error)
            raise

    def _log(self, text: str, error: Exception) -> None:
        logger.log(logging.ERROR if is_programming_error(error) else logging.WARNING, text, exc_info=error)


@contextmanager
def report_stage(name: str, report: StageProgress) -> Iterator[Progress]:
    """Yield the progress function of a stage; then report the stage as done, unless it raised."""
    yield partial(report, name)
    report(name, 1.0)


def ignore_stages(stage: str, done: float) -> None:
    """Discard progress updates."""
