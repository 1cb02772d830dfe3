"""`meetscribe minutes`: decisions, actions and open questions of a meeting, and checks of existing minutes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from meetscribe.analytics import stats
from meetscribe.cli.display import messages
from meetscribe.cli.flags import config_option, table_assignments
from meetscribe.cli.options import STDOUT, general_options, json_option, message_options, overwrite_changed_option
from meetscribe.cli.sections import MACHINE, OUTPUT, DefaultGroup, SectionedCommand, option
from meetscribe.cli.transcripts import print_reading_notices, read_transcript
from meetscribe.errors import InputError, ThresholdError, os_reason
from meetscribe.minutes import dumps, minutes_by_rules, to_csv, to_icalendar, to_markdown
from meetscribe.minutes.changes import changes_of_file
from meetscribe.minutes.llm.endpoint import Endpoint
from meetscribe.minutes.llm.making import LlmOptions, minutes_by_llm
from meetscribe.minutes.llm.templates import read_template
from meetscribe.minutes.making import NO_DATE, digest
from meetscribe.minutes.settings import MIN_CONTEXT, SERVERS, MinutesSettings
from meetscribe.minutes.verification.checking import Check, check_minutes
from meetscribe.publishing.destinations import require_replaceable, write_output
from meetscribe.report import minutes_to_docx, minutes_to_html
from meetscribe.report.sources import MINUTES_SUFFIXES, read_minutes, recording_link
from meetscribe.settings.other_tables import load_table
from meetscribe.storage.files import LINES_BYTES, SETTINGS_BYTES, read_file
from meetscribe.storage.folders import cache_folder
from meetscribe.transcript import Transcript
from meetscribe.transcript.display import clock
from meetscribe.transcript.notes import Minutes, Topic

EPILOG = """\b
Examples:
  meetscribe minutes meeting.json
  meetscribe minutes meeting.json -o minutes.docx -o actions.csv -o tasks.ics
  meetscribe minutes meeting.json --json > meeting.minutes.json
  meetscribe minutes meeting.json --from meeting.minutes.json -o minutes.md
  meetscribe minutes check minutes.md meeting.json

Each line cites its words. Lines without sufficient evidence are omitted; --all lists them in Markdown, with the
reasons.
"""

CHECK_EPILOG = """\b
Examples:
  meetscribe minutes check meeting.minutes.json meeting.json
  meetscribe minutes check their-minutes.md meeting.json --json

The exit code is 1 if a line fails.
"""

DEFAULTS = MinutesSettings()
FLAGS = ("llm", "model", "context", "text_language", "template")
"""The settings with a flag of the same name that takes a value; `_settings` adds those of the other flags."""


@click.group(cls=DefaultGroup, default="write", epilog=EPILOG, context_settings={"max_content_width": 100})
def group() -> None:
    """Write the minutes of MEETING: decisions, actions, open questions and a summary; or check existing minutes.

    MEETING is a transcript in any format that meetscribe reads, or - for stdin. Without --llm, or minutes.llm in the
    settings, the items are found by rules and nothing leaves this machine. Names and times are those of the corrected
    transcript.
    """


@group.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("meeting", type=click.Path())
@option(
    *("-o", "--output"),
    "outputs",
    multiple=True,
    metavar="FILE",
    section=OUTPUT,
    help="File to write: .md, .html, .docx, .json, .csv (actions) or .ics (actions with dates); "
    "- is stdout. Repeatable.  [default: -]",
)
@json_option
@option(
    "--from",
    "source",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Reuse these minutes (JSON) instead of making new ones. In all formats but JSON, names and times follow later "
    "corrections of MEETING.",
)
@option("--date", metavar="DATE", help="Day of the meeting (2026-11-27), for relative due dates.")
@option("--title", metavar="TEXT", help="Title of the minutes.  [default: the title of the meeting]")
@option(
    "--all",
    "all_items",
    is_flag=True,
    section=OUTPUT,
    help="Show all items, regardless of number and score; in Markdown, also list omitted candidates, with the reasons.",
)
@option(
    "--keep-unverified", is_flag=True, section=OUTPUT, help="Show lines that fail the checks, marked as unverified."
)
@option("--audio", metavar="ADDRESS", section=OUTPUT, help="Address of the recording, for links from the times.")
@option(
    "--llm",
    metavar="URL",
    section=MACHINE,
    help=f"Let the language model at this OpenAI-compatible endpoint find the items: a URL, or {', '.join(SERVERS)}.",
)
@option("--model", metavar="NAME", section=MACHINE, help="Name of the model at the endpoint.  [default: default]")
@option(
    "--context",
    metavar="TOKENS",
    type=click.IntRange(MIN_CONTEXT),
    section=MACHINE,
    help=f"Context size of the model in tokens; longer meetings are sent in parts.  [default: {DEFAULTS.context}]",
)
@option("--allow-remote", is_flag=True, section=MACHINE, help="Allow an endpoint that is not on this machine.")
@option("--redact", is_flag=True, section=MACHINE, help="Replace names before anything is sent.")
@option("--judge", is_flag=True, section=MACHINE, help="Let the model also judge whether the quotes support each line.")
@option(
    "--key-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    section=MACHINE,
    help="File with the key of the endpoint.  [default: the variable MEETSCRIBE_MINUTES__KEY]",
)
@option(
    "--template",
    metavar="FILE",
    type=click.Path(path_type=Path),
    section=MACHINE,
    help="TOML or JSON file with sections, each with title and instruction.",
)
@option("--text-language", metavar="LANGUAGE", section=MACHINE, help="Language of the texts that the model writes.")
@option(
    "--set",
    "assignments",
    metavar="minutes.KEY=VALUE",
    multiple=True,
    help=f"Change any other setting: minutes.page={DEFAULTS.page}, the largest number of items shown. Repeatable.",
)
@config_option
@overwrite_changed_option
@general_options
def write(meeting: str, outputs: Sequence[str], **given: Any) -> None:
    """Write the minutes of MEETING."""
    _check_outputs(outputs, given["overwrite"])
    settings = _settings(given)
    transcript = read_transcript(meeting)
    print_reading_notices(transcript)
    if given["date"]:
        transcript = _dated(transcript, given["date"])
    minutes = _read(given["source"], transcript) if given["source"] else _make(transcript, settings, given)
    if given["title"]:
        minutes = replace(minutes, title=given["title"])
    if not outputs or STDOUT in outputs:
        suffix = ".json" if given["as_json"] else ".md"
        click.echo(_written(suffix, minutes, transcript, given), nl=False)
    for file in (Path(name) for name in outputs if name != STDOUT):
        found = changes_of_file(file, minutes)
        linked = given | {"audio": given["audio"] or recording_link(file, transcript, Path(meeting))}
        write_output(file, _written(file.suffix.lower(), minutes, transcript, linked), "minutes", Path(meeting))
        messages.info(f"wrote {file}" if found is None else f"wrote {file} ({found})")


@group.command(cls=SectionedCommand, epilog=CHECK_EPILOG)
@click.argument("minutes", type=click.Path(path_type=Path))
@click.argument("transcript", type=click.Path())
@json_option
@message_options
def check(minutes: Path, transcript: str, as_json: bool) -> None:
    """Check the lines of MINUTES against TRANSCRIPT.

    MINUTES is JSON of meetscribe, JSON of another program with lists of decisions and actions, or Markdown with times
    or quotes. A line passes if its quote is in the transcript, if its numbers, dates, names and negations were said,
    if its owner accepted it or was asked by name, and if nothing later overturns it.
    """
    checks = check_minutes(_text(minutes), read_transcript(transcript), str(minutes))
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=1))
    else:
        _print_checks(checks)
    failed = sum(not check.said.passed for check in checks)
    if failed:
        raise ThresholdError(f"{failed} of {len(checks)} lines fail the check", "Correct them, or leave them out.")


def _check_outputs(outputs: Sequence[str], overwrite: bool) -> None:
    """Raise UsageError for an unknown suffix, OutputError for a file that must not be replaced."""
    for name in outputs:
        if name != STDOUT and Path(name).suffix.lower() not in MINUTES_SUFFIXES:
            raise click.UsageError(
                f"The suffix of {name} must be one of {' '.join(MINUTES_SUFFIXES)}, or - for stdout."
            )
    require_replaceable([Path(name) for name in outputs if name != STDOUT], overwrite)


def _dated(transcript: Transcript, date: str) -> Transcript:
    """Return the transcript with the day of the meeting; raises BadParameter."""
    try:
        return transcript.with_meta(recorded_at=date)
    except ValueError as error:
        raise click.BadParameter(f"{date!r} is not a date. Write it as 2026-11-27.") from error


def _settings(given: dict[str, Any]) -> MinutesSettings:
    """Return the settings from all sources; raises SettingsError, and InputError for a key that cannot be read."""
    chosen: dict[str, Any] = table_assignments("minutes", given["assignments"])
    chosen |= {name: str(given[name]) for name in FLAGS if given[name] is not None}
    chosen |= {name: "true" for name in ("redact", "judge") if given[name]}
    if given["key_file"]:
        chosen["key"] = _text(given["key_file"], SETTINGS_BYTES).strip()
    return load_table("minutes", MinutesSettings, given["config"], chosen)


def _make(transcript: Transcript, settings: MinutesSettings, given: dict[str, Any]) -> Minutes:
    """Return the minutes with the topics of the statistics, and print their notices."""
    topics = stats(transcript).topics
    # `page` is the largest number of items shown.
    page = None if given["all_items"] else settings.page
    endpoint = settings.endpoint(allow_remote=given["allow_remote"])
    if endpoint is not None:
        instructions = read_template(Path(settings.template)) if settings.template else ""
        folder = cache_folder() / "minutes"
        language, keep = settings.text_language, given["keep_unverified"]
        more = settings.more_dates
        options = LlmOptions(settings.redact, language, instructions, page, keep, settings.judge, folder, more)
        minutes = _by_model(transcript, topics, endpoint, options, given["quiet"])
    else:
        keep, more = given["keep_unverified"], settings.more_dates
        minutes = minutes_by_rules(transcript, topics, page=page, keep_unverified=keep, more_dates=more)
    for notice in minutes.notices:
        remedy = " Give it with --date 2026-11-27." if notice.code == NO_DATE else ""
        messages.warning(notice.text + remedy)
    return minutes


def _by_model(
    transcript: Transcript, topics: Sequence[Topic], endpoint: Endpoint, options: LlmOptions, quiet: bool
) -> Minutes:
    """Return the minutes made by a language model; its replies are kept in the cache folder for later runs."""
    messages.set_interruption_note("finished parts are kept; the same command continues from there")

    def progress(part: int, of: int) -> None:
        if not quiet:
            messages.info(f"part {part} of {of}")

    return minutes_by_llm(transcript, endpoint, topics, options, progress)


def _read(file: Path, transcript: Transcript) -> Minutes:
    """Return the minutes in a file; print a warning if the transcript was changed after they were made."""
    minutes = read_minutes(file)
    if minutes.transcript != digest(transcript):
        marked = "Markdown, HTML and Word mark the quotes whose words changed"
        messages.warning(f"the transcript was changed after these minutes; {marked}")
    return minutes


def _text(file: Path, limit: int = LINES_BYTES) -> str:
    """Return the text of a file; raises InputError."""
    try:
        return read_file(file, limit).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = os_reason(error) if isinstance(error, OSError) else "it is not text in UTF-8"
        raise InputError(f"{file} cannot be read: {reason}", "Give the path of a text file.") from error


def _written(suffix: str, minutes: Minutes, transcript: Transcript, given: dict[str, Any]) -> bytes:
    """Return the minutes in the format of a suffix."""
    if suffix == ".docx":
        return minutes_to_docx(minutes, transcript)
    if suffix == ".html":
        return minutes_to_html(minutes, transcript, given["audio"]).encode()
    if suffix == ".json":
        return dumps(minutes).encode()
    if suffix == ".csv":
        return to_csv(minutes, transcript).encode()
    if suffix == ".ics":
        return to_icalendar(minutes, transcript).encode()
    return to_markdown(minutes, transcript, given["audio"], all_items=given["all_items"]).encode()


def _print_checks(checks: Sequence[Check]) -> None:
    """Print a line for each line of the minutes, with its problems below."""
    for check in checks:
        time = "" if check.start is None else f"[{clock(check.start)}] "
        support = check.supported and check.supported.score
        judge = check.supported.by if check.supported else ""
        note = "" if support is None else f" (supported {support:.2f}, by {judge})"
        click.echo(f"{'ok  ' if check.said.passed else 'FAIL'} {time}{check.kind}: {check.text}{note}")
        for problem in check.said.problems:
            click.echo(f"     - {problem}")
    passed = sum(check.said.passed for check in checks)
    click.echo(f"{passed} of {len(checks)} lines pass")
