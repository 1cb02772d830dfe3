"""The native JSON, schema "meetscribe/1": the format that holds everything and reads back equal."""
