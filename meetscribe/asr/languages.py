"""The language setting: convert a code or a name to the code of a supported language."""

from __future__ import annotations

import re
from collections.abc import Collection

from meetscribe.errors import SettingsError, nearest
from meetscribe.text.languages import NAMES, code_of, name_of

_ALIASES = dict(
    row.split()
    for row in (
        "jv jw, nb no, iw he, fil tl, cmn zh, nob no, arb ar, pes fa, zsm ms, swh sw, ekk et, lvs lv, khk mn, azj az, "
        "uzn uz, npi ne, plt mg, ydd yi, als sq"
    ).split(",")
)
"""Alternative codes: other codes of a language, and ISO 639-3 codes of the main language of a macrolanguage."""
_EXAMPLES = ("en", "de", "zh")


def language_code(language: str, supported: Collection[str] = NAMES) -> str:
    """Return the code of a language given by code, with or without a region, or by English name, in any case.

    Codes of ISO 639-1 (two letters), ISO 639-2 and ISO 639-3 (three letters) are accepted.

    `supported` are the codes of the engine. Raises SettingsError with the nearest name for any other language.

    >>> language_code("German"), language_code("pt-BR"), language_code("spa"), language_code("eo", ["eo", "ia"])
    ('de', 'pt', 'es', 'eo')
    """
    wanted = language.strip().lower()
    code = re.split("[-_]", wanted)[0]
    code = code if code in supported else _ALIASES.get(code) or code_of(code)
    if code in supported:
        return code
    codes = {NAMES.get(code, code): code for code in supported}
    if wanted in codes:
        return codes[wanted]
    # A word of more than three letters is probably a name, a shorter one a code.
    hint = nearest(wanted, codes) if len(wanted) > 3 else ""
    if not hint.startswith("did you mean"):
        hint = nearest(wanted, supported)
    examples = [code for code in _EXAMPLES if code in supported] or list(supported)[:3]
    raise SettingsError(
        f"unknown language {language!r}: {hint}",
        f"Give asr.language a code such as {' or '.join(examples)}, or leave it out to have it detected.",
    )


def check_language(language: str, model: str, supported: Collection[str]) -> None:
    """Raise SettingsError if `model`, given by its name or path, does not support a language, given by its code."""
    if language in supported:
        return
    name = name_of(language).title()
    if len(supported) == 1:
        (only,) = supported
        raise SettingsError(
            f"the model {model} supports {name_of(only).title()} only, and not {name}",
            "Use a model for several languages, without .en in its name, or leave the language out.",
        )
    raise SettingsError(
        f"the model {model} does not support {name}",
        "Use a newer model, such as large-v3, or one that was trained on this language.",
    )
