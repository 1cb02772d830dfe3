"""The processing of a session without threads and clocks: utterances, windows, streams of channels."""
