"""A transcript as a table: pandas DataFrame and Arrow table, with one schema."""
