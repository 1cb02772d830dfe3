"""The evaluation page in a real browser: a click seeks, and no hostile text runs as a script."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
import shutil
import subprocess
import wave
from pathlib import Path

import pytest

from meetscribe.evaluation import EvaluationSettings, score
from meetscribe.report.evaluation_page import Comparison, make_evaluation_page
from meetscribe.transcript import Meta, Segment, Transcript, Word

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOSTILE = (
    "<script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    '"><svg onload="document.title=\'run\'">',
    "</style><script>document.title='run'</script>",
)
CLICK = """<script>
const audio = document.querySelector("audio");
const report = (what) => { document.querySelector("footer").textContent = what; };
audio.addEventListener("loadedmetadata", () => {
  document.querySelectorAll(".p")[2].click();
  report(`at ${audio.currentTime.toFixed(2)}`);
});
</script>"""


def transcript_of(texts: list[str], speakers: str) -> Transcript:
    words = [
        Word(text, place, place + 0.5, speaker=who)
        for place, (text, who) in enumerate(zip(texts, speakers, strict=True))
    ]
    return Transcript(tuple(Segment((word,)) for word in words), Meta("en", float(len(words))))


def page(reference: Transcript, hypothesis: Transcript, name: str = "meeting", audio_url: str | None = None) -> str:
    scores = score(reference=reference, hypothesis=hypothesis)
    return make_evaluation_page([Comparison(name, reference, hypothesis, scores, audio_url)], EvaluationSettings())


def dom(text: str, folder: Path) -> str:
    """Return the document after its scripts ran."""
    (folder / "page.html").write_text(text, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--timeout=4000", "--dump-dom"]
    command = [str(BROWSER), *flags, f"--user-data-dir={folder / 'profile'}", f"file://{folder / 'page.html'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def silence(seconds: int) -> str:
    """Return a silent recording as a data URL."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000 * seconds))
    return f"data:audio/wav;base64,{base64.b64encode(data.getvalue()).decode()}"


def test_page_loads_nothing() -> None:
    """The policy allows the page's own style and script by their hashes, and no address is outside the page."""
    made = page(transcript_of(["yes"], "A"), transcript_of(["no"], "1"))
    assert "default-src 'none'" in made
    for kind in ("style", "script"):
        own = re.findall(f"<{kind}>(.*?)</{kind}>", made, re.DOTALL)
        assert len(own) == 1
        digest = base64.b64encode(hashlib.sha256(own[0].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in made
    assert not re.search(r'(?:src|href)="?https?:', made)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_hostile_text_does_not_run(tmp_path: Path) -> None:
    """Scripts in words, speaker names and the recording's name are shown as text; only the page's own script runs."""
    texts = [text.replace(" ", "\u00a0") for text in HOSTILE]
    words = tuple(Word(text, place, place + 1, speaker=HOSTILE[place]) for place, text in enumerate(texts))
    transcript = Transcript((Segment(words),), Meta("en", 9))
    shown = dom(page(transcript, transcript, HOSTILE[0]), tmp_path)
    assert f"<title>Errors in {html.escape(HOSTILE[0], quote=False)}</title>" in shown
    assert not re.search(r"<(img|svg onload)", shown)
    assert len(re.findall("<script", shown)) == 1
    injected = page(transcript, transcript).replace("</footer>", "</footer><script>document.title='run'</script>")
    assert "<title>run</title>" not in dom(injected, tmp_path)  # the policy blocks it even without escaping


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_click_on_a_word_seeks(tmp_path: Path) -> None:
    """A click on a word moves the player to the word's start."""
    made = page(
        transcript_of(["so", "it", "is"], "AAA"), transcript_of(["so", "it", "was"], "111"), audio_url=silence(5)
    )
    watched = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", made)  # so that the test's script may run
    shown = dom(watched.replace("</body>", f"{CLICK}</body>"), tmp_path)
    assert re.search(r"<footer>at 2\.0", shown)
