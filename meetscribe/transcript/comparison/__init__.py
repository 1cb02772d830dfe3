"""Comparison of a transcript with a corrected copy; the differences become edits.

A format may lose information: it may drop characters, divide words differently, change the order of overlapping
utterances and shorten names. If possible, the copy is therefore compared with the transcript as converted to that
format, and each difference is traced back to the words of the transcript. Losses of the format are not differences.
"""
