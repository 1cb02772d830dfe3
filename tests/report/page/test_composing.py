"""The markup of the page; tests/report/test_browser.py opens it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import meetscribe
from meetscribe.markup.page import source_hash
from meetscribe.minutes import minutes_by_rules
from meetscribe.report import Sound, make_report, minutes_to_html, to_html
from meetscribe.report.page.timeline import window_length
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word
from tests.report.meetings import HOSTILE, hostile_meeting, meeting

VOID = {"meta", "input", "br", "link", "img"}


class Tree(HTMLParser):
    """Collects elements and ids, and fails for an element that is not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page_of(transcript: Transcript, sound: Sound | None = None) -> str:
    minutes = meetscribe.minutes(transcript, meetscribe.stats(transcript).topics)
    return to_html(make_report(transcript, minutes), sound)


@pytest.mark.parametrize(
    "transcript", [meeting(), meeting(repeat=40), hostile_meeting()], ids=["short", "long", "hostile"]
)
def test_the_page_is_well_formed(transcript: Transcript) -> None:
    """Elements are closed in order, ids are unique, and every link leads to an id of the page."""
    tree = Tree(page_of(transcript, Sound("talk.mp3", "talk.mp3")))
    assert len(tree.ids) == len(set(tree.ids))
    assert {link.removeprefix("#") for link in tree.links} <= set(tree.ids)
    assert not {"img", "iframe", "object", "link", "base", "form"} & (tree.tags - {"form"})
    assert not {name for name in tree.attributes if name.startswith("on") or name == "style"}


def test_the_policy_allows_only_the_page_itself() -> None:
    """Style and script are allowed by their hashes; the sound only as it is given."""
    for sound, media in (
        (None, ""),
        (Sound("a.mp3", "a.mp3"), "media-src 'self' file:"),
        (Sound("data:audio/webm;base64,AA", "a.mp3", 25), "media-src data:"),
    ):
        page = page_of(meeting(), sound)
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
        (style,), (script,) = (re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("style", "script"))
        parts = policy.split("; ")
        assert parts[0] == "default-src 'none'"
        assert {f"style-src {source_hash(style)}", f"script-src {source_hash(script)}"} <= set(parts)
        assert [part for part in parts if part.startswith("media-src")] == ([media] if media else [])
        assert not re.search(r"https?://", page)


def test_the_times_and_places_of_words_can_be_decoded() -> None:
    """The first number is a start in hundredths of a second, the others differences; without spaces, offsets follow."""
    words = tuple(
        Word(text, 1.25 + place / 2, 2 + place / 2, speaker="A") for place, text in enumerate("我们 用 AI 。".split())
    )
    page = page_of(Transcript((Segment(words),), Meta("zh", 5)))
    assert 'lang="zh"' in page
    assert '<p dir="auto" data-w="125 50 50 50" data-o="0 2 4 6">我们用 AI。</p>' in page
    assert 'data-w="0 50 50' in page_of(meeting())
    assert "data-o=" not in page_of(meeting()).partition("<script>")[0]


def test_doubtful_words_are_marked() -> None:
    page = page_of(meeting())
    assert "Who <u>will</u> write the report" in page
    assert '<p class="why">doubtful words: the same words are repeated</p>' in page
    assert "<h2>Passages to check</h2>" in page


def test_citations_lead_to_their_words() -> None:
    """The link of a citation has its time and the place of the quote in the paragraph."""
    page = page_of(meeting())
    target, start, end = re.findall(r'href="#(p\d+)" data-t="[\d.]+" data-q="(\d+) (\d+)"', page)[0]
    (text,) = re.findall(rf'<li id="{target}".*?data-w="[^"]*">(.*?)</p>', page, re.DOTALL)
    quote = re.sub("<.*?>", "", text)[int(start) : int(end)]
    assert quote in page.partition('id="transcript"')[0].replace("<q>", "")


def test_parts_without_contents_are_left_out() -> None:
    """Turns alone have no transcript; words without speakers no timeline; no minutes, no section of them."""
    turns = to_html(make_report(Transcript((), Meta("en", 10, turns=(Turn(0, 4, "A"), Turn(4, 10, "B"))))))
    assert 'id="timeline"' in turns
    assert 'id="transcript"' not in turns.replace('href="#transcript"', "")
    silent = meeting().with_segments(
        Segment(tuple(replace(word, speaker=None) for word in one.words)) for one in meeting().segments
    )
    page = to_html(make_report(silent))
    assert 'id="timeline"' not in page
    assert "Unknown speaker" in page
    assert 'id="minutes"' not in page
    for made in (turns, page):
        Tree(made)


def test_nothing_scales_with_the_length_but_the_transcript() -> None:
    """Images are limited by their width, so that a long meeting makes a small page."""
    short, long = (to_html(make_report(meeting(repeat=count))) for count in (200, 800))
    lanes = [page.partition('id="timeline"')[2].partition("</section>")[0] for page in (short, long)]
    assert len(lanes[1]) < 2.5 * len(lanes[0])
    assert len(long.encode()) < 5 * len(short.encode())


def test_windows_are_round_and_few() -> None:
    for hours in (0.01, 0.5, 1, 3, 12, 100):
        assert 3600 * hours / window_length(3600 * hours) <= 60


def test_minutes_as_a_page() -> None:
    """The page of minutes alone has no script; its times link to the recording."""
    transcript = meeting().with_meta(recording=RecordingFile("talks/a b.mp4"))
    minutes = minutes_by_rules(transcript, meetscribe.stats(transcript).topics)
    page = minutes_to_html(minutes, transcript)
    tree = Tree(page)
    assert "script" not in tree.tags
    assert "a%20b.mp4#t=" in tree.links[0]
    assert "20 November 2026, 10:00" in page
    titles = ("Summary", "Decisions", "Actions")
    assert sorted(titles, key=page.index) == list(titles)  # in the order of the Markdown
    for title in titles:
        assert f">{title}<" in page
    assert "Compiled by rules from the whole transcript." in page
    hostile = hostile_meeting()
    made = minutes_to_html(minutes_by_rules(hostile), hostile, f'"><script>{HOSTILE[0]}')
    assert "<script" not in made


@pytest.mark.parametrize(
    ("sound", "place"),
    [
        (Sound("a%20b.wav", "a b.wav"), "a b.wav is beside this file, and must stay there"),
        (Sound("../a%20b.wav", "a b.wav"), "a b.wav is at ../a b.wav, relative to this file, and must stay there"),
        (Sound("file:///d/a.wav", "a.wav"), "a.wav is at file:///d/a.wav, and must stay there"),
        (Sound("data:audio/webm;base64,AAAA", "a.wav", 2_000_000), "a.wav is in this file, 2.0 MB"),
    ],
)
def test_the_footer_states_where_the_sound_is(sound: Sound, place: str) -> None:
    assert f"The sound of {place}." in page_of(meeting(), sound)
