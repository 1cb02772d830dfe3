"""Text made safe inside XML and HTML, and times as those write them."""

from __future__ import annotations

import re
from html import escape

from meetscribe.text.whitespace import one_line

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
"""What XML 1.0 has no place for, and what turns the direction of the text around it."""


def marked_up(text: str) -> str:
    """The text on one line as it stands between tags or in an attribute.

    >>> marked_up('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return escape(plain(text), quote=True)


def plain(text: str) -> str:
    """The text on one line without what XML cannot hold."""
    return _NOT_XML.sub("", one_line(text))
