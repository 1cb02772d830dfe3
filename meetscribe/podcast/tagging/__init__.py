"""Chapters written into a copy of a media file; the audio is copied bit by bit.

- `id3.py`: MP3, as frames of ID3v2.
- `ogg.py`: Ogg Vorbis and Opus, as comments.
- `mp4.py`: M4A, as a Nero chapter list and a QuickTime text track (`mp4_chapters.py`), in boxes (`mp4_boxes.py`).

How to add a container: write `write_NAME(source, target, chapters)` and add it to `_writer` of `copying.py`.
"""

from __future__ import annotations

from meetscribe.podcast.tagging.copying import can_tag, write_tagged_copy

__all__ = ["can_tag", "write_tagged_copy"]
