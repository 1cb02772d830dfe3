"""Load the diarizer that live sessions share."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from meetscribe.diarization import load_diarizer
from meetscribe.live.speakers.tracker import DiarizationTracker, Read
from meetscribe.models.resolution import prepare_diarization
from meetscribe.runtime.devices import resolve_device
from meetscribe.runtime.progress import Progress, ignore_progress

if TYPE_CHECKING:
    from meetscribe.diarization import DiarizationSettings, Diarizer
    from meetscribe.settings import Settings

STEP = 0.2
"""The default step between windows, as a share of their length; twice that of a batch run, for half the computation."""


@dataclass(frozen=True, slots=True)
class LiveDiarizer:
    """A loaded diarizer that sessions share, and their settings; `lock` lets one of them compute at a time."""

    diarizer: Diarizer
    settings: Settings
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tracker(
        self, channels: Sequence[str] = (), *, threaded: bool = True, read: Read | None = None
    ) -> DiarizationTracker:
        """Return the speaker tracker of a session; see DiarizationTracker."""
        return DiarizationTracker(
            self.diarizer,
            channels,
            settings=self.settings.attribution,
            threaded=threaded,
            lock=self.lock,
            read=read,
        )


def load_live_diarizer(settings: Settings, progress: Progress = ignore_progress) -> LiveDiarizer:
    """Return the diarizer of the settings; raises WeightsError if a model is missing.

    The number of speakers in the settings is an upper limit, because fewer people may have spoken so far.
    """
    device = resolve_device(settings.run.device)
    models = prepare_diarization(settings, device, progress)
    diarization = _with_upper_limit(models.settings.diarization)
    return LiveDiarizer(load_diarizer(diarization, device, settings.run.offline), settings)


def _with_upper_limit(settings: DiarizationSettings) -> DiarizationSettings:
    """Return the settings for live sessions: the number of speakers is an upper limit, and the default step is STEP."""
    default = type(settings)().step
    return replace(
        settings,
        speakers=None,
        min_speakers=None,
        max_speakers=settings.speakers or settings.max_speakers,
        step=STEP if settings.step == default else settings.step,
    )
