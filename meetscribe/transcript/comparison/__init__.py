"""Comparison of a transcript with a corrected copy of it, which becomes edits.

A copy has the losses of its format: it may lose characters, divide words differently, change the order of overlapping
utterances and shorten names. The copy is therefore compared with the transcript as that format holds it, if that is
known, and each difference is traced back to the words of the transcript. A loss of the format is never a difference.
"""
