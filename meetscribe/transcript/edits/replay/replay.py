"""Replay of edits over the recognised words, which stay unchanged; each edit visits only the words it refers to.

An edit of words applies as a whole, or not at all if one of its words does not exist, for example because the edit that
inserted the word was undone. An insertion needs only one of its two neighbours.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from operator import itemgetter

from meetscribe.text.splitting import split_words
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript.edits.replay.labels import Label, Labels
from meetscribe.transcript.edits.replay.replacement import align_words, inserted_span, interpolated_words, with_text
from meetscribe.transcript.edits.replay.turns import EditedTurns
from meetscribe.transcript.edits.values import Assign, Delete, Edit, Insert, Join, Merge, Rename, Replace, Retime, Split
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment, Timing, Word


class WordNode:
    """A word in the doubly linked list of edited words; `starts` means that it begins a segment."""

    __slots__ = ("assigned", "following", "joined", "label", "live", "preceding", "starts", "word")

    def __init__(self, word: Word, label: Label | None, starts: bool = False, assigned: bool = False) -> None:
        self.word, self.label, self.starts, self.assigned = word, label, starts, assigned
        self.joined = False  # stays in the segment of the previous word, even if the speaker changes
        self.live = True
        self.preceding: WordNode | None = None
        self.following: WordNode | None = None


class Replay:
    """The words and turns of a transcript while edits are applied to them one by one, in order."""

    def __init__(self, transcript: Transcript) -> None:
        self._labels = Labels()
        self._first: WordNode | None = None
        self._last: WordNode | None = None
        self._by_id: dict[str, WordNode] = {}
        self._duration = transcript.duration
        self._by_time: list[tuple[Seconds, WordNode]] | None = None  # sorted by the middle of the word; built on demand
        self.recognised: list[WordNode] = []
        for segment in transcript.segments:
            for number, word in enumerate(segment.words):
                node = WordNode(word, self._label(word.speaker), starts=number == 0)
                self._link(node, self._last)
                self.recognised.append(node)
        meta = transcript.meta
        self._turns, self._exclusive = EditedTurns(meta.turns, self._labels), EditedTurns(meta.exclusive, self._labels)

    def apply(self, edit: Edit) -> bool:
        """Apply an edit and return True; change nothing and return False if words that it needs do not exist."""
        if isinstance(edit, Rename):
            return True
        if isinstance(edit, Merge):
            self._labels.merge(edit.speakers)
            return True
        if isinstance(edit, Assign):
            return self._assign(edit)
        if isinstance(edit, Insert):
            return self._insert(edit)
        ids = (edit.word,) if isinstance(edit, Split) else edit.words
        nodes = [node for id in ids if (node := self._by_id.get(id)) is not None and node.live]
        if len(nodes) < len(ids):
            return False
        self._change(edit, nodes)
        return True

    def words(self) -> Iterator[Word]:
        """Yield the words in order, with the labels of their speakers."""
        return (_with_speaker(node, _unchanged) for node in self._nodes())

    def segments(self, name_of: Callable[[str], str]) -> tuple[Segment, ...]:
        """Return the segments, with `name_of` applied to the labels; assigned words divide them by speaker."""
        segments: list[Segment] = []
        run: list[tuple[WordNode, Word]] = []
        for node in self._nodes():
            if node.starts and run:
                segments.extend(_by_speaker(run))
                run = []
            run.append((node, _with_speaker(node, name_of)))
        return (*segments, *_by_speaker(run)) if run else tuple(segments)

    def transcript(self, transcript: Transcript, name_of: Callable[[str], str]) -> Transcript:
        """Return the transcript with the current words and turns, and without edits."""
        turns, exclusive = self._turns.turns(name_of), self._exclusive.turns(name_of)
        meta = replace(transcript.meta, turns=turns, exclusive=exclusive, edits=())
        return Transcript(self.segments(name_of), meta)

    def _change(self, edit: Replace | Delete | Split | Join | Retime, nodes: Sequence[WordNode]) -> None:
        """Apply an edit whose words all exist."""
        if isinstance(edit, Replace):
            self._replace(edit, nodes)
        elif isinstance(edit, Delete):
            for node in nodes:
                self._unlink(node)
        elif isinstance(edit, Retime):
            self._retime(edit, nodes)
        else:
            for node in nodes:
                node.starts, node.joined = isinstance(edit, Split), isinstance(edit, Join)

    def _retime(self, edit: Retime, nodes: Sequence[WordNode]) -> None:
        """Set the times of words; their scores and character times become unknown."""
        self._by_time = None
        # Word times of a copy count as "engine", like word times read from other formats.
        timing: Timing = "engine" if edit.exact else "interpolated"
        for node, (start, end) in zip(nodes, edit.times, strict=True):
            node.word = replace(node.word, start=start, end=end, timing=timing, score=None, chars=())

    def _assign(self, edit: Assign) -> bool:
        """Assign words and turns to a speaker; return whether there are any words."""
        times = self._times()
        low, high = (bisect_left(times, time, key=itemgetter(0)) for time in (edit.start, edit.end))
        covered = [node for _, node in times[low:high] if node.live]
        for node in covered:
            node.label, node.assigned = self._labels[edit.speaker], True
        if covered:
            spans = [node.word.span for node in covered]
            for turns in (self._turns, self._exclusive):
                turns.assign(Span(edit.start, edit.end), spans, edit.speaker)
        return bool(covered)

    def _insert(self, edit: Insert) -> bool:
        """Insert words after or before a word, or into an empty transcript; return False if neither exists."""
        after, before = self._live(edit.after), self._live(edit.before)
        host = after or before
        if host is None and (edit.after or edit.before or self._first):
            return False
        like = Word("-", edit.start, edit.end, speaker=edit.speaker, speaker_source="edit" if edit.speaker else None)
        like = replace(like, language=host.word.language) if host is not None else like
        fresh = self._new_nodes(
            split_words(edit.text), edit.span, like, self._new_ids(edit.id), self._label(edit.speaker)
        )
        self._link_all(fresh, after=after, before=None if after is not None else before)
        following = fresh[-1].following
        if edit.new_segment:
            fresh[0].starts = True
            if following is not None:
                following.starts = True
        if edit.speaker is not None:
            # Not to `_exclusive`: `add` does not shorten the turns of other speakers, so they could overlap.
            self._turns.add(edit.span, edit.speaker)
        return True

    def _replace(self, edit: Replace, nodes: Sequence[WordNode]) -> None:
        """Replace the words of these nodes by the text of the edit."""
        ids = self._new_ids(edit.id)
        last: WordNode | None = None  # of the passage so far
        for block in align_words([node.word.text for node in nodes], edit.text):
            replaced = nodes[block.start : block.end]
            if block.aligned:
                for node, text in zip(replaced, block.texts, strict=True):
                    node.word = with_text(node.word, text)
                last = replaced[-1]
            elif replaced:
                span = Span(min(node.word.start for node in replaced), max(node.word.end for node in replaced))
                fresh = self._new_nodes(
                    block.texts, span, replaced[0].word, ids, replaced[0].label, replaced[0].assigned
                )
                self._link_all(fresh, before=replaced[0])
                for node in replaced:
                    self._unlink(node)
                last = fresh[-1] if fresh else last
            else:
                like = last or nodes[0]
                span = self._gap(block.texts, last, nodes[0])
                fresh = self._new_nodes(block.texts, span, like.word, ids, like.label, like.assigned)
                self._link_all(fresh, after=last, before=None if last is not None else nodes[0])
                last = fresh[-1]

    def _gap(self, texts: Sequence[str], last: WordNode | None, first: WordNode) -> Span:
        """Return the span for words inserted after `last`, or before `first` if `last` is None."""
        if last is None:
            before = first.preceding
            free = first.word.start - (before.word.end if before is not None else 0.0)
            length = inserted_span(texts, 0.0, max(0.0, free)).duration
            return Span(first.word.start - length, first.word.start)
        following = last.following
        # A following segment that began before the end of `last` overlaps it, and does not limit the words.
        if following is None or (following.starts and following.word.start < last.word.end):
            return inserted_span(texts, last.word.end, self._duration)
        return inserted_span(texts, last.word.end, following.word.start)

    @staticmethod
    def _new_nodes(
        texts: Sequence[str], span: Span, like: Word, ids: Iterator[str], label: Label | None, assigned: bool = False
    ) -> list[WordNode]:
        """Return new words spread over the span."""
        new_ids = [next(ids) for _ in texts]
        return [WordNode(word, label, assigned=assigned) for word in interpolated_words(texts, span, new_ids, like)]

    def _new_ids(self, id: str) -> Iterator[str]:
        """Yield the ids of new words of an edit."""
        return (new_id for number in count() if (new_id := f"{id}-{number}") not in self._by_id)

    def _live(self, id: str | None) -> WordNode | None:
        """Return the node of a word by id, None if the word does not exist."""
        node = None if id is None else self._by_id.get(id)
        return node if node is not None and node.live else None

    def _label(self, speaker: str | None) -> Label | None:
        return None if speaker is None else self._labels[speaker]

    def _nodes(self) -> Iterator[WordNode]:
        node = self._first
        while node is not None:
            yield node
            node = node.following

    def _link_all(
        self, nodes: Sequence[WordNode], *, after: WordNode | None = None, before: WordNode | None = None
    ) -> None:
        """Insert nodes after or before a node, in its segment; without either, at the start as a new segment."""
        if nodes and after is None:
            nodes[0].starts = before is None or before.starts
            if before is not None:
                nodes[0].joined, before.starts, before.joined = before.joined, False, False
        last = after if before is None else before.preceding
        for node in nodes:
            self._link(node, last)
            last = node

    def _link(self, node: WordNode, preceding: WordNode | None) -> None:
        """Insert a node after another, or at the start."""
        following = self._first if preceding is None else preceding.following
        node.preceding, node.following = preceding, following
        if preceding is None:
            self._first = node
        else:
            preceding.following = node
        if following is None:
            self._last = node
        else:
            following.preceding = node
        if node.word.id is not None:
            self._by_id.setdefault(node.word.id, node)
        if self._by_time is not None:
            insort(self._by_time, (node.word.middle, node), key=itemgetter(0))

    def _unlink(self, node: WordNode) -> None:
        """Remove a node; if it begins a segment, the next one begins it instead."""
        node.live = False
        preceding, following = node.preceding, node.following
        if following is None:
            self._last = preceding
        else:
            following.preceding = preceding
            following.starts = following.starts or node.starts
        if preceding is None:
            self._first = following
        else:
            preceding.following = following

    def _times(self) -> list[tuple[Seconds, WordNode]]:
        """Return the middles of the words with their nodes, sorted; removed words may be among them."""
        if self._by_time is None:
            self._by_time = sorted(((node.word.middle, node) for node in self._nodes()), key=itemgetter(0))
        return self._by_time


def _unchanged(label: str) -> str:
    return label


def _with_speaker(node: WordNode, name_of: Callable[[str], str]) -> Word:
    """Return the word with its speaker after the edits; an assigned speaker has no score and the source "edit"."""
    word, speaker = node.word, None if node.label is None else name_of(node.label.text)
    if node.assigned:
        return word.attributed(speaker, None, "edit", word.overlap)
    if speaker == word.speaker:
        return word
    return word.attributed(speaker, word.speaker_score, word.speaker_source, word.overlap)


def _by_speaker(run: Sequence[tuple[WordNode, Word]]) -> Iterator[Segment]:
    """Split a segment where the speaker changes, if any of its words was assigned to a speaker."""
    if not any(node.assigned for node, _ in run):
        yield Segment(tuple(word for _, word in run))
        return
    words = [run[0][1]]
    for node, word in run[1:]:
        if word.speaker != words[-1].speaker and not node.joined:
            yield Segment(tuple(words))
            words = []
        words.append(word)
    yield Segment(tuple(words))
