"""OpenAI's contract, used by its own client."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from meetscribe.settings import load_settings
from tests.conftest import SAMPLES
from tests.server.running import BAD, SILENT, RunningServer, local_settings, running_server, sample_clip

if TYPE_CHECKING:
    import openai
else:
    openai = pytest.importorskip("openai")


@pytest.fixture
def client(server: RunningServer) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="any", max_retries=0)


SOUND = ("talk.wav", b"sound")


def test_formats(client: openai.OpenAI, server: RunningServer) -> None:
    """Each format is parsed into the client's own class; the request leaves no job behind."""
    before = len(server.client.get("/api/jobs").json()["jobs"])
    create = client.audio.transcriptions.create
    plain = create(model="whisper-1", file=SOUND)
    assert create(model="whisper-1", file=SOUND, response_format="text").strip() == plain.text
    diarized = create(model="gpt-4o-transcribe-diarize", file=SOUND, response_format="diarized_json")
    assert len({segment.speaker for segment in diarized.segments}) == 2
    verbose = create(
        model="whisper-1", file=SOUND, response_format="verbose_json", timestamp_granularities=["word", "segment"]
    )
    assert verbose.words and verbose.segments
    assert verbose.words[0].start < verbose.words[0].end <= verbose.duration
    assert create(model="whisper-1", file=SOUND, response_format="vtt").startswith("WEBVTT")
    assert "-->" in create(model="whisper-1", file=SOUND, response_format="srt")
    with pytest.warns(DeprecationWarning):
        assert client.audio.translations.create(model="whisper-1", file=SOUND).text
    assert len(server.client.get("/api/jobs").json()["jobs"]) == before


def test_words_only_on_request(client: openai.OpenAI) -> None:
    verbose = client.audio.transcriptions.create(model="whisper-1", file=SOUND, response_format="verbose_json")
    assert verbose.segments and not verbose.words


def test_a_stream_of_deltas(client: openai.OpenAI) -> None:
    """The deltas joined are the whole text."""
    events = list(client.audio.transcriptions.create(model="whisper-1", file=SOUND, stream=True))
    done = events[-1]
    assert done.type == "transcript.text.done"
    assert "".join(event.delta for event in events if event.type == "transcript.text.delta") == done.text


def test_models(client: openai.OpenAI) -> None:
    assert "small" in [model.id for model in client.models.list()]
    assert client.models.retrieve("small").id == "small"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("large")


def test_errors(client: openai.OpenAI) -> None:
    """The client raises its own errors, with our message and remedy: it shows no other member of an error."""
    with pytest.raises(openai.BadRequestError, match=r"does not offer the model 'large'\. Choose one of: "):
        client.audio.transcriptions.create(model="large", file=SOUND)
    with pytest.raises(openai.BadRequestError, match="is not a recording that can be read"):
        client.audio.transcriptions.create(model="whisper-1", file=("talk.wav", BAD))
    with pytest.raises(
        openai.APIStatusError, match=r"too large\. The limit is 1 MB \(server\.max_upload_mb\)"
    ) as raised:
        client.audio.transcriptions.create(model="whisper-1", file=("talk.wav", bytes(14_000_000)))
    assert raised.value.status_code == 413


def test_silence_has_an_empty_text(client: openai.OpenAI) -> None:
    """As with OpenAI, a recording without speech is no error."""
    create = client.audio.transcriptions.create
    assert create(model="whisper-1", file=("talk.wav", SILENT)).text == ""
    verbose = create(model="whisper-1", file=("talk.wav", SILENT), response_format="verbose_json")
    assert verbose.text == "" and not verbose.segments
    assert create(model="whisper-1", file=("talk.wav", SILENT), response_format="vtt").startswith("WEBVTT")


def test_references_that_are_no_audio(client: openai.OpenAI) -> None:
    """The server loads no address, and explains what to send."""
    with pytest.raises(openai.BadRequestError, match="not a data URL"):
        client.audio.transcriptions.create(
            model="gpt-4o-transcribe-diarize",
            file=SOUND,
            response_format="diarized_json",
            known_speaker_names=["agent"],
            known_speaker_references=["https://example.org/agent.wav"],
        )


@pytest.mark.long
def test_known_speakers_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Voices of another meeting name those of the stand-up; the server keeps neither samples nor voiceprints."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    references = {"Robert": sample_clip("planning", 171.7, 5), "Sally": sample_clip("planning", 181.6, 5)}
    urls = ["data:audio/wav;base64," + base64.b64encode(data).decode() for data in references.values()]
    settings = load_settings(SAMPLES / "offline.toml")
    with running_server(local_settings(tmp_path / "server"), settings, None) as server:
        found = openai.OpenAI(base_url=f"{server.url}/v1", api_key="any").audio.transcriptions.create(
            model="gpt-4o-transcribe-diarize",
            file=("talk.wav", sample_clip("standup", 0, 45)),
            response_format="diarized_json",
            known_speaker_names=list(references),
            known_speaker_references=urls,
        )
        assert not list((tmp_path / "server" / "jobs").iterdir())
    said = {name: " ".join(one.text for one in found.segments if one.speaker == name) for name in references}
    assert "subscription" in said["Sally"] and "fifty percent" in said["Robert"]
    strangers = {one.speaker for one in found.segments} - set(references)
    assert len(strangers) == 1 and strangers < {"SPEAKER_00", "SPEAKER_01", "SPEAKER_02"}
    assert not (tmp_path / "data").exists()
