"""Speech recognition: engines behind one protocol, language detection, quality control; see README.md."""

from __future__ import annotations

from meetscribe.asr.engine_table import ENGINES
from meetscribe.asr.languages import language_code
from meetscribe.asr.recognition import EngineRecognizer, Recognizer, load_recognizer
from meetscribe.asr.settings import AsrSettings

__all__ = ["ENGINES", "AsrSettings", "EngineRecognizer", "Recognizer", "language_code", "load_recognizer"]
