"""Process podcast episodes and feeds: transcribe the audio, write the files, and print the results."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import click

from meetscribe import pipeline
from meetscribe.asr.languages import language_code
from meetscribe.cli.batch import INTERRUPTION_NOTE, MANIFEST, finish_batch
from meetscribe.cli.display import messages
from meetscribe.cli.display.batch_progress import batch_display
from meetscribe.cli.display.progress import display_kind
from meetscribe.cli.display.run_progress import run_progress
from meetscribe.cli.flags import settings_from
from meetscribe.cli.interruption import interruptible
from meetscribe.cli.options import STDIN
from meetscribe.cli.transcripts import apply_meeting_options, apply_names, print_reading_notices, read_transcript
from meetscribe.corpus import Delivery, Manifest, Summary, Task, make_tasks, run_batch
from meetscribe.errors import IncompleteError, IncompleteRunError, Notice, OutputError
from meetscribe.formats.converting import format_by_suffix
from meetscribe.podcast import Episode, EpisodeOptions, FeedOptions, make_episode, plan_feed, publish_feed, read_feed
from meetscribe.podcast.earlier_copy import earlier_copy
from meetscribe.podcast.feed import FeedEpisode
from meetscribe.podcast.feed.publishing import is_transcribed, prepare_feed, transcript_file
from meetscribe.podcast.output import plan_files, summary_json, write_episode
from meetscribe.podcast.published_audio import read_published_audio, with_default_title
from meetscribe.podcast.show_notes import chapter_lines
from meetscribe.podcast.tagging import can_tag
from meetscribe.publishing import destinations
from meetscribe.publishing.corrections import carry_corrections
from meetscribe.publishing.exports import export_files
from meetscribe.publishing.speaker_names import read_speaker_names
from meetscribe.text.counting import counted
from meetscribe.transcript import Transcript


def process_episode(episode: str, given: Mapping[str, Any], options: EpisodeOptions) -> None:
    """Write the files of an episode with the options in `given`, and print its chapters.

    At the end, raises IncompleteRunError if a stage after transcription failed.
    """
    names = read_speaker_names(given["names_file"])
    is_transcript = episode == STDIN or format_by_suffix(episode) is not None
    stem = _stem(episode) if is_transcript else Path(episode).stem
    # With --shift, the published audio differs from EPISODE, so chapters are added only to the file of --audio.
    audio = given["audio"] or (None if is_transcript or options.shifts else Path(episode))
    if audio is not None:
        pipeline.require_recording(audio)
    _check_files(stem, audio, given)
    if audio is not None and not can_tag(audio):
        messages.warning(f"{audio} cannot hold chapters, so it is not copied; MP3, M4A, Ogg Vorbis and Opus can")
    transcript, incomplete = _read(episode, given) if is_transcript else _transcribed(Path(episode), given)
    transcript = apply_names(apply_meeting_options(transcript, given), names)
    if not is_transcript:
        _save(transcript, Path(episode), given)
    published = read_published_audio(given["audio"], transcript, options.shifts) if given["audio"] else None
    transcript = with_default_title(transcript, published, None if episode == STDIN else stem)
    made = make_episode(transcript, replace(options, duration=published.duration if published else None))
    _write(made, stem, audio, given, options)
    if incomplete is not None:
        raise incomplete


def _write(episode: Episode, stem: str, audio: Path | None, given: Mapping[str, Any], options: EpisodeOptions) -> None:
    """Write the files of an episode and print its chapters; without audio, update the copy of an earlier run."""
    if audio is None:
        audio, notices = earlier_copy(episode, given["output"], stem)
        episode = replace(episode, notices=(*episode.notices, *notices))
    url, overwrite = options.settings.base_url, given["overwrite"]
    published = write_episode(episode, given["output"], stem, base_url=url, audio=audio, overwrite=overwrite)
    _print_episode(episode, published.files, given)


def process_feed(given: Mapping[str, Any], options: EpisodeOptions) -> None:
    """Transcribe the episodes of a feed; write the files of all that are transcribed, and a copy of the feed.

    Episodes with a transcript tag are skipped. Transcripts in the output folder are reused, unless the manifest states
    that they were made with other settings.
    After Ctrl-C, finished episodes are still published. At the end, raises the errors of `batch.finish_batch`, and
    IncompleteError if an episode could not be published.
    """
    feed = read_feed(given["feed"])
    planned = plan_feed(feed, given["media"])
    folder = Path(given["output"])
    prepare_feed(feed, folder, given["overwrite"])
    manifest = Manifest(folder / MANIFEST)
    tasks = make_tasks([item.recording for item in planned if item.recording is not None], manifest)
    stems = {task.path: task.stem for task in tasks}
    summary = _transcribe_missing(tasks, given, manifest)
    results, copy = publish_feed(feed, planned, stems, FeedOptions(folder, options, given["overwrite"]))
    for result in results:
        _print_files(result.files)
    _print_files([copy])
    _print_results(results, copy, given)
    if summary is not None:
        finish_batch(summary, manifest, given)
    if failed := [result for result in results if result.planned.recording and result.episode is None]:
        raise IncompleteError(f"{len(failed)} of {len(results)} episodes were not published", failed[0].reason)


def _check_files(stem: str, audio: Path | None, given: Mapping[str, Any]) -> None:
    """Raise OutputError if a file must not be replaced; its remedy for edited chapters is the option that uses them."""
    folder = Path(given["output"])
    try:
        plan_files(folder, stem, audio, overwrite=given["overwrite"], keep=given["chapters_file"])
    except OutputError as error:
        chapters = folder / f"{stem}.chapters.json"
        if str(chapters) not in str(error):
            raise
        advice = f"To use its chapters, add --chapters {shlex.quote(str(chapters))}."
        raise OutputError(error.message, f"{advice} {error.remedy}") from error


def _stem(episode: str) -> str:
    """Return the name of a transcript without the suffix of its format."""
    return export_files(episode, "./", ["txt"])["txt"].stem


def _read(episode: str, given: Mapping[str, Any]) -> tuple[Transcript, None]:
    """Return the transcript in a file or on stdin, in the language given; print the problems of the file."""
    transcript = read_transcript(episode)
    print_reading_notices(transcript)
    language = given["language"]
    return transcript.with_meta(language=language_code(language)) if language else transcript, None


def _transcribed(recording: Path, given: Mapping[str, Any]) -> tuple[Transcript, IncompleteRunError | None]:
    """Return the transcript of a recording, and the error if a stage after transcription failed."""
    settings = settings_from(given)
    pipeline.require_recording(recording)
    files = destinations.output_files(recording, given["output"], ["json"])
    destinations.prepare_outputs(recording, given["output"], ["json"], given["overwrite"])
    with run_progress(given, recording, cached=settings.run.cache) as progress:
        opened = pipeline.Session(settings).open(recording)
        progress.duration = lambda: opened.duration
        try:
            return carry_corrections(pipeline.run(opened, settings, progress=progress), files), None
        except IncompleteRunError as error:
            return carry_corrections(error.transcript, files), error


def _save(transcript: Transcript, recording: Path, given: Mapping[str, Any]) -> None:
    """Write the transcript of a recording as native JSON, for corrections; raises OutputError."""
    files = destinations.output_files(recording, given["output"], ["json"])
    written, failed = destinations.write_files(transcript, files)
    _print_notices(transcript.meta.notices)
    _print_files(written)
    if failed:
        raise failed[0]


def _transcribe_missing(tasks: Sequence[Task], given: Mapping[str, Any], manifest: Manifest) -> Summary | None:
    """Transcribe the recordings without a transcript in the output folder; return None if there is nothing to run.

    Recordings in the manifest are also passed to `run_batch`, which skips those that are done with these settings.
    """
    folder = Path(given["output"])
    left = [
        task
        for task in tasks
        if manifest.last(task.recording) is not None
        or not is_transcribed(task.path, transcript_file(folder, task.stem))
    ]
    if not left:
        return None
    from meetscribe.corpus.transcription import transcription_options  # imports the pipeline with its libraries

    messages.set_interruption_note(INTERRUPTION_NOTE)
    sizes = {task.recording: task.path.stat().st_size for task in left}
    delivery = Delivery(folder, ("json",), overwrite=given["overwrite"])
    with interruptible(display_kind(given)) as stop, batch_display(display_kind(given), sizes) as display:
        plan = replace(transcription_options(settings_from(given), delivery), stop=stop)
        return run_batch(left, plan, manifest, display)


def _print_results(results: Sequence[FeedEpisode], copy: Path, given: Mapping[str, Any]) -> None:
    """Print the notices, then a line per episode of a feed: the number of chapters and tags, or why it is unchanged.

    With --json, print an object with the files of each episode instead of the lines. `copy` is the copy of the feed.
    """
    for result in results:
        for notice in result.episode.notices if result.episode else ():
            messages.warning(f"{result.planned.item.title or 'untitled'}: {notice.text}")
    if given["as_json"]:
        rows = [_row(result) for result in results]
        click.echo(json.dumps({"feed": str(copy), "episodes": rows}, ensure_ascii=False, indent=1))
        return
    for result in results:
        chapters = len(result.episode.chapters) if result.episode else 0
        done = result.episode and f"{counted(chapters, 'chapter')}, {counted(len(result.tags), 'tag')}"
        click.echo(f"{result.planned.item.title or 'untitled'}: {done or f'unchanged, because {result.reason}'}")


def _row(result: FeedEpisode) -> dict[str, Any]:
    recording = result.planned.recording
    row: dict[str, Any] = {"title": result.planned.item.title, "recording": recording and str(recording)}
    if result.episode is None:
        return row | {"published": False, "reason": result.reason}
    return summary_json(result.episode, result.files) | row | {"published": True}


def _print_notices(notices: Sequence[Notice]) -> None:
    for notice in notices:
        messages.warning(notice.text)


def _print_episode(episode: Episode, files: Sequence[Path], given: Mapping[str, Any]) -> None:
    """Print the notices and the names of the files on stderr, and the chapters, or with --json a summary, on stdout."""
    _print_notices(episode.notices)
    _print_files(files)
    if given["as_json"]:
        click.echo(json.dumps(summary_json(episode, files), ensure_ascii=False, indent=1))
    else:
        click.echo("".join(f"{line}\n" for line in chapter_lines(episode)), nl=False)


def _print_files(files: Sequence[PurePath]) -> None:
    for file in files:
        messages.info(f"wrote {file}")
