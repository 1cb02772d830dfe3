"""Speech to text: engines behind one protocol; word times to the frame are alignment's matter."""

from __future__ import annotations

from meetscribe.asr.protocol import ENGINES
from meetscribe.asr.recognition import EngineRecognizer, Recognizer, load_recognizer
from meetscribe.asr.settings import AsrSettings
from meetscribe.asr.whisper.languages import LANGUAGES, language_code

__all__ = ["ENGINES", "LANGUAGES", "AsrSettings", "EngineRecognizer", "Recognizer", "language_code", "load_recognizer"]
