"""Revisions: digests of the list of edits, with which a save detects that the file was changed in the meantime."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from meetscribe.transcript.edits.values import Edit, edit_members

_LENGTH = 12  # hexadecimal digits


def revision(edits: Sequence[Edit]) -> str:
    """Return the revision of a list of edits, which is equal for equal edits in the same order.

    >>> revision(())
    'e3b0c44298fc'
    """
    digest = hashlib.sha256()
    for edit in edits:
        digest.update(json.dumps(edit_members(edit), ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()[:_LENGTH]
