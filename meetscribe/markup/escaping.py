"""Text escaped for XML, HTML and Markdown."""

from __future__ import annotations

import re
from html import escape

from meetscribe.text.whitespace import one_line

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
"""Characters that XML 1.0 does not allow, and marks that override the direction of the text around them."""

_MARKDOWN = re.compile(r"([\\`*_\[\]<>&|~$#^=]|^[-+]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d{3})[.)])")

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def escape_markdown(text: str) -> str:
    r"""Return the text on one line, with a backslash before characters with a meaning in Markdown.

    >>> escape_markdown("1. *Anna*")
    '1\\. \\*Anna\\*'
    """
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def unescape_markdown(text: str) -> str:
    r"""Return Markdown without the backslashes before punctuation (CommonMark 0.31, 2.4).

    >>> unescape_markdown('1\\. \\*Anna\\*')
    '1. *Anna*'
    """
    return _ESCAPED.sub(r"\1", text)


def escape_markup(text: str) -> str:
    """Return the text on one line, escaped for element content and quoted attributes.

    >>> escape_markup('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return escape(xml_text(text), quote=True)


def xml_text(text: str) -> str:
    """Return the text on one line, without characters that XML does not allow; nothing is escaped."""
    return _NOT_XML.sub("", one_line(text))
