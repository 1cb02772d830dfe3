"""Text analysis: folded and stemmed terms for the index and for queries."""

from __future__ import annotations

from meetscribe.library.analysis.terms import VERSION, Term, alternatives, analyze, index_terms, name_terms

__all__ = ["VERSION", "Term", "alternatives", "analyze", "index_terms", "name_terms"]
