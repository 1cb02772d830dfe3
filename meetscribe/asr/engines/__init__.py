"""The built-in engines, one module each, and their shared modules."""
