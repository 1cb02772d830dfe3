"""Synthetic meetings and fake models, for meetscribe's tests and users' tests.

    meeting = synthetic_meeting(seed=1)
    fake_recognizer(meeting).transcribe(meeting.audio(), meeting.speech, progress)  # words with estimated times
    FakeAligner()                                                                   # the letters in the audio
    FakeDiarizer(meeting).diarize(meeting.audio(), progress)                        # the turns of the meeting

`meetscribe.testing.live` has a recogniser and the parts of a live session over the audio of a meeting. The fakes
fulfil the contracts of their protocols, and never load torch.
"""

from __future__ import annotations

from meetscribe.testing.fake_models import STRIDE, FakeAligner, FakeDiarizer
from meetscribe.testing.meetings import SyntheticMeeting, synthetic_audio, synthetic_meeting
from meetscribe.testing.scripted_engine import ScriptedEngine, ScriptedError, fake_recognizer

__all__ = [
    "STRIDE",
    "FakeAligner",
    "FakeDiarizer",
    "ScriptedEngine",
    "ScriptedError",
    "SyntheticMeeting",
    "fake_recognizer",
    "synthetic_audio",
    "synthetic_meeting",
]
