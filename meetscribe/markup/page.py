"""The frame of a self-contained HTML page."""

from __future__ import annotations

import base64
import hashlib

_FRAME = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}</body>
</html>
"""


def make_page(title: str, body: str, style: str, policy: str, language: str = "en") -> str:
    """Return an HTML page; title, policy and language must be escaped, `body` is markup, `style` is CSS."""
    return _FRAME.format(language=language, policy=policy, title=title, style=style, body=body)


def source_hash(text: str) -> str:
    """Return the source expression by which a Content Security Policy allows one inline style or script.

    >>> source_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
