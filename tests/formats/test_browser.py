"""Our pages and subtitles in a real browser, if one is installed: voices appear, and no hostile text runs."""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from meetscribe.formats import write
from meetscribe.formats.parts.cues import find_style, make_cues
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.formats.goldens import awkward

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

HOSTILE = (
    "<script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    '"><svg onload="document.title=\'run\'">',
    "</style><script>document.title='run'</script>",
    "javascript:document.title='run'",
)

PLAYER = """<!DOCTYPE html><video><track default kind="captions" src="data:text/vtt;base64,{data}"></video><pre></pre>
<script>
const track = document.querySelector("track");
track.track.mode = "showing";
track.onload = () => {{
  const cues = [...track.track.cues].map(cue => {{
    const shown = cue.getCueAsHTML();
    return [cue.startTime, cue.endTime, [...shown.querySelectorAll("span[title]")].map(span => span.title),
            shown.textContent];
  }});
  document.querySelector("pre").textContent = JSON.stringify(cues);
}};
</script>"""


def dom(page: str, folder: Path) -> str:
    """Return the document of a page after its scripts ran."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", "--dump-dom"]
    command = [str(BROWSER), *flags, f"--user-data-dir={folder / 'profile'}", f"file://{folder / 'page.html'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_track(vtt: bytes, folder: Path) -> list[Any]:
    """Return the cues of WebVTT in a real `<track>`: start, end, voices, text."""
    made = re.search(r"<pre>(.+?)</pre>", dom(PLAYER.format(data=base64.b64encode(vtt).decode()), folder), re.DOTALL)
    assert made, "the browser took the file for no subtitles"
    cues: list[Any] = json.loads(html.unescape(made[1]))
    return cues


@pytest.mark.parametrize("highlight", [False, True])
def test_tracks_show_the_voices(tmp_path: Path, highlight: bool) -> None:
    """Every cue of the awkward transcript is in the track with its times, its voice and its text."""
    shown = in_track(write(awkward(), "vtt", highlight=highlight, colors=True), tmp_path)
    # A track is in order of starts, of two at one time the longer before.
    cues = sorted(make_cues(awkward(), find_style("netflix")), key=lambda cue: (cue.start_ms, -cue.end_ms))
    assert [(round(start * 1000), round(end * 1000)) for start, end, *_ in shown] == [
        (cue.start_ms, cue.end_ms) for cue in cues
    ]
    assert [voices for _, _, voices, _ in shown] == [[cue.name] if cue.name else [] for cue in cues]
    assert [text.split() for *_, text in shown] == ["\n".join(cue.parts[0].texts()).split() for cue in cues]


def test_nothing_hostile_runs(tmp_path: Path) -> None:
    """Scripts in names, words and the recording's name are shown as text; none runs."""
    segments = [Segment((Word(text, place, place + 1, speaker=text),)) for place, text in enumerate(HOSTILE)]
    transcript = Transcript(tuple(segments), Meta("en", 9))
    page = dom(write(transcript, "html").decode(), tmp_path)
    assert "<title>Transcript</title>" in page
    assert not re.search(r"<(script|img|svg)", page)
    assert all(html.escape(text, quote=False) in page for text in HOSTILE)
    shown = in_track(write(transcript, "vtt", colors=True), tmp_path)
    assert [voices for _, _, voices, _ in shown] == [[text] for text in HOSTILE]
