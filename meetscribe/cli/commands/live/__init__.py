"""`meetscribe live`: its options, the run of one source, and the clients of --listen."""
