"""The jobs of the server: values, files, database, and the queue that runs them in worker processes."""
