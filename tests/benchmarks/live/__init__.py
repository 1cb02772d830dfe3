"""Live transcription beside whisper_streaming and our offline result: `python -m tests.benchmarks.live`."""
