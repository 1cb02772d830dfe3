"""The consent of a person on the command line."""

from __future__ import annotations

CONSENT = ("--consent", "recognise my voice", "--declared-by", "Anna")
"""The options of a complete consent record."""
