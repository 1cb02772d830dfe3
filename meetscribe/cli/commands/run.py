"""`meetscribe run`: a recording to a transcript with speakers, on stdout and in files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from meetscribe.cli.batch import batch_flags, is_batch, process_many
from meetscribe.cli.display.run_progress import gauge, progress_flag
from meetscribe.cli.microphones import Make, for_microphones, maker, microphone_flags
from meetscribe.cli.names_file import names_flag
from meetscribe.cli.options import (
    FLAGS,
    SectionedCommand,
    SectionedOption,
    overrides,
    settings_flags,
    talk_flags,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from meetscribe.cli.display.run_progress import Gauge
    from meetscribe.transcript import Transcript

C = TypeVar("C", bound="Callable[..., Any]")

EPILOG = """\b
Examples:
  meetscribe run meeting.mp4
  meetscribe run interview.wav --speakers 2 -o out -f json,srt
  meetscribe run call.m4a --language de --vocabulary names.txt
  meetscribe run call.wav --channels split
  meetscribe run anna.wav ben.wav --per-speaker
  meetscribe run meeting.mp4 --dry-run
  meetscribe run recordings/ 'talks/*.mp3' -o out --jobs 2
  meetscribe run standup.flac --config samples/offline.toml --offline

Settings come from the flags, then from variables such as MEETSCRIBE_ASR__MODEL, then from --config or
./meetscribe.toml, then from the user's own file.
"""


def output_flags(formats: str) -> Callable[[C], C]:
    """A decorator that gives a command the options of what becomes of a transcript, by default in `formats`."""

    def decorate(command: C) -> C:
        for option in reversed(_output_options(formats)):
            command = option(command)
        return command

    return decorate


def _output_options(formats: str) -> list[Callable[[C], C]]:
    """The options of what becomes of a transcript."""
    return [
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            metavar="DIR",
            default=".",
            cls=SectionedOption,
            help="the folder for the files, made if need be  [default: the current one]",
        ),
        click.option(
            "-f",
            "--formats",
            "names",
            metavar="LIST",
            default=formats,
            cls=SectionedOption,
            show_default=True,
            help="the formats to write, with commas",
        ),
        click.option(
            "--overwrite",
            is_flag=True,
            cls=SectionedOption,
            help="replace files even if meetscribe did not write them",
        ),
        click.option(
            "--dry-run",
            is_flag=True,
            cls=SectionedOption,
            help="only say what would be done, with which models, workers and threads, and why",
        ),
    ]


@click.command(cls=SectionedCommand, epilog=EPILOG, context_settings={"max_content_width": 100})
@click.argument("recordings", nargs=-1, type=click.Path(), metavar="RECORDING...")
@settings_flags(FLAGS)
@names_flag
@microphone_flags
@output_flags("json,txt,srt,vtt,csv,rttm")
@batch_flags
@progress_flag
@talk_flags
def command(recordings: tuple[str, ...], **given: Any) -> None:
    """Write down who said what, and when, in RECORDING (any common audio or video file).

    The transcript is printed on stdout and written into files named after the recording. Of several recordings, of
    folders and of patterns the names of the files are printed; what is done already is left out.
    """
    if not recordings and not given["listed"]:
        raise click.UsageError("Missing argument 'RECORDING...'.")
    if (make := maker(recordings, given)) is not None:
        process(recordings, given, make)
    elif is_batch(recordings, given):
        if given["people"]:
            raise click.UsageError("--names is for one recording: name the speakers of each by meetscribe speakers.")
        process_many(recordings, given)
    else:
        process(recordings, given)


def process(
    recordings: Sequence[str],
    given: Mapping[str, Any],
    make: Make | None = None,
    fixed: Mapping[str, object] | None = None,
) -> None:
    """Do what a command was `given` to do with a recording; settings in `fixed`, by name, are as they say.

    `make` makes the transcript, if it is not the pipeline, of all recordings; files are named after the first.
    """
    from meetscribe import pipeline
    from meetscribe.cli import names_file
    from meetscribe.cli.display import dry_run
    from meetscribe.errors import IncompleteRunError, InputError
    from meetscribe.formats import parse_names
    from meetscribe.publishing import destinations
    from meetscribe.settings import load_settings

    recording = recordings[0]
    if "-" in recordings:
        raise InputError("a recording cannot be read from a pipe yet", "Save it to a file, and give its path.")
    names = parse_names(given["names"])
    settings = load_settings(given["config"], {**overrides(given), **(fixed or {})})
    people = names_file.read_names(given.get("people"))
    for one in recordings:
        pipeline.require_recording(one)
    if given["dry_run"]:
        settings = settings if make is None else for_microphones(settings)
        dry_run.tell(recordings, settings, destinations.files(Path(recording), given["output"], names))
        return
    files = destinations.targets(Path(recording), given["output"], names, given["overwrite"])
    with gauge(given, recording, settings.run.cache, foreseen=make is None) as shown:
        if make is None:
            opened = pipeline.Session(settings).open(recording)
            shown.length = lambda: opened.duration
            make = partial(pipeline.run, opened)
        try:
            transcript = make(settings, progress=shown)
        except IncompleteRunError as error:
            _deliver(error.transcript, files, people, given["quiet"], shown)
            raise
        _deliver(transcript, files, people, given["quiet"], shown)


def _deliver(
    transcript: Transcript, files: Mapping[str, Path], people: Mapping[str, str], quiet: bool, shown: Gauge
) -> None:
    """Write the files, print the transcript on stdout, and its warnings and what was written on stderr.

    What was corrected in a transcript that is there goes on, then `people` get their names. What can be written is,
    before it raises: IncompleteError if a file is missing, OutputError if all are.
    """
    from meetscribe.cli.display import messages
    from meetscribe.errors import IncompleteError
    from meetscribe.publishing import destinations
    from meetscribe.transcript.editing import name_speakers

    shown.rest()
    transcript = name_speakers(destinations.corrected(transcript, files), people)
    written, failed = destinations.write_all(transcript, files)
    shown.outputs = tuple(str(path.absolute()) for path in written)
    if transcript.segments:
        click.echo(str(transcript))
    for warning in transcript.meta.warnings:
        messages.say(warning, "warning")
    if not quiet:
        messages.findings(transcript.meta.findings)
        for file in written:
            messages.say(f"wrote {file}")
    if failed and not written:
        raise failed[0]
    if failed:
        raise IncompleteError(
            "\n".join(error.message for error in failed),
            "The other files were written; so was the text above.",
        )
