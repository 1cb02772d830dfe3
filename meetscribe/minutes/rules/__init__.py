"""Decisions, actions and open questions by rules: cues of the language and the replies that follow."""
