"""Actions and decisions of a library's meetings, with their status after later meetings.

- `values.py`: an item with its status and evidence. `collecting.py`: `items`, the entry point.
- `notes.py`: the items of one meeting, from its minutes. `statements.py`: the sentences of a meeting.
- `subjects.py`: the subject of an item, and whether a sentence is about it. `status.py`: the rules.
- `precision.py`: the statuses that are only suggested. `cues.py` and `languages/`: the cues of a language.
- `documents.py`: items as JSON.

To add a language, copy `languages/en.toml` and replace its lists. The minutes need their own file.
"""
