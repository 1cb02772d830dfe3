"""`meetscribe train data`: make a data set from corrected transcripts and their recordings."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from meetscribe.cli.display import messages
from meetscribe.cli.display.run_progress import run_progress
from meetscribe.cli.display.tables import print_columns
from meetscribe.cli.options import general_options, json_option, progress_option
from meetscribe.cli.sections import MACHINE, OUTPUT, RECORDING, SCORING, WORDS, C, SectionedCommand, option
from meetscribe.training import data
from meetscribe.training.data import SPLITS, DataSettings, Sources
from meetscribe.training.data.omissions import EXPLANATIONS
from meetscribe.training.data.settings import SPLIT_BY
from meetscribe.transcript.display import clock

DEFAULTS = DataSettings()

EPILOG = """\b
Examples:
  meetscribe correct meeting.json --word 12:05 Viterbi
  meetscribe train data dataset meeting.json
  meetscribe train data dataset out --audio recordings --base openai/whisper-small
  meetscribe train data dataset out --split-by recording --dev 0.15 --test 0.15
  meetscribe train data dataset monday.json tuesday.json --test-from friday.json
  meetscribe train data dataset out --augment speed,noise,codec --copies 2
  meetscribe train data dataset subtitles.srt --audio film.mp4 --language de --dry-run

\b
The folder OUT:
  clips/          the audio, 16 kHz WAV, named after recording, channel and span
  manifest.jsonl  one line per clip: text, times of words and segments, speaker, split
  dataset.json    the printed summary: splits, omissions with reasons, settings

The text comes from the corrected transcript. Audio is omitted where several people speak at once, where words are
marked as doubtful and were not corrected, and where words have no exact times. Subtitles have no word times: add them
first with meetscribe align. If a speaker has a separate channel or file, the clips are cut from it.

The split dev selects the checkpoint, test measures the result; by default, neither shares a recording or a named person
with train. Name the speakers (meetscribe speakers rename), so that a person in two recordings is recognised as one. If
the same people are in all recordings, use --split-by recording.

Run the same command again to continue after an interruption, or to add later corrections.
"""


def _augmentations(ctx: click.Context, parameter: click.Parameter, text: str | None) -> tuple[str, ...]:
    """Return the names in the argument of --augment."""
    return tuple(name.strip() for name in text.split(",")) if text else ()


def _number(name: str, metavar: str, section: str, help: str) -> Callable[[C], C]:
    """Return the option for a number among the settings of a data set, with its default."""
    default = getattr(DEFAULTS, name)
    flag = "--" + name.replace("_", "-")
    return option(
        flag, metavar=metavar, type=type(default), default=default, show_default=True, section=section, help=help
    )


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("meetings", metavar="MEETING...", nargs=-1, required=True, type=click.Path())
@option(
    "--audio",
    metavar="PATH",
    type=click.Path(path_type=Path),
    section=RECORDING,
    help="The recording, or a folder of recordings.  [default: the path in the transcript, or beside it]",
)
@option(
    "--language", metavar="CODE", section=WORDS, help="Language of the recordings.  [default: from the transcripts]"
)
@option(
    "--base",
    metavar="MODEL",
    section=MACHINE,
    help="Model to train, a folder or a name; its tokenizer counts the tokens.  [default: an estimate]",
)
@_number("min_seconds", "SECONDS", WORDS, "Shortest clip.")
@_number("max_seconds", "SECONDS", WORDS, "Longest clip, at most 30.")
@_number("max_pause", "SECONDS", WORDS, "Longest pause within a clip.")
@_number(
    "timestamps", "SHARE", WORDS, "Share of the clips with timestamps; without any, the model forgets to predict them."
)
@_number("prompts", "SHARE", WORDS, "Share of the clips with the preceding text as a prompt.")
@option(
    "--augment",
    metavar="LIST",
    callback=_augmentations,
    section=WORDS,
    help="Add a changed copy of each training clip: any of speed, gain, noise, codec, separated by commas.",
)
@_number("copies", "N", WORDS, "Number of changed copies.")
@option(
    "--split-by",
    type=click.Choice(SPLIT_BY),
    default=DEFAULTS.split_by,
    show_default=True,
    section=SCORING,
    help="Unit that stays in one split: all recordings of a named person, a recording, or about a minute of one.",
)
@_number("dev", "SHARE", SCORING, "Share of the audio for selecting the checkpoint.")
@_number("test", "SHARE", SCORING, "Share of the audio for the final measurement.")
@option(
    "--dev-from",
    metavar="MEETING",
    type=click.Path(path_type=Path),
    multiple=True,
    section=SCORING,
    help="Transcript or folder for dev, in place of a share. Repeatable.",
)
@option(
    "--test-from",
    metavar="MEETING",
    type=click.Path(path_type=Path),
    multiple=True,
    section=SCORING,
    help="Transcript or folder for test, so that results over several data sets can be compared. Repeatable.",
)
@option(
    "--drop-shared",
    is_flag=True,
    section=SCORING,
    help="Omit training clips that share a sentence of five words or more with held-out clips, instead of stopping.",
)
@option("--seed", metavar="N", type=int, default=0, show_default=True, section=SCORING, help="Seed of random choices.")
@option("--dry-run", is_flag=True, section=OUTPUT, help="Print the summary without decoding or writing anything.")
@json_option
@progress_option
@general_options
def command(out: Path, meetings: Sequence[str], **given: Any) -> None:
    """Make training data in the folder OUT from corrected transcripts and their recordings.

    MEETING is a transcript in any format that meetscribe reads (see meetscribe formats), or a folder of transcripts.
    """
    settings = DataSettings(**{name: given[name] for name in _SETTINGS})
    sources = Sources(tuple(map(Path, meetings)), given["dev_from"], given["test_from"], given["audio"])
    if given["dry_run"]:
        summary = data.preview(sources, settings, base=given["base"])
    else:
        with run_progress(given, out) as progress:
            clips = partial(progress, "clips")
            summary = data.prepare(out, sources, settings, base=given["base"], progress=clips)
        messages.info(f"wrote {out}; its clips contain people's voices and words: train only with their consent")
    for notice in summary.notices:
        messages.warning(notice.text)
    if given["as_json"]:
        click.echo(json.dumps(summary.to_json(), ensure_ascii=False, indent=1))
    else:
        _print(summary)


_SETTINGS = (
    "min_seconds",
    "max_seconds",
    "max_pause",
    "timestamps",
    "prompts",
    "split_by",
    "dev",
    "test",
    "drop_shared",
    "augment",
    "copies",
    "seed",
    "language",
)
"""The options that are settings of the data set."""


def _print(summary: data.DataSummary) -> None:
    """Print the sizes of the splits, and the number of omitted words by reason."""
    rows = []
    for split in SPLITS:
        part = summary.splits[split]
        sizes = (str(part.examples), clock(part.seconds), str(part.words), str(len(part.recordings)))
        rows.append((split, *sizes, ", ".join(part.speakers)))
    print_columns(("split", "clips", "time", "words", "recordings", "speakers"), rows, right=(1, 2, 3, 4))
    if summary.left_out:
        click.echo()
        omitted = [(str(part.words), clock(part.seconds), EXPLANATIONS[part.reason]) for part in summary.left_out]
        print_columns(("words", "time", "left out because"), omitted, right=(0, 1))
