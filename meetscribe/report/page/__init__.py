"""The report or the minutes as one HTML page: one module per section; `composing` assembles the page."""
