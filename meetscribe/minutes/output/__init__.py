"""Minutes as files: JSON, Markdown, CSV of the actions, and iCalendar."""
