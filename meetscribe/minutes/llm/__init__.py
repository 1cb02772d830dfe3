"""Items found by a language model at an OpenAI-compatible endpoint, and verified against the transcript.

`endpoint.py` sends requests, `prompts.py` composes them, `redaction.py` replaces names in them, `replies.py` parses the
replies, `items.py` makes items with citations from them, and `making.py` processes the meeting part by part.
"""
