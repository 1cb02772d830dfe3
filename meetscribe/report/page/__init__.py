"""The report as one HTML page, and the minutes alone: each section in its module, put together in `composing`."""
