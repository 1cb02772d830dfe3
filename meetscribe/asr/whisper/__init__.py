"""Shared code of all engines that run Whisper models, independent of the library."""
