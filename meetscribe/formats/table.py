"""The table of formats: what each is called, carries and loses; what is done with it is in converting."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a transcript down, in the module of its name; what is imported only when it is used.

    `suffixes` name it on a file, the first one where we name the file; no two formats share one. It `keeps_edits`
    if it holds the evidence and, apart from it, what people corrected; the others show what came of it. `package` is
    what it imports besides meetscribe's own dependencies, and `distribution` what pip installs for it.
    """

    name: str
    suffixes: tuple[str, ...]
    carries: str
    loses: str
    writes: bool = True
    reads: bool = False
    keeps_edits: bool = False
    distribution: str | None = None
    package: str | None = None

    @property
    def module(self) -> Any:
        """The module that has `write`, and `read` and `matches`."""
        return import_module(f"meetscribe.formats.{self.name}")


FORMATS: dict[str, Format] = {
    format.name: format
    for format in (
        Format(
            name="json",
            suffixes=(".json",),
            carries="everything: words, times, scores, speakers, turns, names and other edits, warnings, settings",
            loses="nothing",
            reads=True,
            keeps_edits=True,
        ),
        Format(
            name="txt",
            suffixes=(".txt",),
            carries="a line per utterance with its start, speaker and text, or as a template lays it out",
            loses="ends, times of words, scores, overlapping turns",
            reads=True,
        ),
        Format(
            name="md",
            suffixes=(".md",),
            carries="Markdown with front matter: a paragraph per speaker with its start",
            loses="ends, times of words, scores, overlapping turns",
            reads=True,
        ),
        Format(
            name="html",
            suffixes=(
                ".html",
                ".htm",
            ),
            carries="a page without scripts, a block per speaker in a colour, an anchor with times at every sentence",
            loses="times of words, scores, turns",
        ),
        Format(
            name="docx",
            suffixes=(".docx",),
            carries="a Word document: a paragraph per speaker with its start, to edit",
            loses="ends, times of words, scores, overlapping turns",
            distribution="python-docx",
            package="docx",
        ),
        Format(
            name="qda",
            suffixes=(".qda.txt",),
            carries="paragraphs with times as MAXQDA, ATLAS.ti or NVivo import them",
            loses="times of words, scores, overlapping turns",
        ),
        Format(
            name="srt",
            suffixes=(".srt",),
            carries="subtitles of at most 2 lines, the speaker named where it changes",
            loses="segments, times of words, scores, overlapping turns",
            reads=True,
        ),
        Format(
            name="vtt",
            suffixes=(".vtt",),
            carries="subtitles of at most 2 lines, each with its speaker as a voice, and the language",
            loses="segments, times of words, scores, overlapping turns",
            reads=True,
        ),
        Format(
            name="ass",
            suffixes=(".ass",),
            carries="subtitles, each speaker a style and an actor; words highlighted if asked for",
            loses="segments, thousandths of seconds, scores, overlapping turns",
            reads=True,
        ),
        Format(
            name="ttml",
            suffixes=(".ttml",),
            carries="TTML as DAPT writes it: an event per utterance, with its speaker as agent",
            loses="times of words, scores, turns",
        ),
        Format(
            name="csv",
            suffixes=(".csv",),
            carries="a row per segment (or word) with start, end, speaker and text, safe to open in a spreadsheet",
            loses="scores, overlapping turns; times of words, unless asked for",
            reads=True,
        ),
        Format(
            name="tsv",
            suffixes=(".tsv",),
            carries="Whisper's table in milliseconds, with the speaker as a fourth column",
            loses="scores, overlapping turns; times of words, unless asked for",
            reads=True,
        ),
        Format(
            name="jsonl",
            suffixes=(".jsonl",),
            carries="an object per segment with all of its words, the language and the recording",
            loses="labels of speakers (their names stay), times of characters, turns",
            reads=True,
        ),
        Format(
            name="parquet",
            suffixes=(".parquet",),
            carries="a row per word with all that is known of it, the name of who said it, and all of the transcript",
            loses="nothing",
            reads=True,
            keeps_edits=True,
            distribution="pyarrow",
            package="pyarrow",
        ),
        Format(
            name="rttm",
            suffixes=(".rttm",),
            carries="who speaks when, overlaps included",
            loses="text, words, scores, spaces in names",
            reads=True,
        ),
        Format(
            name="ctm",
            suffixes=(".ctm",),
            carries="a word to the line with times and probability, the speaker as the channel",
            loses="segments, spaces in names and words, turns",
            reads=True,
        ),
        Format(
            name="stm",
            suffixes=(".stm",),
            carries="a line per utterance with speaker, start, end and text",
            loses="times of words, scores, turns",
            reads=True,
        ),
        Format(
            name="seglst",
            suffixes=(".seglst.json",),
            carries="an object per utterance with session, speaker, start, end and text",
            loses="language, times of words, scores, turns",
            reads=True,
        ),
        Format(
            name="uem",
            suffixes=(".uem",),
            carries="the recording's length, as what is to be scored",
            loses="all else, speakers too",
            reads=True,
        ),
        Format(
            name="textgrid",
            suffixes=(".TextGrid",),
            carries="Praat's TextGrid: a tier per speaker, another of its words",
            loses="language, where one speaker overlaps itself, scores, turns",
            reads=True,
        ),
        Format(
            name="eaf",
            suffixes=(".eaf",),
            carries="ELAN's annotations: a tier per speaker, under it one of its words",
            loses="language, where one speaker overlaps itself, scores, turns",
            reads=True,
        ),
        Format(
            name="chat",
            suffixes=(".cha",),
            carries="CHAT of TalkBank: utterances with speakers and times, tiers of words with times",
            loses="scores, turns; punctuation stands in a comment",
        ),
        Format(
            name="audacity",
            suffixes=(".labels.txt",),
            carries="Audacity's labels: start, end, name and text of each utterance",
            loses="language, times of words, scores, turns",
            reads=True,
        ),
        Format(
            name="whisper",
            suffixes=(".whisper.json",),
            carries="Whisper's JSON: segments, words with times and probabilities; speakers as further members",
            loses="where times come from, scores of alignment, overlaps, turns",
            reads=True,
        ),
        Format(
            name="whisperx",
            suffixes=(".whisperx.json",),
            carries="whisperX's JSON: segments, words with times and scores, speakers of both",
            loses="where times come from, probabilities, overlaps, turns",
            reads=True,
        ),
        Format(
            name="verbose_json",
            suffixes=(".verbose.json",),
            carries="OpenAI's verbose_json: segments, words with times; speakers as further members",
            loses="where times come from, scores, overlaps, turns",
            reads=True,
        ),
        Format(
            name="diarized_json",
            suffixes=(".diarized.json",),
            carries="OpenAI's diarized_json: an object per utterance with speaker, start, end and text",
            loses="language, times of words, scores, turns",
            reads=True,
        ),
        Format(
            name="whisper_cpp",
            suffixes=(".whispercpp.json",),
            carries="whisper.cpp's JSON: segments, words put together of tokens with times and probabilities",
            loses="what is not speech: parameters, identities of tokens",
            writes=False,
            reads=True,
        ),
        Format(
            name="transformers",
            suffixes=(".transformers.json",),
            carries="what Transformers' pipeline returns: chunks or words with times, speakers where they were added",
            loses="the language, which it does not say",
            writes=False,
            reads=True,
        ),
        Format(
            name="deepgram",
            suffixes=(".deepgram.json",),
            carries="Deepgram's JSON: words with times, confidence and speakers or channels",
            loses="what is not speech: topics, summaries",
            writes=False,
            reads=True,
        ),
        Format(
            name="assemblyai",
            suffixes=(".assemblyai.json",),
            carries="AssemblyAI's JSON: words with times, confidence and speakers",
            loses="what is not speech: chapters, sentiment, entities",
            writes=False,
            reads=True,
        ),
        Format(
            name="pyannoteai",
            suffixes=(".pyannoteai.json",),
            carries="pyannoteAI's JSON: turns, those of one speaker at a time, and words where they were asked for",
            loses="confidence, voiceprints",
            writes=False,
            reads=True,
        ),
        Format(
            name="podcast",
            suffixes=(".podcast.json",),
            carries="the podcast namespace's transcript: an object per utterance with speaker, start, end and text",
            loses="language, times of words, scores, turns",
            reads=True,
        ),
        Format(
            name="chapters",
            suffixes=(".chapters.json",),
            carries="the podcast namespace's chapters, cut at long pauses, titled with who speaks and the first words",
            loses="all else; `chapters.read_chapters` reads them",
        ),
    )
}
