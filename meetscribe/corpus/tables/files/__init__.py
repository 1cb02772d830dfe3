"""The files of a corpus: their columns, their names, reading and writing them, and the manifest with their hashes."""
