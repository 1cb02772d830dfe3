"""The built-in engines, one module each, and the modules that several of them share."""
