"""`meetscribe run`: transcription with speakers, of one recording or many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import click

from meetscribe import pipeline
from meetscribe.cli.batch import batch_options, is_batch, process_batch, requires_batch
from meetscribe.cli.cluster import cluster_options
from meetscribe.cli.display import messages
from meetscribe.cli.display.run_progress import RunProgress, run_progress
from meetscribe.cli.flags import FLAGS, format_options_from, settings_flags, settings_from
from meetscribe.cli.library import add_to_library_option, library_of_run
from meetscribe.cli.locations import output_folder
from meetscribe.cli.options import (
    STDIN,
    STDOUT,
    corrections_option,
    general_options,
    meeting_options,
    microphone_options,
    names_option,
    output_options,
    progress_option,
)
from meetscribe.cli.sections import SectionedCommand
from meetscribe.cli.transcripts import apply_meeting_options, check_printable, print_format
from meetscribe.errors import IncompleteError, IncompleteRunError, InputError
from meetscribe.formats import parse_names
from meetscribe.formats.parts.options import FormatOptions
from meetscribe.profiles.suggestions import without_settled_suggestions
from meetscribe.publishing import destinations
from meetscribe.publishing.corrections import carry_corrections
from meetscribe.publishing.speaker_names import read_speaker_names
from meetscribe.publishing.vocabulary_files import read_optional_vocabulary
from meetscribe.settings import Settings
from meetscribe.text.counting import counted
from meetscribe.transcript import Transcript
from meetscribe.transcript.edits.operations import name_speakers
from meetscribe.transcript.vocabulary.application import Vocabulary, apply_vocabulary

EPILOG = """\b
Examples:
  meetscribe run meeting.mp4
  meetscribe run interview.wav --speakers 2 -o out -f json,srt --set srt.names=always
  meetscribe run call.m4a --language de --vocabulary names.txt --corrections corrections.toml
  meetscribe run call.wav --channels split
  meetscribe run anna.wav ben.wav --per-speaker
  meetscribe run meeting.mp4 --dry-run
  meetscribe run recordings/ 'talks/*.mp3' -o out --jobs 2
  meetscribe run 's3://bucket/talks/*.mp3' -o s3://bucket/out
  meetscribe run /archive -o /archive/out --executor ray --address auto --jobs 16 --gpu-jobs 4
  meetscribe run standup.flac --config samples/offline.toml --offline

Settings are taken from the flags, from variables such as MEETSCRIBE_ASR__MODEL, from --config or ./meetscribe.toml,
and from the user's own file, in this order of precedence.
"""


class Run(Protocol):
    """A function that transcribes the recordings bound to it."""

    def __call__(
        self, settings: Settings | None = None, *, progress: pipeline.StageProgress | None = None
    ) -> Transcript:
        """Return the transcript, as `pipeline.run` does."""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("recordings", nargs=-1, type=click.Path(), metavar="RECORDING...")
@settings_flags(FLAGS)
@meeting_options
@corrections_option
@names_option
@microphone_options
@output_options("json,txt,srt,vtt,csv,rttm", folder=output_folder)
@add_to_library_option
@batch_options
@cluster_options
@progress_option
@general_options
def command(recordings: tuple[str, ...], **given: Any) -> None:
    """Transcribe RECORDING and label the speakers.

    RECORDING is an audio or video file, its address (s3://, gs://), or the folder of a live session. The transcript is
    printed on stdout and written to files named after the recording.

    With several recordings (except with --per-speaker), another folder, a pattern, an address (of a recording or of the
    output folder), or a batch option such as --manifest that differs from its default, the names of the files written
    are printed instead, and recordings that are already done are skipped. --per-speaker and --channels split exclude
    all of these.
    """
    if not recordings and not given["listed"]:
        raise click.UsageError("Missing argument 'RECORDING...'.")
    if (run := _microphone_run(recordings, given)) is not None:
        process(recordings, given, run)
    elif is_batch(recordings, given):
        _check_batch(given)
        process_batch(recordings, given)
    else:
        process(recordings, given)


def process(recordings: Sequence[str], given: Mapping[str, Any], run: Run | None = None, **fixed: object) -> None:
    """Transcribe a recording with the options in `given`; `fixed` overrides settings (table__key=value).

    With one microphone per speaker, `run` replaces `pipeline.run` (see `_microphone_run`). Files are named after the
    first recording.
    """
    _check_recordings(recordings)
    settings, outputs = settings_from(given, **fixed), _plan_outputs(Path(recordings[0]), given)
    names = read_speaker_names(given.get("names_file"))
    vocabulary = read_optional_vocabulary(given.get("corrections_file"))
    if given["dry_run"]:
        from meetscribe.cli.display import dry_run  # imports the pipeline with its libraries

        settings = settings if run is None else _microphone_settings(settings)
        dry_run.print_plan(recordings, settings, outputs.files)
        return
    if outputs.printed is None:
        destinations.prepare_outputs(Path(recordings[0]), given["output"], list(outputs.files), given["overwrite"])
    with (
        library_of_run(given) as add_to_library,
        run_progress(given, recordings[0], cached=settings.run.cache, predictable=run is None) as progress,
    ):
        transcript, incomplete = _transcribe(recordings[0], run, settings, progress)
        progress.stop()
        transcript = _corrected(apply_meeting_options(transcript, given), outputs, vocabulary, given["quiet"])
        _publish(without_settled_suggestions(name_speakers(transcript, names)), outputs, given["quiet"], progress)
        add_to_library(progress.outputs)
        if incomplete is not None:
            raise incomplete


def _check_recordings(recordings: Sequence[str]) -> None:
    """Raise InputError for a recording that does not exist, or that comes from a pipe."""
    if STDIN in recordings:
        raise InputError("recordings cannot be read from a pipe", "Save the recording to a file and give its path.")
    for recording in recordings:
        pipeline.require_recording(recording)


def _corrected(transcript: Transcript, outputs: _Outputs, vocabulary: Vocabulary, quiet: bool) -> Transcript:
    """Return the transcript with the corrections of earlier files and of a vocabulary.

    Prints the number of corrections that the vocabulary made.
    """
    transcript = carry_corrections(transcript, outputs.files) if outputs.files else transcript
    corrected = apply_vocabulary(transcript, vocabulary)
    count = len(corrected.meta.edits) - len(transcript.meta.edits)
    if vocabulary.rows and not quiet:
        messages.info(f"{counted(count, 'correction')} from {vocabulary.name}")
    return corrected


@dataclass(frozen=True, slots=True)
class _Outputs:
    """The files to write and the options of their formats, or the format to print on stdout."""

    files: Mapping[str, Path]
    options: FormatOptions
    printed: str | None


def _plan_outputs(recording: Path, given: Mapping[str, Any]) -> _Outputs:
    """Return the files to write, or the format to print with `-o -`.

    Raises SettingsError for an invalid format or option, UsageError for a format that cannot be printed.
    """
    formats = parse_names(given["formats"])
    options = format_options_from(given, formats)
    if str(given["output"]) != STDOUT:
        return _Outputs(destinations.output_files(recording, given["output"], formats), options, None)
    check_printable(formats)
    return _Outputs({}, options, formats[0])


def _transcribe(
    recording: str, run: Run | None, settings: Settings, progress: RunProgress
) -> tuple[Transcript, IncompleteRunError | None]:
    """Return the transcript, and the error if a stage after transcription failed."""
    if run is None:
        opened = pipeline.Session(settings).open(recording)
        progress.duration = lambda: opened.duration
        run = partial(pipeline.run, opened)
    try:
        return run(settings, progress=progress), None
    except IncompleteRunError as error:
        return error.transcript, error


def _publish(transcript: Transcript, outputs: _Outputs, quiet: bool, progress: RunProgress) -> None:
    """Write the files, print the transcript on stdout and its notices on stderr.

    Raises IncompleteError if some files could not be written, and OutputError if none could.
    """
    written, failed = destinations.write_files(transcript, outputs.files, outputs.options)
    progress.outputs = tuple(str(path.absolute()) for path in written)
    if outputs.printed is not None:
        print_format(transcript, outputs.printed, outputs.options)
    elif transcript.segments:
        click.echo(str(transcript))
    for notice in transcript.meta.notices:
        messages.warning(notice.text)
    if not quiet:
        messages.print_findings(transcript.meta.findings)
        for file in written:
            messages.info(f"wrote {file}")
    if failed and not written:
        raise failed[0]
    if failed:
        raise IncompleteError(
            "\n".join(error.message for error in failed),
            "The transcript was printed, and the other files were written.",
        )


def _check_batch(given: Mapping[str, Any]) -> None:
    """Raise UsageError for options that apply to a single recording."""
    if str(given["output"]) == STDOUT:
        raise click.UsageError("-o - requires a single recording. Choose a folder.")
    if given["names_file"]:
        raise click.UsageError("--names requires a single recording. Use meetscribe speakers rename instead.")
    for name in ("title", "date"):
        if given[name] is not None:
            raise click.UsageError(f"--{name} requires a single recording.")


def _microphone_run(recordings: Sequence[str], given: Mapping[str, Any]) -> Run | None:
    """Return the function for one microphone per speaker; None without --channels split or --per-speaker.

    Raises UsageError for options that exclude each other.
    """
    split = given["channels"] == "split"
    if given["per_speaker"] and split:
        raise click.UsageError("--per-speaker and --channels split cannot be combined.")
    if (given["per_speaker"] or split) and requires_batch(recordings, given):
        flag = "--channels split" if split else "--per-speaker"
        raise click.UsageError(f"{flag} takes files, no folder, pattern or address, and no batch option.")
    if given["per_speaker"]:
        return partial(pipeline.run_speakers, recordings)
    if split and len(recordings) > 1:
        raise click.UsageError("--channels split requires a single recording.")
    if split:
        return partial(pipeline.run_channels, recordings[0])
    if given["speakers_each"] is not None:
        raise click.UsageError("--speakers-each requires --channels split or --per-speaker.")
    return None


def _microphone_settings(settings: Settings) -> Settings:
    """Return the settings of each microphone: diarization is skipped if none is shared."""
    enabled = settings.diarization.enabled and any(
        number != 1 for number in settings.diarization.speakers_per_microphone
    )
    return replace(settings, diarization=replace(settings.diarization, enabled=enabled))
