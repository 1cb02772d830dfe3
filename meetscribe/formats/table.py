"""The table of formats: names, suffixes, their contents and losses, media types, optional packages."""

from __future__ import annotations

from meetscribe.formats.protocol import Format, FormatTable

_JSON = "application/json"


def _json_of(service: str, carries: str, loses: str) -> Format:
    """Return the row of the JSON of a service or program, which is only read."""
    return Format(service, (f".{service}.json",), carries, loses, _JSON)


FORMATS = FormatTable(
    (
        Format(
            "json",
            (".json",),
            carries="everything: words, times, scores, speakers, turns, names and other edits, notices, provenance",
            loses="nothing",
            media_type=_JSON,
            keeps_edits=True,
        ),
        Format(
            "txt",
            (".txt",),
            carries="a line per utterance with start, speaker and text, or the lines of a template",
            loses="language, ends, word times, scores, turns",
        ),
        Format(
            "md",
            (".md",),
            carries="Markdown with title, date and speakers as front matter: a paragraph per speaker with its start",
            loses="ends, word times, scores, turns",
            media_type="text/markdown",
        ),
        Format(
            "html",
            (".html", ".htm"),
            carries="a page without scripts: a coloured block per paragraph, an anchor with times at every sentence",
            loses="word times, scores, turns",
            media_type="text/html",
        ),
        Format(
            "docx",
            (".docx",),
            carries="an editable Word document: a paragraph per speaker with its start",
            loses="language, ends, word times, scores, turns",
            media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            package="docx",
            distribution="python-docx",
        ),
        Format(
            "qda",
            (".qda.txt",),
            carries="paragraphs with times in the layouts of MAXQDA, ATLAS.ti and NVivo",
            loses="language, word times, scores, turns; ends, except for NVivo",
        ),
        Format(
            "srt",
            (".srt",),
            carries="subtitles of at most 2 lines, with the speaker's name where it changes",
            loses="language, segments, word times, scores, turns",
            media_type="application/x-subrip",
        ),
        Format(
            "vtt",
            (".vtt",),
            carries="subtitles of at most 2 lines, each with its speaker as a voice span, the language, title and date",
            loses="segments, word times, scores, turns",
            media_type="text/vtt",
        ),
        Format(
            "ass",
            (".ass",),
            carries="subtitles with a style and an actor per speaker; words highlighted on request",
            loses="language, segments, word times, milliseconds, scores, turns",
            media_type="text/x-ssa",
        ),
        Format(
            "ttml",
            (".ttml", ".dfxp"),
            carries="TTML in the DAPT profile: an event per utterance, with its speaker as agent",
            loses="word times, scores, turns",
            media_type="application/ttml+xml",
        ),
        Format(
            "sbv",
            (".sbv",),
            carries="YouTube's subtitles: cues with start, end and text, with names before the text",
            loses="language, word times",
        ),
        Format(
            "json3",
            (".json3",),
            carries="YouTube's captions as JSON: cues with times, starts of words",
            loses="confidence, positions and styles",
            media_type=_JSON,
        ),
        Format(
            "srv3",
            (".srv3", ".srv2", ".srv1"),
            carries="YouTube's captions as XML, in all three versions: cues with times, starts of words",
            loses="confidence, positions and styles",
            media_type="application/xml",
        ),
        Format(
            "csv",
            (".csv",),
            carries="a row per segment or word with start, end, speaker and text, safe to open in a spreadsheet",
            loses="language, scores, turns; word times, unless rows are words",
            media_type="text/csv",
        ),
        Format(
            "tsv",
            (".tsv",),
            carries="Whisper's table in milliseconds, with the speaker as a fourth column",
            loses="language, scores, turns; word times, unless rows are words",
            media_type="text/tab-separated-values",
        ),
        Format(
            "jsonl",
            (".jsonl",),
            carries="an object per segment with all its words, the language and the recording",
            loses="speaker labels (names are kept), character times, turns",
            media_type="application/jsonl",
        ),
        Format(
            "parquet",
            (".parquet",),
            carries="a row per word with all its fields and the speaker's name; the rest of the transcript as metadata",
            loses="nothing",
            media_type="application/vnd.apache.parquet",
            keeps_edits=True,
            package="pyarrow",
            distribution="pyarrow",
        ),
        Format(
            "rttm",
            (".rttm",),
            carries="speaker turns, including overlaps",
            loses="language, text, words, scores, spaces in names",
        ),
        Format(
            "ctm",
            (".ctm",),
            carries="a word per line with times and probability, the speaker as the channel",
            loses="language, segments, alignment scores, spaces in names and words, turns",
        ),
        Format(
            "stm",
            (".stm",),
            carries="a line per utterance with speaker, start, end and text",
            loses="language, word times, scores, turns",
        ),
        Format(
            "seglst",
            (".seglst.json",),
            carries="an object per utterance with session, speaker, start, end and text",
            loses="language, word times, scores, turns",
            media_type=_JSON,
        ),
        Format(
            "uem",
            (".uem",),
            carries="the whole recording as the region to score",
            loses="everything else, including speakers",
        ),
        Format(
            "textgrid",
            (".TextGrid",),
            carries="Praat's TextGrid: a tier per speaker and a tier of each speaker's words",
            loses="language, overlaps of a speaker with itself, scores, turns",
        ),
        Format(
            "eaf",
            (".eaf",),
            carries="ELAN's annotations: a tier per speaker, with a tier of its words below",
            loses="language, overlaps of a speaker with itself, scores, turns",
            media_type="application/xml",
        ),
        Format(
            "chat",
            (".cha",),
            carries="TalkBank's CHAT: utterances with speakers and times, tiers of timed words",
            loses="scores, turns; punctuation is kept in comments only",
        ),
        Format(
            "audacity",
            (".labels.txt",),
            carries="Audacity's labels: start, end, speaker and text of each utterance",
            loses="language, word times, scores, turns",
        ),
        Format(
            "whisper",
            (".whisper.json",),
            carries="Whisper's JSON: segments, words with times and probabilities, speakers as additional members",
            loses="timing sources, alignment scores, overlap flags, turns",
            media_type=_JSON,
        ),
        Format(
            "whisperx",
            (".whisperx.json",),
            carries="whisperX's JSON: segments and words with times, scores and speakers, and characters with times",
            loses="timing sources, probabilities, overlap flags, turns",
            media_type=_JSON,
        ),
        Format(
            "verbose_json",
            (".verbose.json",),
            carries="OpenAI's verbose_json: segments and words with times, speakers as additional members",
            loses="timing sources, scores, overlap flags, turns",
            media_type=_JSON,
        ),
        Format(
            "diarized_json",
            (".diarized.json",),
            carries="OpenAI's diarized_json: an object per utterance with speaker, start, end and text",
            loses="language, word times, scores, turns",
            media_type=_JSON,
        ),
        Format(
            "whisper_cpp",
            (".whispercpp.json",),
            carries="whisper.cpp's JSON: segments, and words joined from tokens with times and probabilities",
            loses="parameters, token identities",
            media_type=_JSON,
        ),
        _json_of(
            "transformers",
            carries="output of Transformers' pipeline: chunks or words with times, and speakers if present",
            loses="language, which is not in the file",
        ),
        _json_of(
            "deepgram",
            carries="Deepgram's JSON: words with times, confidence, and speakers or channels",
            loses="topics, summaries and other analysis",
        ),
        _json_of(
            "assemblyai",
            carries="AssemblyAI's JSON: words with times, confidence and speakers",
            loses="chapters, sentiment, entities and other analysis",
        ),
        _json_of(
            "aws",
            carries="AWS Transcribe's JSON: words with times, confidence, and speakers or channels",
            loses="alternatives, redactions and other analysis",
        ),
        _json_of(
            "revai",
            carries="Rev AI's JSON: words with times, confidence and speakers",
            loses="topics, sentiment and other analysis",
        ),
        _json_of(
            "fireflies",
            carries="Fireflies' JSON: sentences with times and speakers, title",
            loses="word times; summaries, filters and other analysis",
        ),
        _json_of(
            "dote", carries="DOTE's JSON: lines with times and speakers", loses="word times; layout and other members"
        ),
        _json_of(
            "pyannoteai",
            carries="pyannoteAI's JSON: turns, exclusive turns, and words if present",
            loses="confidence, voiceprints",
        ),
        Format(
            "word_list",
            (".words.json",),
            carries="a list of words with times and speakers in JSON, as in reference files; turns if present",
            loses="everything else",
            media_type=_JSON,
        ),
        Format(
            "podcast",
            (".podcast.json",),
            carries="the podcast namespace's transcript: an object per utterance with speaker, start, end and text",
            loses="language, word times, scores, turns",
            media_type=_JSON,
        ),
        Format(
            "chapters",
            (".chapters.json",),
            carries="the podcast namespace's chapters, divided at long pauses, titled with speaker and first words",
            loses="everything else; `chapters.read_chapters` reads the file",
            media_type="application/json+chapters",
            file_names=("chapters.json",),
        ),
    )
)
"""All formats, by name: the built-in ones, then those that other packages add."""
