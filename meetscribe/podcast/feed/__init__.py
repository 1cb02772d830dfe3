"""RSS feeds: read a feed from a file, match its episodes with local recordings, and write a copy with tags.

- `document.py`: the feed as bytes, and the insertion of tags.
- `media.py`: the local recording of each episode.
- `publishing.py`: the files of the episodes and the copy of the feed.
"""

from __future__ import annotations

from meetscribe.podcast.feed.document import Feed, FeedItem, read_feed
from meetscribe.podcast.feed.media import PlannedEpisode, plan_feed
from meetscribe.podcast.feed.publishing import FeedEpisode, FeedOptions, publish_feed

__all__ = ["Feed", "FeedEpisode", "FeedItem", "FeedOptions", "PlannedEpisode", "plan_feed", "publish_feed", "read_feed"]
