"""The language setting: the code of a language that was given by code or by name."""

from __future__ import annotations

import re
from collections.abc import Collection

from meetscribe.errors import SettingsError, nearest
from meetscribe.text.languages import NAMES

_ALIASES = {"jv": "jw", "nb": "no", "iw": "he", "cmn": "zh", "fil": "tl"}
_EXAMPLES = ("en", "de", "zh")


def language_code(language: str, supported: Collection[str] = NAMES) -> str:
    """Return the code of a language given by code, with or without a region, or by English name, in any case.

    `supported` are the codes of the engine. Raises SettingsError for any other language, with the nearest one.

    >>> language_code("German"), language_code("pt-BR"), language_code("eo", ["eo", "ia"])
    ('de', 'pt', 'eo')
    """
    wanted = language.strip().lower()
    code = re.split("[-_]", wanted)[0]
    code = code if code in supported else _ALIASES.get(code, code)
    if code in supported:
        return code
    codes = {NAMES.get(code, code): code for code in supported}
    if wanted in codes:
        return codes[wanted]
    hint = nearest(wanted, codes) if len(wanted) > 3 else ""
    if not hint.startswith("did you mean"):
        hint = nearest(wanted, supported)
    examples = [code for code in _EXAMPLES if code in supported] or list(supported)[:3]
    raise SettingsError(
        f"unknown language {language!r}: {hint}",
        f"Give asr.language a code such as {' or '.join(examples)}, or leave it out to have it detected.",
    )
