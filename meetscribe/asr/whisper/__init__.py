"""What all engines that run Whisper models share, independent of the library."""
