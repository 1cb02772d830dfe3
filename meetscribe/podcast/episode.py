"""An episode: its transcript, chapters, speakers and summary, made from a transcript."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from meetscribe.analytics import stats
from meetscribe.analytics.statistics import is_automatic
from meetscribe.errors import JSON, EndpointError, Notice
from meetscribe.formats.chapters import Chapter
from meetscribe.minutes.citations import WordIndex
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.llm.endpoint import Endpoint
from meetscribe.minutes.llm.redaction import redactions
from meetscribe.minutes.summary import summarize
from meetscribe.podcast.chapters import divide, fit_chapters, key_titles, model_titles, with_titles
from meetscribe.podcast.links import Link, links_in
from meetscribe.podcast.settings import PodcastSettings
from meetscribe.podcast.shifts import Shift, shift_transcript
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript

_SLACK: Seconds = 1.0  # tolerated difference between the lengths of transcript and audio


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker: name or label, share of the talk time from 0 to 1, and "host" or "guest"; None if no host speaks."""

    name: str
    share: float
    role: str | None = None

    @property
    def is_named(self) -> bool:
        """Whether `name` is a name rather than a diarizer's label."""
        return not is_automatic(self.name)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the summary: its start, its speaker (None if unknown), and its text."""

    start: Seconds
    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode in the times of the published audio, with the edits of the transcript applied.

    Computed chapters cover all of it; given chapters may begin later and have gaps.
    """

    title: str
    transcript: Transcript
    chapters: tuple[Chapter, ...]
    speakers: tuple[Speaker, ...]
    summary: tuple[Quote, ...] = ()
    links: tuple[Link, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def duration(self) -> Seconds:
        """The length of the episode in seconds."""
        return self.transcript.duration

    @property
    def listed_chapters(self) -> tuple[Chapter, ...]:
        """The chapters without hidden ones (`"toc": false`), each of which continues the chapter before it."""
        listed: list[Chapter] = []
        for chapter in self.chapters:
            if chapter.is_listed:
                listed.append(chapter)
            elif listed and listed[-1].end == chapter.start:
                listed[-1] = replace(listed[-1], end=chapter.end)
        return tuple(listed)


@dataclass(frozen=True, slots=True)
class EpisodeOptions:
    """The options of an episode.

    `shifts` move the times of the transcript to those of the published audio, whose length is `duration` (None: that of
    the transcript). `chapters` replace the computed ones; they are shifted too if they end with the transcript,
    otherwise their times are those of the published audio. `endpoint` is the language model that writes the titles;
    without one, titles are key terms. `progress` receives the number of the chapter being titled, from 1, and the
    number of chapters. With `redact`, the model receives pseudonyms for names.
    """

    settings: PodcastSettings = PodcastSettings()
    shifts: tuple[Shift, ...] = ()
    duration: Seconds | None = None
    chapters: tuple[Chapter, ...] | None = None
    endpoint: Endpoint | None = None
    progress: Callable[[int, int], None] = lambda number, of: None
    redact: bool = False


def make_episode(transcript: Transcript, options: EpisodeOptions | None = None) -> Episode:
    """Return the episode of a transcript; no model is used unless `options` name one.

    The title is that of the transcript, or the name of its recording. Notices report unnamed speakers, chapters that
    the model did not title, given chapters that begin after the end or were not shifted, and a length that differs from
    that of the audio. Raises SettingsError for contradictory shifts.
    """
    options = options or EpisodeOptions()
    transcript = transcript.edited()
    transcribed = _length(transcript)
    transcript = shift_transcript(transcript, options.shifts) if options.shifts else transcript
    transcript, notices = _fitted(transcript, options.duration, bool(options.shifts))
    if options.chapters is None:
        chapters, more = _chapters(transcript, options)
    else:
        chapters, more = fit_chapters(options.chapters, transcribed, options.shifts, transcript.duration)
    speakers = _speakers(transcript, options.settings.hosts)
    return Episode(
        title=_title(transcript),
        transcript=transcript,
        chapters=chapters,
        speakers=speakers,
        summary=_summary(transcript),
        links=links_in(transcript),
        notices=(*notices, *more, *_hosts_missing(speakers, options.settings.hosts), *_unnamed(speakers)),
    )


def _fitted(
    transcript: Transcript, duration: Seconds | None, is_shifted: bool
) -> tuple[Transcript, tuple[Notice, ...]]:
    """Return the transcript cut to the length of the audio, and a notice if the lengths differ."""
    length = _length(transcript)
    if duration is None:
        return transcript.with_meta(duration=length), ()
    notices = _other_length(transcript, duration, is_shifted)
    if length > duration:
        transcript = shift_transcript(transcript, [Shift(duration, duration - length)])
    return transcript.with_meta(duration=duration), notices


def _length(transcript: Transcript) -> Seconds:
    """Return the end of the transcript: that of its recording, or of its last word if that is later."""
    return max([transcript.duration, *(segment.end for segment in transcript.segments)])


def _other_length(transcript: Transcript, duration: Seconds, is_shifted: bool) -> tuple[Notice, ...]:
    """Return a notice if words lie beyond the end of the audio, or if the audio is longer.

    Caption files do not state the length of their recording, so longer audio is normal for them.
    """
    last = max((segment.end for segment in transcript.segments), default=0.0)
    length = _length(transcript)
    if last > duration + _SLACK:
        length, change = last, "removed"
    elif duration > length + _SLACK and (is_shifted or transcript.recording is not None):
        change = "inserted"
    else:
        return ()
    shifted = " with its shifts" if is_shifted else ""
    text = f"the transcript{shifted} lasts {length:.0f} s and the audio {duration:.0f} s"
    question = "are the values of --shift right?" if is_shifted else f"was something {change} (--shift)?"
    data: dict[str, JSON] = {"transcript": round(length, 3), "audio": round(duration, 3)}
    return (Notice("podcast.other-length", f"{text}; {question}", data),)


def _chapters(transcript: Transcript, options: EpisodeOptions) -> tuple[tuple[Chapter, ...], tuple[Notice, ...]]:
    """Return chapters with titles, and a notice for those that the language model failed to title."""
    passages = divide(transcript, options.settings)
    titles = key_titles(transcript, passages)
    if options.endpoint is None:
        return with_titles(transcript, passages, titles), ()
    reason = "the model gave no title that the words support"
    by_model: Sequence[str | None]
    try:
        names = redactions(Dialogue(transcript)) if options.redact else {}
        by_model = model_titles(transcript, passages, options.endpoint, options.progress, names)
    except EndpointError as error:
        by_model, reason = [None] * len(passages), error.message
    missing = sum(title is None for title in by_model)
    text = f"the titles of {missing} of {len(passages)} chapters are key terms: {reason}"
    notices = (Notice("podcast.key-titles", text, {"chapters": missing, "of": len(passages)}),) if missing else ()
    chosen = [title or key_title for title, key_title in zip(by_model, titles, strict=True)]
    return with_titles(transcript, passages, chosen), notices


def _speakers(transcript: Transcript, hosts: Sequence[str]) -> tuple[Speaker, ...]:
    """Return the speakers by talk time, longest first; the case of hosts' names is ignored."""
    known = {host.casefold() for host in hosts}
    known = known if known & {name.casefold() for name in transcript.speakers} else set()
    rows = sorted(stats(transcript).speakers, key=lambda row: -row.talk_time_s)
    return tuple(Speaker(row.speaker, row.talk_share or 0.0, _role(row.speaker, known)) for row in rows)


def _role(name: str, hosts: set[str]) -> str | None:
    """Return "host" or "guest"; None if no host speaks."""
    if not hosts:
        return None
    return "host" if name.casefold() in hosts else "guest"


def _summary(transcript: Transcript) -> tuple[Quote, ...]:
    """Return the most central sentences, in order."""
    dialogue = Dialogue(transcript)
    index = WordIndex(dialogue.transcript.words)
    quotes = ((index.start(citation), index.speaker(citation), citation.quote) for citation in summarize(dialogue))
    return tuple(Quote(start or 0.0, speaker, text) for start, speaker, text in quotes)


def _hosts_missing(speakers: Sequence[Speaker], hosts: Sequence[str]) -> tuple[Notice, ...]:
    """Return a notice if no host speaks, because then no roles are assigned."""
    if not hosts or not speakers or any(speaker.role for speaker in speakers):
        return ()
    names = ", ".join(speaker.name for speaker in speakers)
    text = f"no roles are assigned, because no speaker is named {' or '.join(hosts)} (speakers: {names})"
    return (Notice("podcast.no-host", text, {"hosts": list(hosts)}),)


def _unnamed(speakers: Sequence[Speaker]) -> tuple[Notice, ...]:
    """Return a notice for speakers with labels in place of names."""
    labels = sorted(speaker.name for speaker in speakers if not speaker.is_named)
    if not labels:
        return ()
    text = f"no names are known for {', '.join(labels)}: give them with --names or meetscribe speakers rename"
    return (Notice("podcast.unnamed-speakers", text, {"speakers": list(labels)}),)


def _title(transcript: Transcript) -> str:
    """Return the title of the transcript, or its recording's name without the suffix, or "Episode"."""
    name = transcript.recording.name if transcript.recording else ""
    return transcript.meta.title or name.rpartition(".")[0] or name or "Episode"
