"""The contents of a report as JSON, for custom pages; the words are in the native JSON of the transcript."""

from __future__ import annotations

import json
from dataclasses import asdict

from meetscribe.minutes.output.native import dumps
from meetscribe.report.contents import Report


def to_json(report: Report) -> str:
    """Return title, facts, speakers, topics, keywords, key passages, passages to check and minutes as JSON.

    Unknown values are null; without minutes, `minutes` is null.
    """
    meta = report.edited.meta
    document = {
        "title": report.title,
        "recorded_at": meta.recorded_at,
        "duration": report.duration,
        "language": meta.language,
        "meeting": asdict(report.meeting),
        "speakers": [asdict(row) for row in report.speakers],
        "topics": [asdict(topic) for topic in report.topics],
        "keywords": [asdict(row) for rows in report.keywords.values() for row in rows],
        "passages": [asdict(passage) for passage in report.cited_passages],
        "to_check": [asdict(finding) for finding in report.findings],
        "minutes": json.loads(dumps(report.minutes)) if report.minutes else None,
        "notices": [notice.text for notice in (*report.notices, *meta.notices)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
