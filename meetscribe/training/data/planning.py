"""The plan of a data set: the clips to cut from each recording, with their texts and splits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from meetscribe.analytics.statistics import is_automatic
from meetscribe.errors import InputError, Notice
from meetscribe.timeline import Seconds, Span
from meetscribe.timeline import total as total_seconds
from meetscribe.training.data.clips.augmentation import MIN_NOISE, Change, draw_change, pauses
from meetscribe.training.data.clips.cutting import Clip, cut
from meetscribe.training.data.clips.meetings import Meeting, Track
from meetscribe.training.data.clips.selection import select
from meetscribe.training.data.labels import PlacedClip, changed_example, make_examples
from meetscribe.training.data.omissions import EXPLANATIONS, Omission, total
from meetscribe.training.data.separation import require_separate, shared
from meetscribe.training.data.settings import DataSettings, SplitBy
from meetscribe.training.data.splitting import assign_splits, connected, random_key
from meetscribe.training.data.tokens import CountTokens, token_counter
from meetscribe.training.data.values import SPLITS, Example, Split
from meetscribe.transcript.edits.application import unapplied_edits

_BLOCK: Seconds = 60.0
"""Length in seconds of the blocks that stay in one split with `split_by="passage"`."""


@dataclass(frozen=True, slots=True)
class PlannedExample:
    """An example without the digest of its audio, the track to cut it from, and its augmentation."""

    example: Example
    track: Track
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The examples of a data set, and the inputs of `write_data_set`.

    `pauses` has the pauses of each track to use as noise; `recordings` maps the hash of each recording to its name.
    """

    planned: tuple[PlannedExample, ...]
    pauses: Mapping[Track, tuple[Span, ...]]
    left_out: tuple[Omission, ...]
    recordings: dict[str, str]
    settings: DataSettings
    base: str | None
    notices: tuple[Notice, ...]

    @property
    def examples(self) -> tuple[Example, ...]:
        """The examples."""
        return tuple(one.example for one in self.planned)


def plan(meetings: Sequence[Meeting], settings: DataSettings, base: str | None = None) -> Plan:
    """Return the plan of a data set; no audio is read.

    Raises InputError if a language is unknown, no clip results, or two splits share a text.
    """
    count = token_counter(base)
    placed, omissions = _clips(meetings, count, settings)
    if not placed:
        raise _no_clips(total(omissions), settings)
    splits = _splits(placed, settings)
    in_splits = [PlacedClip(clip, meeting.name, split) for (meeting, clip), split in zip(placed, splits, strict=True)]
    examples = make_examples(in_splits, count, settings)
    tracks = {one.id: clip.passage.track for one, (_, clip) in zip(examples, placed, strict=True)}
    unique = tuple({one.id: one for one in examples}.values())
    kept, dropped = separated(unique, drop=settings.drop_shared)
    planned = [PlannedExample(one, tracks[one.id]) for one in kept]
    noise = _pauses(placed)
    return Plan(
        (*planned, *_copies(planned, noise, settings)),
        noise,
        total([*omissions, *dropped]),
        {track.hash: track.path.name for track in tracks.values()},
        settings,
        base,
        (*_meeting_notices(meetings), *_split_notices(kept, settings)),
    )


def _clips(
    meetings: Sequence[Meeting], count: CountTokens, settings: DataSettings
) -> tuple[list[tuple[Meeting, Clip]], list[Omission]]:
    """Return the clips of all meetings, each with its meeting, and the omissions."""
    placed: list[tuple[Meeting, Clip]] = []
    omissions: list[Omission] = []
    for meeting in meetings:
        passages, left_out = select(meeting, _language(meeting, settings), settings.max_pause)
        omissions += left_out
        for passage in passages:
            clips, left_out = cut(passage, [count(one.word.text) for one in passage.words], settings)
            placed += [(meeting, clip) for clip in clips]
            omissions += left_out
    return placed, omissions


def separated(examples: Sequence[Example], *, drop: bool) -> tuple[tuple[Example, ...], list[Omission]]:
    """Return the examples that share no audio or text with a held-out split, and the others as omissions.

    Raises InputError for such examples unless `drop`.
    """
    if not drop:
        require_separate(examples)
        return tuple(examples), []
    dropped = [one for one, _ in shared(examples)]
    ids = {one.id for one in dropped}
    kept = tuple(one for one in examples if one.id not in ids)
    return kept, [Omission("shared", len(one.words), one.seconds) for one in dropped]


def _language(meeting: Meeting, settings: DataSettings) -> str:
    """Return the language of a meeting; raises InputError if it is unknown."""
    language = settings.language or meeting.transcript.language
    if language == "und":
        raise InputError(f"the language of {meeting.name} is unknown", "Give it: --language en.")
    return language


def _splits(placed: Sequence[tuple[Meeting, Clip]], settings: DataSettings) -> list[Split]:
    """Return the split of each clip: the one requested for its meeting, otherwise by the shares."""
    keys = _blocks(placed) if settings.split_by == "passage" else _groups(placed, people=settings.split_by == "speaker")
    fixed = _fixed(placed, keys)
    seconds: dict[str, Seconds] = {}
    for key, (_, clip) in zip(keys, placed, strict=True):
        if key not in fixed:
            seconds[key] = seconds.get(key, 0.0) + clip.span.duration
    dev, test = (
        0.0 if split in fixed.values() else share for split, share in (("dev", settings.dev), ("test", settings.test))
    )
    found = fixed | assign_splits(seconds, dev, test, settings.seed)
    return [found[key] for key in keys]


def _groups(placed: Sequence[tuple[Meeting, Clip]], *, people: bool) -> list[str]:
    """Return a key for each clip, equal for meetings that share a file or, if `people`, a person."""
    groups = connected([_members(meeting, people=people) for meeting, _ in placed])
    first: dict[int, str] = {}
    for group, (meeting, _) in zip(groups, placed, strict=True):
        first.setdefault(group, " ".join(meeting.recordings))
    return [first[group] for group in groups]


def _fixed(placed: Sequence[tuple[Meeting, Clip]], keys: Sequence[str]) -> dict[str, Split]:
    """Return the requested splits by key; a meeting without one that is connected to such a meeting counts as train.

    Raises InputError if meetings of two splits are connected.
    """
    found: dict[str, tuple[Meeting, Split]] = {}
    held_out = {key for key, (meeting, _) in zip(keys, placed, strict=True) if meeting.split is not None}
    for key, (meeting, _) in zip(keys, placed, strict=True):
        if key in held_out:
            split = meeting.split or "train"
            other, before = found.setdefault(key, (meeting, split))
            if before != split:
                raise InputError(
                    f"{meeting.name} ({split}) and {other.name} ({before}) have a person or a recording in common",
                    "Leave one of them out. If only persons are the same, use --split-by recording.",
                )
    return {key: split for key, (_, split) in found.items()}


def _members(meeting: Meeting, *, people: bool) -> set[tuple[str, str]]:
    """Return the links between meetings: the files of this one and, if `people`, the persons named in it."""
    members = {("recording", hash) for hash in meeting.recordings} | {("meeting", " ".join(meeting.recordings))}
    names = map(meeting.transcript.name_of, meeting.transcript.speakers) if people else ()
    return members | {("person", name.casefold()) for name in names if not is_automatic(name)}


def _blocks(placed: Sequence[tuple[Meeting, Clip]]) -> list[str]:
    """Return a key for each clip, equal for about a minute of a recording on all its tracks."""
    return [f"{' '.join(meeting.recordings)} {int(clip.span.start // _BLOCK)}" for meeting, clip in placed]


def _pauses(placed: Sequence[tuple[Meeting, Clip]]) -> dict[Track, tuple[Span, ...]]:
    """Return the pauses within the clips of each track that are long enough to use as noise."""
    found: dict[Track, list[Span]] = {}
    for _, clip in placed:
        own = found.setdefault(clip.passage.track, [])
        own += pauses([one.word.span for one in clip.words])
    return {track: tuple(own) for track, own in found.items() if total_seconds(own) >= MIN_NOISE}


def _copies(
    planned: Sequence[PlannedExample], noise: Mapping[Track, tuple[Span, ...]], settings: DataSettings
) -> Iterator[PlannedExample]:
    """Yield the changed copies of the training examples."""
    for one in planned if settings.augment else ():
        for number in range(settings.copies if one.example.split == "train" else 0):
            random = Random(random_key(settings.seed, one.example.id, str(number)))
            change = draw_change(settings.augment, one.example.seconds, one.track in noise, random)
            if str(change):
                yield PlannedExample(changed_example(one.example, one.track, change), one.track, change)


def _no_clips(left_out: Sequence[Omission], settings: DataSettings) -> InputError:
    """Return the error for transcripts without clips."""
    lines = "; ".join(f"{EXPLANATIONS[one.reason]}: {one.words} words, {one.seconds:.0f} s" for one in left_out)
    message = f"there is no clip of {settings.min_seconds:g} to {settings.max_seconds:g} s in the transcripts"
    remedy = "Correct the transcripts, and name their recordings."
    if any(one.reason == "interpolated" for one in left_out):
        remedy = "Find the times of the words first: meetscribe align TRANSCRIPT RECORDING -o ALIGNED.json."
    elif any(one.reason == "too short" for one in left_out):
        remedy = "Allow shorter clips with --min-seconds, or longer pauses in them with --max-pause."
    return InputError(f"{message}: {lines}" if lines else message, remedy)


def _meeting_notices(meetings: Sequence[Meeting]) -> Iterator[Notice]:
    """Yield notices about corrections without effect, and about recordings that are not the transcribed files."""
    for meeting in meetings:
        if unapplied := unapplied_edits(meeting.transcript):
            text = f"{len(unapplied)} corrections of {meeting.name} have no effect: their words do not exist"
            yield Notice("training.edits", text, {"meeting": meeting.name, "edits": list(unapplied)})
        recorded = meeting.transcript.recording
        if recorded is not None and recorded.hash and recorded.hash not in meeting.recordings:
            text = f"the recording of {meeting.name} is not the file that was transcribed; its times may be shifted"
            yield Notice("training.other-recording", text, {"meeting": meeting.name})


_TOO_FEW: dict[SplitBy, str] = {
    "speaker": "too few recordings have no person in common; --split-by recording or passage divides them, but the "
    "scores are then for known voices",
    "recording": "there are too few recordings; --split-by passage divides them, but the scores are then optimistic",
    "passage": "the recordings are too short; add others, or ask for fewer splits (--dev 0, --test 0)",
}
"""The reason for an empty split, with the remedy."""


def _split_notices(examples: Sequence[Example], settings: DataSettings) -> Iterator[Notice]:
    """Yield a notice for each requested split that is empty."""
    wanted = {"train": 1.0, "dev": settings.dev, "test": settings.test}
    empty = [split for split in SPLITS if wanted[split] and not any(one.split == split for one in examples)]
    if empty:
        text = f"there is nothing in {' and '.join(empty)}: {_TOO_FEW[settings.split_by]}"
        yield Notice("training.empty-split", text, {"splits": list(empty)})
