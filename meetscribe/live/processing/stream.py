"""One channel of a session: from samples to the drafts of its segments. It has no thread and reads no clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meetscribe.audio import SAMPLE_RATE
from meetscribe.live import events
from meetscribe.live.activity import Activity
from meetscribe.live.commit.cut_points import cut_at_committed, cut_full_window
from meetscribe.live.commit.loops import without_loop
from meetscribe.live.events import Draft
from meetscribe.live.processing.utterances import Utterances
from meetscribe.live.protocols import CommitPolicy, Decision, Hypothesis, Window
from meetscribe.live.settings import LiveSettings
from meetscribe.text.joining import join_words
from meetscribe.timeline import Seconds
from meetscribe.transcript import Word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_REMEMBERED = 60  # committed words
_LONGEST_WAIT: Seconds = 2.7
"""How long after its end a pending word waits for further speech, at most."""


class ChannelStream:
    """The state of one channel: its activity detector, its utterances and its commit policy.

    `speaker` is the label of its words if the channel determines it, `origin` the first sample that it receives.
    Windows must be accepted in their order.
    """

    def __init__(
        self,
        channel: int,
        settings: LiveSettings,
        activity: Activity,
        policy: CommitPolicy,
        speaker: str | None = None,
        *,
        origin: int = 0,
    ) -> None:
        self.channel = channel
        self.utterances = Utterances(channel, settings, origin)
        self.committed_until: Seconds = 0.0
        self._settings = settings
        self._activity = activity
        self._policy = policy
        self._speaker = speaker
        self._recent: tuple[Word, ...] = ()
        self._segment = ""  # the open one
        self._placed = 0  # committed words of the open segment
        self._shown = ""  # pending text of the open segment

    def add(self, samples: npt.NDArray[np.float32]) -> None:
        """Receive further samples `(n,)`."""
        self.utterances.add(self._activity.add(samples))

    def finish(self) -> None:
        """End the last utterance: no samples follow, or only those after a pause of the session."""
        self.utterances.add(self._activity.finish())
        self.utterances.interrupt()

    def next_window(self) -> Window | None:
        """Return the audio to recognise next, None if more is needed."""
        return self.utterances.next_window()

    def accept(self, window: Window, hypothesis: Hypothesis) -> tuple[list[Draft], tuple[Word, ...]]:
        """Return the drafts that follow from the hypothesis about a window, and the words that are committed."""
        decision = self._policy.decide(hypothesis)
        cut_at = None if window.final else self._cut_at(window, hypothesis, decision)
        words = decision.committed
        if cut_at is not None:
            forced = self._policy.cut(cut_at)
            words, decision = (*words, *forced.committed), forced
        words = self._remember(words)
        # The previous segment is still open if its last words waited for this window: they are committed in this one.
        drafts = [] if self._segment == window.segment else self._drafts(self._segment, (), (), True)
        if cut_at is None:
            drafts += self._uncut(window, words, decision.pending)
        else:
            drafts += self._drafts(window.segment, [word for word in words if word.start < cut_at], (), True)
            self.utterances.cut(window, cut_at)
            rest = [word for word in words if word.start >= cut_at]
            drafts += self._drafts(self.utterances.segment, rest, decision.pending, False)
        if hypothesis.doubtful or hypothesis.span.start > window.span.start:  # doubtful, or decoded without context
            self.utterances.forget()
        self.committed_until = max([self.committed_until, *(word.end for word in words[-1:])])
        return drafts, words

    def _uncut(self, window: Window, words: Sequence[Word], pending: Sequence[Word]) -> list[Draft]:
        """Return the drafts for a segment that is not cut; close a final one, unless its words wait for more speech."""
        held = window.provisional and bool(pending)
        closed = window.final and not held
        if closed:
            self.utterances.close(window)
        elif held:
            self.utterances.hold(self._held_until(window, pending[0]))
        return self._drafts(window.segment, words, pending, closed)

    @property
    def policy_lag(self) -> Seconds:
        """The seconds of recognised audio whose words are not final."""
        open_since = max(self.utterances.open_since / SAMPLE_RATE, self.committed_until)
        return max(0.0, self.utterances.decoded_until / SAMPLE_RATE - open_since)

    def _cut_at(self, window: Window, hypothesis: Hypothesis, decision: Decision) -> Seconds | None:
        """Return the time at which to cut a long or doubtful window; None if it may grow further.

        A doubtful window is cut so that the next one begins after a committed word. Without a suitable committed
        word, only a full window is cut.
        """
        if window.new.duration < self._settings.trim and not window.full and not hypothesis.doubtful:
            return None
        start = window.new.start
        inside = [word for word in (*self._recent, *decision.committed) if word.end > start]
        at = cut_at_committed(inside, decision.pending, start)
        if at is None and window.full:
            at = cut_full_window(hypothesis, start)
        return None if at is None else min(at, window.span.end)

    def _held_until(self, window: Window, first: Word) -> Seconds:
        """Return the time up to which the pending words of an utterance that has ended wait for further speech."""
        end = window.span.end
        return min(end + self._settings.hold, max(end, first.end + _LONGEST_WAIT))

    def _remember(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """Return the words to commit, without a loop, and remember them."""
        kept = without_loop(self._recent, words)
        self._recent = (*self._recent, *kept)[-_REMEMBERED:]
        return kept

    def _drafts(self, segment: str, words: Sequence[Word], pending: Sequence[Word], closed: bool) -> list[Draft]:
        """Return the commit and the pending text of a segment, each only if it changes something."""
        drafts: list[Draft] = []
        self._segment = segment
        if words or (closed and (self._placed or self._shown)):
            label = self._speaker
            labelled = [word.attributed(label, None, "channel", False) if label else word for word in words]
            drafts.append(events.commit(segment, self._placed, labelled, channel=self.channel, closed=closed))
            self._shown = ""  # a commit replaces the pending text
        text = join_words(word.text for word in pending)
        if text != self._shown:
            start, end = (pending[0].start, pending[-1].end) if text else (self.committed_until,) * 2
            drafts.append(events.partial(segment, text, start, max(start, end)))
        self._shown = "" if closed else text
        self._placed = 0 if closed else self._placed + len(words)
        return drafts
