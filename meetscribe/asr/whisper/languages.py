"""The languages that Whisper knows, by code and by name; which of them a model knows, the model says."""

from __future__ import annotations

import re

from meetscribe.errors import SettingsError, nearest
from meetscribe.text.languages import NAMES

LANGUAGES = NAMES
"""Whisper's code of each language, and its English name."""

_ALIASES = {"jv": "jw", "nb": "no", "iw": "he", "cmn": "zh", "fil": "tl"}


def language_code(language: str) -> str:
    """Whisper's code for a language given by code, with or without a region, or by English name, in any case.

    Raises SettingsError for an unknown one, naming the nearest.

    >>> language_code("German"), language_code("pt-BR")
    ('de', 'pt')
    """
    wanted = language.strip().lower()
    code = re.split("[-_]", wanted)[0]
    code = _ALIASES.get(code, code)
    if code in LANGUAGES:
        return code
    codes = {name: code for code, name in LANGUAGES.items()}
    if wanted in codes:
        return codes[wanted]
    hint = nearest(wanted, codes) if len(wanted) > 3 else ""
    if not hint.startswith("did you mean"):
        hint = nearest(wanted, LANGUAGES)
    raise SettingsError(
        f"unknown language {language!r}: {hint}",
        "Give a code such as en, de or zh, or leave it out to have it detected.",
    )
