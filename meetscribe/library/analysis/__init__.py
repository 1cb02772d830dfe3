"""Text as terms: words folded and stemmed, which the index holds and queries look for."""

from __future__ import annotations

from meetscribe.library.analysis.terms import VERSION, Term, alternatives, analyze, index_terms, name_terms

__all__ = ["VERSION", "Term", "alternatives", "analyze", "index_terms", "name_terms"]
