"""Parsing of queries, and their compilation to expressions over index terms."""

from __future__ import annotations

from meetscribe.library.query.compiling import compile_query
from meetscribe.library.query.parsing import Query, parse_query

__all__ = ["Query", "compile_query", "parse_query"]
