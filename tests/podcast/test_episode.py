"""Episodes: speakers, given chapters, the length of the audio, and notices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.episode import EpisodeOptions, make_episode
from meetscribe.podcast.settings import PodcastSettings
from meetscribe.podcast.shifts import Shift
from meetscribe.transcript import RecordingFile
from tests.podcast.episodes import episode

SETTINGS = PodcastSettings(60.0, 300.0)


def test_speakers_by_talk_time() -> None:
    """Shares sum to 1; roles come from the hosts, whatever the case of letters."""
    made = make_episode(episode(speakers=("Anna", "Ben", "Anna")), EpisodeOptions(PodcastSettings(hosts=("ANNA",))))
    assert [(one.name, one.role, one.is_named) for one in made.speakers] == [
        ("Anna", "host", True),
        ("Ben", "guest", True),
    ]
    assert sum(one.share for one in made.speakers) == pytest.approx(1) and made.speakers[0].share > 0.6
    assert made.notices == ()


def test_the_summary_quotes_what_was_said() -> None:
    made = make_episode(episode())
    said = {(segment.start, segment.speaker, segment.text) for segment in made.transcript.segments}
    assert made.summary and all((one.start, one.speaker, one.text) in said for one in made.summary)


def test_labels_are_reported() -> None:
    made = make_episode(episode(speakers=("SPEAKER_01", "SPEAKER_00", "Eve")))
    assert [(one.code, one.data) for one in made.notices] == [
        ("podcast.unnamed-speakers", {"speakers": ["SPEAKER_00", "SPEAKER_01"]})
    ]


def test_hosts_who_do_not_speak_make_nobody_a_guest() -> None:
    made = make_episode(episode(), EpisodeOptions(PodcastSettings(hosts=("Clara",))))
    assert [one.role for one in made.speakers] == [None, None]
    assert [(one.code, one.data) for one in made.notices] == [("podcast.no-host", {"hosts": ["Clara"]})]


def test_given_chapters_are_used() -> None:
    """They are put in order and completed, and shifted with the transcript if they were made without the shifts."""
    given = (Chapter(60.0, "Two", 70.0), Chapter(0.0, ""))
    assert make_episode(episode(), EpisodeOptions(chapters=given)).chapters == (
        Chapter(0.0, "Chapter 1", 60.0),
        Chapter(60.0, "Two", 70.0),
    )
    shifts = (Shift(20.0, -15.0),)
    whole = make_episode(episode(), EpisodeOptions(SETTINGS))
    cut = make_episode(episode(), EpisodeOptions(SETTINGS, shifts))
    moved = make_episode(episode(), EpisodeOptions(SETTINGS, shifts, chapters=whole.chapters))
    again = make_episode(episode(), EpisodeOptions(SETTINGS, shifts, chapters=cut.chapters))
    starts = [chapter.start for chapter in cut.chapters]
    assert [[chapter.start for chapter in made.chapters] for made in (moved, again)] == [starts, starts]
    assert moved.notices == again.notices == ()


def test_cut_adverts_move_chapters() -> None:
    """After a cut in the first topic, chapters begin earlier by its length, and text within it is gone."""
    talk = episode()
    whole = make_episode(talk, EpisodeOptions(SETTINGS))
    cut = make_episode(talk, EpisodeOptions(SETTINGS, (Shift(20.0, -15.0),), duration=talk.duration - 15))
    starts = [chapter.start for chapter in whole.chapters]
    assert [chapter.start for chapter in cut.chapters] == [0.0, *(pytest.approx(start - 15) for start in starts[1:])]
    assert cut.duration == pytest.approx(talk.duration - 15) and cut.notices == ()
    assert len(cut.transcript.words) < len(whole.transcript.words)


def test_a_transcript_that_is_longer_than_the_audio() -> None:
    """Everything ends with the audio, and the notice names both lengths."""
    talk = episode()
    made = make_episode(talk, EpisodeOptions(SETTINGS, duration=200.0))
    assert made.duration == 200.0 and made.chapters[-1].end == 200.0
    assert max(word.end for word in made.transcript.words) <= 200.0
    understated = make_episode(talk.with_meta(duration=150.0), EpisodeOptions(SETTINGS, duration=200.0))
    assert understated.transcript.words == made.transcript.words, "words may end after the stated duration"
    (notice,) = made.notices
    assert notice.code == "podcast.other-length" and notice.data["audio"] == 200.0
    longer = make_episode(talk, EpisodeOptions(SETTINGS, duration=talk.duration + 60))
    (notice,) = longer.notices
    assert "was something inserted (--shift)?" in notice.text
    captions = make_episode(
        talk.with_meta(recording=None, title="Captions"), EpisodeOptions(duration=talk.duration + 60)
    )
    assert captions.notices == () and longer.chapters[-1].end == longer.duration


@pytest.mark.parametrize(
    ("title", "recording", "expected"),
    [
        ("Given", "x.mp3", "Given"),
        (None, "folder/one.two.mp3", "one.two"),
        (None, "plain", "plain"),
        (None, None, "Episode"),
    ],
)
def test_titles(title: str | None, recording: str | None, expected: str) -> None:
    talk = episode(sentences=2)
    talk = talk.with_meta(title=title, recording=RecordingFile(recording) if recording else None)
    assert make_episode(talk).title == expected


def test_an_empty_transcript() -> None:
    made = make_episode(replace(episode(), segments=()))
    assert not any([made.chapters, made.speakers, made.summary, made.links])
