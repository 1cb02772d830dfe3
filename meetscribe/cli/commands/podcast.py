"""`meetscribe podcast`: the files of an episode, or of the episodes of a feed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from meetscribe.cli.display import messages
from meetscribe.cli.flags import WITHOUT_SPEAKERS_EACH, settings_flags
from meetscribe.cli.options import (
    STDOUT,
    folder_only_option,
    general_options,
    json_option,
    meeting_options,
    names_option,
    overwrite_changed_option,
    progress_option,
)
from meetscribe.cli.podcasts import process_episode, process_feed
from meetscribe.cli.sections import MACHINE, OUTPUT, RECORDING, SPEAKERS, SectionedCommand, option
from meetscribe.errors import InputError, os_reason
from meetscribe.formats.chapters import Chapter, read_chapters
from meetscribe.minutes.settings import MinutesSettings
from meetscribe.podcast import EpisodeOptions, PodcastSettings
from meetscribe.podcast.shifts import parse_shift
from meetscribe.settings.other_tables import load_table
from meetscribe.storage.files import LINES_BYTES, read_file

DEFAULTS = PodcastSettings()

EPILOG = f"""\b
Examples:
  meetscribe podcast episode.mp3 -o out --host Anna --base-url https://example.org/audio
  meetscribe podcast out/episode.json -o out --names names.toml       # again, with names; no model is needed
  meetscribe podcast out/episode.json --chapters out/episode.chapters.json --audio episode.mp3 -o out
  meetscribe podcast raw.json --audio published.mp3 --shift 12:30=-45 --shift 0=+20 -o out
  meetscribe podcast --feed feed.xml --media audio/ -o out

\b
Files, named after the episode:
  .vtt .srt .podcast.json .html   the transcript: captions with speakers, JSON of the podcast namespace, a page
  .chapters.json .psc.xml         chapters for podcast apps and for Podlove; to change titles, edit the JSON and give
                                  it with --chapters
  .chapters.mp3 (.m4a .ogg .opus) a copy of the recording with the chapters; its audio data is unchanged
  .notes.md                       show notes: central quotes, chapters, speakers, links mentioned
  .rss.xml                        the tags for the item of the episode in the feed
  .json                           the transcript in meetscribe's JSON, for corrections; written if EPISODE is audio

\b
--shift TIME=-LENGTH: a part of this length, such as an advert, was removed at this time after transcription;
--shift TIME=+LENGTH: a part was inserted. Times are those of the transcript, before any shift. If the last chapter of
--chapters ends when the transcript ends, all its chapters are shifted too; otherwise they must have the times of the
published audio.

The title is that of --title, of the transcript or of the audio, otherwise the name of the file. To keep a title for the
next time, store it in the transcript: meetscribe correct TRANSCRIPT --title TEXT. --language also sets the language of
a transcript, such as captions, which do not name it.

A feed is read from a local file; nothing is downloaded. Episodes without a transcript tag whose audio is in the folder
of the feed or below --media are transcribed. A transcript that is already in the output folder is used instead, unless
podcast --feed made it with other settings. The copy of the feed in the output folder differs only in the tags added to
these episodes. Run the command again to continue after an interruption.

Settings are in the table [podcast]: min_chapter ({DEFAULTS.min_chapter:g}), max_chapter ({DEFAULTS.max_chapter:g}),
base_url, hosts. The language model is set in [minutes].
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("episode", required=False, type=click.Path())
@option("--feed", metavar="FILE", type=click.Path(), section=RECORDING, help="RSS feed to process.")
@option(
    "--media",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    section=RECORDING,
    help="Folder with the audio files of the feed, directly in it or in subfolders as in the addresses of the feed.",
)
@option(
    "--audio",
    metavar="FILE",
    type=click.Path(path_type=Path),
    section=RECORDING,
    help="The published audio, if EPISODE is a transcript or another version.  [default: EPISODE, if it is audio, or "
    "the .chapters copy of an earlier run]",
)
@option(
    "--shift",
    "shifts",
    metavar="TIME=±LENGTH",
    multiple=True,
    section=RECORDING,
    help="Part removed (-) or inserted (+) after transcription, as in 12:30=-45. Repeatable.",
)
@option("--host", "hosts", metavar="NAME", multiple=True, section=SPEAKERS, help="Name of a host. Repeatable.")
@option(
    "--min-chapter",
    metavar="SECONDS",
    type=float,
    section=OUTPUT,
    help=f"Shortest chapter.  [default: {DEFAULTS.min_chapter:g}]",
)
@option(
    "--max-chapter",
    metavar="SECONDS",
    type=float,
    section=OUTPUT,
    help=f"Longest chapter.  [default: {DEFAULTS.max_chapter:g}]",
)
@option(
    "--chapters",
    "chapters_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    section=OUTPUT,
    help="Use these chapters (JSON of the podcast namespace) in place of computed ones.",
)
@option(
    "--base-url",
    metavar="URL",
    section=OUTPUT,
    help="Address of the folder where the files will be published.  [default for feeds: the folder of the audio]",
)
@option("--llm", metavar="URL", section=MACHINE, help="Let this language model name the chapters, as for minutes.")
@option("--llm-model", metavar="NAME", section=MACHINE, help="Name of the language model at the endpoint.")
@option("--allow-remote", is_flag=True, section=MACHINE, help="Allow a language model that is not on this machine.")
@settings_flags(WITHOUT_SPEAKERS_EACH)
@meeting_options
@names_option
@folder_only_option
@overwrite_changed_option
@json_option
@progress_option
@general_options
def command(episode: str | None, **given: Any) -> None:
    """Write the files that accompany EPISODE: captions, chapters, show notes and feed tags.

    EPISODE is audio, which is transcribed first, or a transcript in any format that meetscribe reads. The chapters are
    printed on stdout.
    """
    _check(episode, given)
    options = _options(given)
    if given["feed"]:
        process_feed(given, options)
    elif episode is not None:
        process_episode(episode, given, options)


def _check(episode: str | None, given: Mapping[str, Any]) -> None:
    """Raise UsageError for arguments that are missing or exclude each other."""
    if (episode is None) == (given["feed"] is None):
        raise click.UsageError("Give either EPISODE or --feed FILE.")
    if str(given["output"]) == STDOUT:
        raise click.UsageError("-o is a folder here; --json prints a summary on stdout.")
    single = ("audio", "shifts", "chapters_file", "title", "date", "names_file")
    if given["feed"] and (used := next((name for name in single if given[name]), None)):
        raise click.UsageError(f"--{used.removesuffix('s').removesuffix('_file')} applies to a single episode.")
    if given["media"] and not given["feed"]:
        raise click.UsageError("--media requires --feed.")


def _options(given: Mapping[str, Any]) -> EpisodeOptions:
    """Return the options of the episodes; raises SettingsError for invalid settings."""
    names = ("min_chapter", "max_chapter", "base_url", "hosts")
    settings = load_table(
        "podcast", PodcastSettings, given["config"], {name: given[name] for name in names if given[name]}
    )
    model = {"llm": given["llm"], "model": given["llm_model"]}
    minutes = load_table(
        "minutes", MinutesSettings, given["config"], {name: value for name, value in model.items() if value}
    )

    def progress(number: int, of: int) -> None:
        if not given["quiet"]:
            messages.info(f"title of chapter {number} of {of}")

    return EpisodeOptions(
        settings,
        shifts=tuple(map(parse_shift, given["shifts"])),
        chapters=_chapters(given["chapters_file"]),
        endpoint=minutes.endpoint(allow_remote=given["allow_remote"]),
        progress=progress,
        redact=minutes.redact,
    )


def _chapters(file: Path | None) -> tuple[Chapter, ...] | None:
    """Return the chapters in a file; raises InputError if there are none."""
    if file is None:
        return None
    try:
        chapters = read_chapters(read_file(file, LINES_BYTES), str(file))
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read: {os_reason(error)}", "Check the path.") from error
    if not chapters:
        raise InputError(f"{file} has no chapters", "Omit --chapters to compute them.")
    return chapters
