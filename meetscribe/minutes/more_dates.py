"""Read due dates with dateparser (BSD licence), an optional package, if the rules do not know their wording."""

from __future__ import annotations

from datetime import date, datetime, time

from meetscribe.errors import SettingsError
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.due_dates import DueMatch

_WORDS = 2  # least words of a wording without a digit: dateparser takes "may" and "now" for dates


def read_by_dateparser(norm: str, dialogue: Dialogue) -> DueMatch | None:
    """Return the result of `more_due` from the reference day of the dialogue if it has `more_dates`, else None."""
    return more_due(norm, dialogue.language, dialogue.reference_day) if dialogue.more_dates else None


def more_due(norm: str, language: str, today: date) -> DueMatch | None:
    """Return the last due date in normalised text that is not before `today`, None if there is none.

    Raises SettingsError if dateparser is not installed.
    """
    try:
        from dateparser.search import search_dates  # an optional package, slow to import
    except ImportError as error:
        raise SettingsError(f"minutes.more_dates needs dateparser: {error}", "pip install dateparser") from error
    settings = {
        "RELATIVE_BASE": datetime.combine(today, time()),
        "PREFER_DATES_FROM": "future",
        "REQUIRE_PARTS": ["day"],
    }
    found = search_dates(norm, languages=[language.partition("-")[0].lower()], settings=settings) or ()
    for said, moment in reversed(found):
        is_wording = len(said.split()) >= _WORDS or any(character.isdigit() for character in said)
        if said in norm and is_wording and moment.date() >= today:
            start = norm.rindex(said)
            return DueMatch(start, start + len(said), said, "dateparser", moment.date())
    return None
