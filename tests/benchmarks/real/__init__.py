"""Meetscribe beside whisperX and faster-whisper on real weights and recordings: `python -m tests.benchmarks.real`."""
