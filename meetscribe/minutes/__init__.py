"""Minutes of meetings, in which every line can be checked against the words of the transcript.

>>> import meetscribe
>>> minutes = meetscribe.minutes(transcript, meetscribe.stats(transcript).topics)  # doctest: +SKIP
>>> print(to_markdown(minutes, transcript))  # doctest: +SKIP

The module can be called: `meetscribe.minutes(transcript)` is `minutes_by_rules(transcript)`.

- `lexicon.py` and `languages/`: the cues of a language; `dialogue.py`: a transcript as sentences of speakers.
- `acts/`: speech acts of sentences, and a linear model of the probability that a sentence states an item.
- `rules/`: extraction of items without a language model. `llm/`: extraction with a language model.
- `verification/`: the verifier of all items, including minutes of other programs.
- `output/`: JSON, Markdown, CSV and iCalendar.

How to add a language: copy `languages/en.toml` and `languages/acts/en.toml`, and replace their lists. README.md
describes the keys. Some English and German words are in Python, and a new language would get the English ones or both
until they are extended: in `dialogue.py` the titles of persons, `Dialogue._person_verbs`, `Dialogue._determiners` and
the words before a time in `split_sentences`, and the endings "'s" and "'ll" of names; the words of
`DueMatch.is_period` and "fortnight" in `due_dates.py`; "st", "nd", "rd" and "th" after numbers in `lexicon.py`;
`task_of` in `rules/candidates.py`, which looks for the task after its cue in English only; "may" and "march" in
`verification/facts.py`; "no problem" in `verification/people.py`; and in `verification/claims.py` the words at its top,
`_NOBODY`, the "and" between owners and the "due" of `_entry`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from meetscribe.minutes.making import minutes_by_rules
from meetscribe.minutes.output.actions import to_csv, to_icalendar
from meetscribe.minutes.output.markdown import to_markdown
from meetscribe.minutes.output.native import dumps, loads
from meetscribe.minutes.verification.verifying import verify
from meetscribe.transcript import Transcript
from meetscribe.transcript.notes import Minutes, Topic

__all__ = ["dumps", "loads", "minutes_by_rules", "to_csv", "to_icalendar", "to_markdown", "verify"]


class _Callable(ModuleType):
    """A module that can be called as a function."""

    def __call__(self, transcript: Transcript, topics: Sequence[Topic] = (), **options: Any) -> Minutes:
        """Return the minutes of a transcript by rules; the arguments are those of `minutes_by_rules`."""
        return minutes_by_rules(transcript, topics, **options)


sys.modules[__name__].__class__ = _Callable
