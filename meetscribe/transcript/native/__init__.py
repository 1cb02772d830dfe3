"""The native JSON, schema "meetscribe/1": the lossless format of a transcript."""
