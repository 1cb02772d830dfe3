"""The report as Markdown, as a Word document and as JSON."""
