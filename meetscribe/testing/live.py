"""Fakes for live sessions: a recogniser of the words of a synthetic meeting, and a detector of its speech."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meetscribe.asr import AsrSettings
from meetscribe.live.activity import SpeechGate
from meetscribe.live.processing.processor import Parts
from meetscribe.live.recognition.recogniser import LiveRecogniser
from meetscribe.testing.scripted_engine import ScriptedEngine, ScriptedError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.testing.meetings import SyntheticMeeting


def fake_live_recogniser(meeting: SyntheticMeeting, errors: Sequence[ScriptedError] = ()) -> LiveRecogniser:
    """Return a LiveRecogniser that finds the words of the meeting, with times, in any window of its audio."""
    words = meeting.transcript.words
    language = meeting.transcript.language
    engine = ScriptedEngine(meeting.audio(), words, errors, language, word_times=True)
    return LiveRecogniser(engine, AsrSettings(language=language))


def loud(frame: npt.NDArray[np.float32]) -> float:
    """Return the speech probability of a frame of synthetic audio: 0 if all samples are 0, otherwise 1."""
    return float(frame.any())


FAKE_PARTS = Parts(activity=lambda settings: SpeechGate(settings, loud))
"""The parts of a session over synthetic audio."""
