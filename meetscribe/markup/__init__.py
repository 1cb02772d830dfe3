"""Primitives for HTML, XML and SVG: escaping, colours, the frame of a page."""
