"""Where a sentence ends or begins, as far as a word's own text tells; splitting running text is not done here."""

from __future__ import annotations

_ENDS = ".?!…。！？｡؟۔।॥"
_CLOSERS = "\"'”’»›)]}」』）】"
_OPENERS = "\"'“‘«‹([{„‚¿¡"


def ends_sentence(text: str) -> bool:
    """Whether a word closes a sentence: its last mark, quotes and brackets aside, is a full stop or alike.

    >>> ends_sentence("done.”"), ends_sentence("3.5"), ends_sentence("well,")
    (True, False, False)
    """
    return text.rstrip(_CLOSERS).endswith(tuple(_ENDS))


def is_capitalised(text: str) -> bool | None:
    """Whether a word begins with a capital; None if that tells nothing: "I", "GUI", "3", a script with one case.

    >>> is_capitalised("Well,"), is_capitalised("well,"), is_capitalised("I’m"), is_capitalised("3")
    (True, False, None, None)
    """
    letters = text.lstrip(_OPENERS)
    if letters[:1].islower():
        return False
    return True if letters[:1].isupper() and letters[1:2].islower() else None
