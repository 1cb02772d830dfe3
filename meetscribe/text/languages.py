"""Language codes (Whisper, ISO 639-2, ISO 639-3) and English names of languages."""

from __future__ import annotations

UNKNOWN = "und"
"""The code of an unknown language (ISO 639-2)."""

_ROWS = """
af afr afrikaans, am amh amharic, ar ara arabic, as asm assamese, az aze azerbaijani, ba bak bashkir,
be bel belarusian, bg bul bulgarian, bn ben bengali, bo bod tibetan, br bre breton, bs bos bosnian,
ca cat catalan, cs ces czech, cy cym welsh, da dan danish, de deu german, el ell greek, en eng english,
es spa spanish, et est estonian, eu eus basque, fa fas persian, fi fin finnish, fo fao faroese, fr fra french,
gl glg galician, gu guj gujarati, ha hau hausa, haw haw hawaiian, he heb hebrew, hi hin hindi, hr hrv croatian,
ht hat haitian creole, hu hun hungarian, hy hye armenian, id ind indonesian, is isl icelandic, it ita italian,
ja jpn japanese, jw jav javanese, ka kat georgian, kk kaz kazakh, km khm khmer, kn kan kannada, ko kor korean,
la lat latin, lb ltz luxembourgish, ln lin lingala, lo lao lao, lt lit lithuanian, lv lav latvian,
mg mlg malagasy, mi mri maori, mk mkd macedonian, ml mal malayalam, mn mon mongolian, mr mar marathi,
ms msa malay, mt mlt maltese, my mya myanmar, ne nep nepali, nl nld dutch, nn nno nynorsk, no nor norwegian,
oc oci occitan, pa pan punjabi, pl pol polish, ps pus pashto, pt por portuguese, ro ron romanian,
ru rus russian, sa san sanskrit, sd snd sindhi, si sin sinhala, sk slk slovak, sl slv slovenian, sn sna shona,
so som somali, sq sqi albanian, sr srp serbian, su sun sundanese, sv swe swedish, sw swa swahili, ta tam tamil,
te tel telugu, tg tgk tajik, th tha thai, tk tuk turkmen, tl tgl tagalog, tr tur turkish, tt tat tatar,
uk ukr ukrainian, ur urd urdu, uz uzb uzbek, vi vie vietnamese, yi yid yiddish, yo yor yoruba,
yue yue cantonese, zh zho chinese
"""
_BIBLIOGRAPHIC = """
alb sq, arm hy, baq eu, bur my, chi zh, cze cs, dut nl, fre fr, geo ka, ger de, gre el, ice is, mac mk, mao mi, may ms,
per fa, rum ro, slo sk, tib bo, wel cy
"""  # codes of ISO 639-2/B that differ from ISO 639-3
_OTHER_NAMES = """
العربية ar, català ca, čeština cs, dansk da, deutsch de, ελληνικά el, castellano es, castilian es, español es,
suomi fi, français fr, עברית he, hrvatski hr, magyar hu, italiano it, 日本語 ja, 한국어 ko, flemish nl, nederlands nl,
norsk no, polski pl, português pt, română ro, русский ru, slovenčina sk, srpski sr, svenska sv, türkçe tr,
українська uk, 中文 zh, mandarin zh
"""  # names in the language itself, and other English names
_TABLE = [tuple(row.split(maxsplit=2)) for row in _ROWS.strip().split(",")]

NAMES: dict[str, str] = {code: name for code, _, name in _TABLE}
"""The English name of each of Whisper's languages, by Whisper's code."""

_THREE_LETTERS = {code: three for code, three, _ in _TABLE}
_CODES = {other: code for code, three, name in _TABLE for other in (code, three, name)}
_CODES |= dict(row.split() for row in _BIBLIOGRAPHIC.strip().split(","))
_CODES |= dict(row.split() for row in _OTHER_NAMES.strip().split(","))


def code_of(language: str) -> str:
    """Return the code of a language given by code, English name or, for common ones, its own name.

    The code of other text is "und".

    >>> code_of("English"), code_of("deu"), code_of("ger"), code_of("Deutsch"), code_of("pt-BR"), code_of("")
    ('en', 'de', 'de', 'de', 'pt-BR', 'und')
    """
    wanted = language.strip().replace("_", "-")
    known = _CODES.get(wanted.lower())
    if known is not None:
        return known
    coded = wanted.replace("-", "")
    return wanted if coded.isalnum() and len(wanted.split("-")[0]) in (2, 3) else UNKNOWN


def name_of(code: str) -> str:
    """Return the English name of a language, or the code itself if the name is unknown."""
    return NAMES.get(code.split("-")[0].lower(), code)


def three_letters(code: str) -> str:
    """Return the ISO 639-3 code of a language, "und" if it is unknown."""
    primary = code.split("-")[0].lower()
    return _THREE_LETTERS.get(primary, primary if len(primary) == 3 and primary.isalpha() else UNKNOWN)
