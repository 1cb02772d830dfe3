"""Make training examples from clips: text, words and segments with times in the clip, prompts and timestamps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from meetscribe.text.joining import join_words
from meetscribe.timeline import Seconds, Span
from meetscribe.training.data.clips.augmentation import Change
from meetscribe.training.data.clips.cutting import Clip
from meetscribe.training.data.clips.files import CLIPS
from meetscribe.training.data.clips.meetings import Track
from meetscribe.training.data.settings import DataSettings
from meetscribe.training.data.splitting import chosen_shares
from meetscribe.training.data.tokens import CONTEXT, MAX_PROMPT, CountTokens
from meetscribe.training.data.values import Example, Split, TimedText
from meetscribe.transcript import Word

_VERSION = 1  # version of the cutting algorithm, part of the ids of clips
_PROMPT_PAUSE: Seconds = 30.0
"""The longest gap in seconds between a clip and the text used as its prompt."""

_LABEL_FRAME = 5 + 1  # tokens before and after the text of a label, and the token before a prompt


@dataclass(frozen=True, slots=True)
class PlacedClip:
    """A clip with its meeting and split."""

    clip: Clip
    meeting: str
    split: Split


def make_examples(placed: Sequence[PlacedClip], count: CountTokens, settings: DataSettings) -> list[Example]:
    """Return an example for each clip, in order, without the digest of its audio.

    Each split has the shares of examples with timestamps and with prompts that the settings require.
    """
    examples = [_example(one) for one in placed]
    prompts = _prompts(placed, count)
    for split in {one.split for one in placed}:
        own = {one.id for one in examples if one.split == split}
        timed = chosen_shares(own, settings.timestamps, settings.seed, "timestamps")
        prompted = chosen_shares(own, settings.prompts, settings.seed, "prompts")
        examples = [
            replace(one, timestamps=one.id in timed, prompt=prompts[at] if one.id in prompted else None)
            if one.split == split
            else one
            for at, one in enumerate(examples)
        ]
    return examples


def clip_id(track: Track, span: Span, augmentation: str = "") -> str:
    """Return the id of a clip: a hash of the source of its audio."""
    made_of = [_VERSION, track.hash, track.channel, span.start, span.end, augmentation]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]


def changed_example(example: Example, track: Track, change: Change) -> Example:
    """Return the example of an augmented copy, with times scaled by its speed."""
    speed = change.speed or 1.0
    id = clip_id(track, example.span, str(change))

    def moved(texts: Sequence[TimedText]) -> tuple[TimedText, ...]:
        return tuple(TimedText(one.text, round(one.start / speed, 3), round(one.end / speed, 3)) for one in texts)

    return replace(
        example,
        id=id,
        audio=f"{CLIPS}/{id}.wav",
        seconds=round(example.seconds / speed, 3),
        words=moved(example.words),
        segments=moved(example.segments),
        augmentation=str(change),
    )


def _example(placed: PlacedClip) -> Example:
    """Return the example of a clip, without prompt and timestamps."""
    clip, track = placed.clip, placed.clip.passage.track
    span = Span(round(clip.span.start, 3), round(clip.span.end, 3))
    id = clip_id(track, span)
    speakers = {one.speaker for one in clip.words}
    segments = [
        tuple(one.word for one in own) for _, own in groupby(clip.words, lambda one: (one.segment, one.speaker))
    ]
    return Example(
        id=id,
        audio=f"{CLIPS}/{id}.wav",
        sha256="",
        seconds=round(span.duration, 3),
        text=join_words(one.word.text for one in clip.words),
        words=tuple(_timed([one.word], span) for one in clip.words),
        segments=tuple(_timed(words, span) for words in segments),
        language=clip.passage.language,
        speaker=speakers.pop() if len(speakers) == 1 else None,
        recording=track.hash,
        span=span,
        prompt=None,
        timestamps=False,
        split=placed.split,
    )


def _timed(words: Sequence[Word], span: Span) -> TimedText:
    """Return words as one text with its times relative to the clip."""
    start = min(word.start for word in words) - span.start
    end = max(word.end for word in words) - span.start
    latest = span.duration
    return TimedText(
        join_words(word.text for word in words),
        round(min(max(start, 0.0), latest), 3),
        round(min(max(end, 0.0), latest), 3),
    )


def _prompts(placed: Sequence[PlacedClip], count: CountTokens) -> list[str | None]:
    """Return the preceding text for each clip, from the same track and split; None if there is none."""
    found: list[str | None] = []
    for at, one in enumerate(placed):
        start, words = one.clip.span.start, list[Word]()
        room = min(MAX_PROMPT, CONTEXT - _LABEL_FRAME - _label_tokens(one.clip, count))
        for other in reversed(placed[:at]):
            if not _precedes(other, one) or start - other.clip.span.end > _PROMPT_PAUSE:
                break
            for spoken in reversed(other.clip.words):
                room -= count(spoken.word.text)
                if room < 0:
                    break
                words.insert(0, spoken.word)
            if room < 0:
                break
            start = other.clip.span.start
        found.append(join_words(word.text for word in words) or None)
    return found


def _precedes(other: PlacedClip, one: PlacedClip) -> bool:
    """Return whether the text of the clip `other` can be in the prompt of `one`."""
    track, language = one.clip.passage.track, one.clip.passage.language
    same = other.clip.passage.track == track and other.clip.passage.language == language
    return same and other.split == one.split and other.meeting == one.meeting


def _label_tokens(clip: Clip, count: CountTokens) -> int:
    """Return the number of tokens of the text of a clip and of its timestamps."""
    segments = len({one.segment for one in clip.words})
    return sum(count(one.word.text) for one in clip.words) + 2 * segments
