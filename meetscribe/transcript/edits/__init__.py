"""Corrections of a transcript: values, operations, their application, and transfer to a later transcript."""
