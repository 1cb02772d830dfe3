"""The languages that Whisper knows, by code and by name; which of them a model knows, the model says."""

from __future__ import annotations

import re

from meetscribe.errors import SettingsError, nearest

_CODES_AND_NAMES = """
af afrikaans, am amharic, ar arabic, as assamese, az azerbaijani, ba bashkir, be belarusian, bg bulgarian,
bn bengali, bo tibetan, br breton, bs bosnian, ca catalan, cs czech, cy welsh, da danish, de german,
el greek, en english, es spanish, et estonian, eu basque, fa persian, fi finnish, fo faroese, fr french,
gl galician, gu gujarati, ha hausa, haw hawaiian, he hebrew, hi hindi, hr croatian, ht haitian creole,
hu hungarian, hy armenian, id indonesian, is icelandic, it italian, ja japanese, jw javanese, ka georgian,
kk kazakh, km khmer, kn kannada, ko korean, la latin, lb luxembourgish, ln lingala, lo lao, lt lithuanian,
lv latvian, mg malagasy, mi maori, mk macedonian, ml malayalam, mn mongolian, mr marathi, ms malay,
mt maltese, my myanmar, ne nepali, nl dutch, nn nynorsk, no norwegian, oc occitan, pa punjabi, pl polish,
ps pashto, pt portuguese, ro romanian, ru russian, sa sanskrit, sd sindhi, si sinhala, sk slovak,
sl slovenian, sn shona, so somali, sq albanian, sr serbian, su sundanese, sv swedish, sw swahili,
ta tamil, te telugu, tg tajik, th thai, tk turkmen, tl tagalog, tr turkish, tt tatar, uk ukrainian,
ur urdu, uz uzbek, vi vietnamese, yi yiddish, yo yoruba, yue cantonese, zh chinese
"""

LANGUAGES: dict[str, str] = {
    code: name for code, name in (entry.split(maxsplit=1) for entry in _CODES_AND_NAMES.strip().split(","))
}
"""Whisper's code of each language, and its English name."""

_ALIASES = {"jv": "jw", "nb": "no", "iw": "he", "cmn": "zh", "fil": "tl"}

UNKNOWN = "und"
"""The code of a language that is not known (ISO 639-2)."""


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
