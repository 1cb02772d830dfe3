"""Items found by a language model behind any OpenAI-compatible endpoint; the transcript proves them, not the model.

`endpoint.py` sends requests, `prompts.py` writes them, `replies.py` reads what comes back, `items.py` turns it into
items with citations, and `making.py` goes through the meeting part by part.
"""
