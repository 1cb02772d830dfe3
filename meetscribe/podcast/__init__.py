"""Podcasts: make captions, chapters, show notes and tags from the transcript of an episode; process whole feeds.

    transcript ─ shifts ─▶ times of the published audio ─ chapters, titles ─▶ Episode ─ output ─▶ files, tags
    feed ─ plan ─▶ local recordings ─ pipeline ─▶ transcripts ─ publish ─▶ files, and the feed with tags

- `episode.py`: the parts of an episode. `shifts.py`: time shifts for adverts. `links.py`: URLs mentioned in an episode.
- `chapters/`: where chapters begin, and their titles.
- `output.py`: the files; `show_notes.py` (wording by language in `notes_wording.py`) and `rss.py`
  write the two that are not transcript formats.
- `tagging/`: chapters in a copy of the audio. `feed/`: RSS feeds.
"""

from __future__ import annotations

from meetscribe.podcast.chapters import make_chapters
from meetscribe.podcast.episode import Episode, EpisodeOptions, make_episode
from meetscribe.podcast.feed import Feed, FeedOptions, plan_feed, publish_feed, read_feed
from meetscribe.podcast.output import Published, episode_files, write_episode
from meetscribe.podcast.settings import PodcastSettings
from meetscribe.podcast.shifts import Shift, shift_transcript
from meetscribe.podcast.tagging import write_tagged_copy

__all__ = [
    "Episode",
    "EpisodeOptions",
    "Feed",
    "FeedOptions",
    "PodcastSettings",
    "Published",
    "Shift",
    "episode_files",
    "make_chapters",
    "make_episode",
    "plan_feed",
    "publish_feed",
    "read_feed",
    "shift_transcript",
    "write_episode",
    "write_tagged_copy",
]
