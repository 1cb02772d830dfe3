"""`meetscribe live`: options, recording of one source, and clients of --listen."""
