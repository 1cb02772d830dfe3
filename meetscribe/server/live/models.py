"""The models shared by all live sessions, loaded by the first session in the process of the server."""

from __future__ import annotations

import threading
from typing import Protocol

from meetscribe.live import LiveRecogniser, LiveSettings, Parts, live_settings, load_recogniser
from meetscribe.live.protocols import SpeakerTracker
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.live.speakers.loading import LiveDiarizer, load_live_diarizer
from meetscribe.settings import Settings


class LiveModels(Protocol):
    """The models of live sessions. The methods are thread-safe."""

    def recogniser(self) -> LiveRecogniser:
        """Return the recogniser, loaded on first use; raises SettingsError and WeightsError."""
        ...

    def tracker(self, recorder: FolderRecorder) -> SpeakerTracker | None:
        """Return the speaker tracker of a session, None without diarization."""
        ...

    def session_settings(self) -> tuple[LiveSettings, Parts | None]:
        """Return the settings of sessions, and their activity detector and commit policy, None for the default ones."""
        ...


class LoadedLiveModels:
    """The models of `settings`; `live` are the settings of sessions, by default derived from `settings`."""

    def __init__(self, settings: Settings, live: LiveSettings | None = None) -> None:
        self._settings, self._live = settings, live or live_settings(settings)
        self._lock = threading.Lock()
        self._recogniser: LiveRecogniser | None = None
        self._diarizer: LiveDiarizer | None = None

    def recogniser(self) -> LiveRecogniser:
        """Return the recogniser, loaded and warmed up on first use; raises SettingsError and WeightsError."""
        with self._lock:
            if self._recogniser is None:
                found = load_recogniser(self._settings)
                found.warm_up()
                self._recogniser = found
            return self._recogniser

    def tracker(self, recorder: FolderRecorder) -> SpeakerTracker | None:
        """Return the speaker tracker of a session, None if diarization is off."""
        if not self._settings.diarization.enabled:
            return None
        with self._lock:
            if self._diarizer is None:
                self._diarizer = load_live_diarizer(self._settings)
            return self._diarizer.tracker(read=recorder.read)

    def session_settings(self) -> tuple[LiveSettings, Parts | None]:
        """Return the settings of sessions, with the default parts."""
        return self._live, None
