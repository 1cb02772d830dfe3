"""`meetscribe live`: words and speakers while people talk, then the final transcript of the pipeline."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from meetscribe.cli.commands.live import clients
from meetscribe.cli.commands.live.recording import run_source
from meetscribe.cli.display import messages
from meetscribe.cli.flags import FLAGS, extract_table, format_options_from, settings_flags, settings_from
from meetscribe.cli.options import (
    STDIN,
    STDOUT,
    folder_only_option,
    general_options,
    json_option,
    output_options,
    progress_option,
)
from meetscribe.cli.sections import OUTPUT, RECORDING, SPEAKERS, WORDS, SectionedCommand, option
from meetscribe.formats import parse_names
from meetscribe.publishing import destinations

if TYPE_CHECKING:
    from meetscribe.live.protocols import Source
    from meetscribe.live.running import RunOptions
    from meetscribe.settings import Settings

EPILOG = """\b
Examples:
  meetscribe live                                     # the default microphone
  meetscribe live --microphone usb --language de
  meetscribe live talk.wav                            # in real time; --speed 0 as fast as the machine can
  ffmpeg -i URL -f wav - | meetscribe live -
  meetscribe live call.wav --channel-speakers me,them
  meetscribe live --listen 127.0.0.1:43007            # for clients of whisper_streaming
  meetscribe live --resume talk-2026-11-27-0805

\b
While it runs, type a command and Enter:
  rename SPEAKER NAME    mark [TEXT]    pause    resume    stop
Ctrl-C stops: all words are committed and written, then the pipeline makes the final transcript. A second Ctrl-C
skips that. The audio is saved in the session folder from the start; meetscribe run FOLDER transcribes it again.

Settings of utterances, windows and commits are in the table [live] of a settings file: --set live.min_silence=0.8
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("source", required=False, type=click.Path())
@option("--microphone", metavar="NAME", section=RECORDING, help="Microphone: its number, its name or a part of it.")
@option("--list-microphones", is_flag=True, section=RECORDING, help="List the microphones and exit.")
@option(
    "--listen",
    metavar="HOST:PORT",
    section=RECORDING,
    help="Receive 16-bit PCM at 16 kHz over TCP and answer with lines of text, one client at a time. The final "
    "transcripts are made while no client is connected.",
)
@option(
    "--speed",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    section=RECORDING,
    help="Speed of a file: 1 is real time, 0 as fast as the machine can.",
)
@option(
    "--rate", type=int, default=16_000, show_default=True, section=RECORDING, help="Rate of raw PCM on stdin, in Hz."
)
@option("--pcm-channels", type=click.IntRange(1, 8), default=1, section=RECORDING, help="Channels of raw PCM on stdin.")
@option("--resume", type=click.Path(path_type=Path), metavar="FOLDER", section=RECORDING, help="Continue a session.")
@option("--title", metavar="TEXT", section=RECORDING, help="Title of the meeting.")
@option(
    "--channel-speakers",
    metavar="LABELS",
    default="",
    section=SPEAKERS,
    help="Labels of the channels, such as me,them. A channel may contain several people.",
)
@option("--step", type=float, section=WORDS, help="Recognise again after this many seconds of new audio.  [default: 1]")
@option(
    "--context",
    type=int,
    section=WORDS,
    help="Characters of earlier text given to the model.  [default: 200, or 0 if vad.max_chunk is under 15 s]",
)
@option("--no-refine", is_flag=True, section=OUTPUT, help="Skip the pipeline at the end; keep the live transcript.")
@option(
    "--no-record", is_flag=True, section=OUTPUT, help="Do not keep the audio; the session cannot be refined or resumed."
)
@json_option
@settings_flags(FLAGS)
@output_options("json,txt,srt,vtt,csv,rttm", dry_run=False, folder=folder_only_option)
@progress_option
@general_options
def command(source: str | None, **given: Any) -> None:
    """Transcribe SOURCE live: a microphone, a file, or - for standard input.

    Words appear about a second after they are spoken, speakers a little later. SRT and VTT files are written
    continuously, the other formats at the end. --json prints the events as JSON Lines.
    """
    from meetscribe.live import running  # imports the models' libraries
    from meetscribe.live.settings import load_live_settings

    if given["list_microphones"]:
        _print_microphones(given["as_json"])
        return
    _check(source, given)
    chosen, given = extract_table("live", given)
    settings = settings_from(given)
    chosen |= {name: str(given[name]) for name in ("step", "context") if given[name] is not None}
    live = load_live_settings(settings, given["config"], chosen)
    # Open the source before loading the models, so that a wrong name fails at once; standard input may send data later.
    listener = clients.listen(given["listen"]) if given["listen"] else None
    opened = None if listener or source == STDIN else _open(source, given, settings)
    messages.info("loading the models…")
    models = running.load_models(settings, live)
    if listener is not None:
        clients.serve(listener, models, given, lambda name: _options(settings, live, name, given))
        return
    opened = opened or _open(source, given, settings)
    run_source(_options(settings, live, opened.name, given), models, opened, given)


def _check(source: str | None, given: Mapping[str, Any]) -> None:
    """Raise UsageError for options that exclude each other."""
    if sum(bool(each) for each in (source, given["microphone"], given["listen"])) > 1:
        raise click.UsageError("Give one of SOURCE, --microphone and --listen.")
    if given["resume"] and given["no_record"]:
        raise click.UsageError("--resume continues a recording, which --no-record excludes.")
    if str(given["output"]) == STDOUT:
        raise click.UsageError("-o is a folder here; --json prints the events on stdout.")


def _open(source: str | None, given: Mapping[str, Any], settings: Settings) -> Source:
    """Return the source that the arguments name."""
    from meetscribe.live import sources
    from meetscribe.live.sources.byte_streams import reader_of

    labels = len(_labels(given))
    if source == STDIN:
        read = reader_of(sys.stdin.buffer)
        return sources.byte_source(read, rate=given["rate"], channels=given["pcm_channels"], settings=settings.audio)
    if source is not None:
        return sources.FileSource(source, given["speed"], split=labels > 0, settings=settings.audio)
    return sources.MicrophoneSource(sources.find_microphone(given["microphone"]), max(1, labels))


def _labels(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the labels of the channels."""
    return tuple(label.strip() for label in given["channel_speakers"].split(",") if label.strip())


def _options(settings: Settings, live: Any, name: str, given: Mapping[str, Any]) -> RunOptions:
    """Return the options of the run; raises OutputError if its files cannot be written."""
    from meetscribe.live import Parts
    from meetscribe.live.recording.finishing import Outputs
    from meetscribe.live.running import RunOptions, session_folder

    folder = given["resume"] or session_folder(given["output"], name)
    names = parse_names(given["formats"])
    # `prepare_outputs` drops the suffix of the path; the added .x protects a folder name that contains dots.
    files = destinations.prepare_outputs(
        folder.with_name(f"{folder.name}.x"), given["output"], names, given["overwrite"]
    )
    return RunOptions(
        settings,
        live,
        Outputs(files, format_options_from(given, names)),
        None if given["no_record"] else folder,
        resume=given["resume"] is not None,
        refine=not given["no_refine"],
        parts=Parts(channel_speakers=_labels(given)),
        title=given["title"],
    )


def _print_microphones(as_json: bool) -> None:
    """Print the microphones, with a mark at the default one."""
    from meetscribe.live.sources import list_microphones

    found = list_microphones()
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        mark = "*" if each.default else " "
        click.echo(f"{mark} {each.number:>3}  {each.name}  ({each.channels} channels, {each.rate} Hz)")
