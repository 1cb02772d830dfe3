"""Jobs of the server: their values, files and database, and the queue that runs them in worker processes."""
