"""The files of a corpus: columns, names, reading and writing, and the manifest with the counts and hashes."""
