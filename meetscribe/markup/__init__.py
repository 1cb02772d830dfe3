"""Primitives for HTML, XML and SVG: escaping and colours."""
