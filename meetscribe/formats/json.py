"""Native JSON: the complete transcript, read back without loss."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from meetscribe.formats.parts.document import Document
from meetscribe.transcript import Transcript
from meetscribe.transcript.native.reader import loads
from meetscribe.transcript.native.writer import dumps


def write(transcript: Transcript) -> str:
    """Write native JSON, schema "meetscribe/1"."""
    return dumps(transcript)


def matches(document: Document) -> bool:
    """Return whether the file is native JSON: of our schema, or with another `schema`, which `read` reports."""
    if re.search(r'"schema"\s*:\s*"meetscribe/', document.head[:400]):
        return True
    return "schema" in document.member_names()


def read(document: Document) -> Transcript:
    """Read native JSON; raises InputError naming the file and the path of the invalid value."""
    return loads(document.text, document.name)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the written files."""
    text = Path(__file__).with_name("meetscribe-1.schema.json").read_text(encoding="utf-8")
    parsed: dict[str, Any] = json.loads(text)
    return parsed
