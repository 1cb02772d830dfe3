"""Chapters of an episode: boundaries, titles, and the Podlove file.

- `cohesion.py`: changes of vocabulary. `dividing.py`: boundaries of chapters.
- `titles.py`: key terms. `model_titles.py`: titles by a language model.
- `given.py`: given chapters, such as edited ones.
- `podlove.py`: Podlove Simple Chapters; `formats/` has the JSON chapters of the podcast namespace.
"""

from __future__ import annotations

from meetscribe.podcast.chapters.dividing import divide, make_chapters, with_titles
from meetscribe.podcast.chapters.given import fit_chapters
from meetscribe.podcast.chapters.model_titles import model_titles
from meetscribe.podcast.chapters.podlove import podlove_chapters
from meetscribe.podcast.chapters.titles import key_titles

__all__ = ["divide", "fit_chapters", "key_titles", "make_chapters", "model_titles", "podlove_chapters", "with_titles"]
