"""Pages and documents composed from the results of other rooms.

>>> import meetscribe
>>> from meetscribe.report import link_sound, save
>>> report = meetscribe.report(transcript, minutes)  # doctest: +SKIP
>>> save(report, "meeting.html", link_sound(Path("meeting.mp4"), Path(".")))  # doctest: +SKIP

The module is callable: `meetscribe.report(transcript)` is `make_report(transcript)`.

- `contents.py`: the contents of a report. `page/`: the HTML page, a module per section. `documents/`: Markdown and
DOCX.
- `sound.py`: the sound of a page. `evaluation_page.py`: reference and hypothesis word by word.
- `assets/`: style sheets and scripts.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.analytics import AnalyticsSettings
    from meetscribe.report.contents import Report, make_report
    from meetscribe.report.documents.docx import minutes_to_docx, to_docx
    from meetscribe.report.documents.json import to_json
    from meetscribe.report.documents.markdown import to_markdown
    from meetscribe.report.page.composing import minutes_to_html, to_html
    from meetscribe.report.saving import save
    from meetscribe.report.sound import Sound, embed_sound, link_sound
    from meetscribe.transcript import Transcript
    from meetscribe.transcript.notes import Minutes

__all__ = [
    "Report",
    "Sound",
    "embed_sound",
    "link_sound",
    "make_report",
    "minutes_to_docx",
    "minutes_to_html",
    "save",
    "to_docx",
    "to_html",
    "to_json",
    "to_markdown",
]

__getattr__ = lazy_names(
    __name__,
    {
        "Report": "contents",
        "Sound": "sound",
        "embed_sound": "sound",
        "link_sound": "sound",
        "make_report": "contents",
        "minutes_to_docx": "documents.docx",
        "minutes_to_html": "page.composing",
        "save": "saving",
        "to_docx": "documents.docx",
        "to_html": "page.composing",
        "to_json": "documents.json",
        "to_markdown": "documents.markdown",
    },
)


class _Callable(ModuleType):
    """A module that can be called as a function."""

    def __call__(
        self, transcript: Transcript, minutes: Minutes | None = None, *, settings: AnalyticsSettings | None = None
    ) -> Report:
        """Return the report of a transcript; arguments as `make_report`."""
        from meetscribe.report.contents import make_report

        return make_report(transcript, minutes, settings=settings)


sys.modules[__name__].__class__ = _Callable
