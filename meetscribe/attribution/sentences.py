"""Where a sentence ends, as far as a word's own text tells; splitting running text is not done here."""

from __future__ import annotations

_ENDS = ".?!…。！？｡؟۔।॥"
_CLOSERS = "\"'”’»›)]}」』）】"


def ends_sentence(text: str) -> bool:
    """Whether a word closes a sentence: its last mark, quotes and brackets aside, is a full stop or alike.

    >>> ends_sentence("done.”"), ends_sentence("3.5"), ends_sentence("well,")
    (True, False, False)
    """
    return text.rstrip(_CLOSERS).endswith(tuple(_ENDS))
