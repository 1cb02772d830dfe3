"""`meetscribe library stats`: statistics over all meetings."""

from __future__ import annotations

import click

from meetscribe.analytics import TABLES, AnalyticsSettings
from meetscribe.analytics.statistics import By
from meetscribe.cli.display.statistics import print_statistics
from meetscribe.cli.library import library_option, opened_library
from meetscribe.cli.options import json_option, message_options
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.meetings.statistics import library_statistics
from meetscribe.publishing.statistics import statistics_json
from meetscribe.settings.other_tables import load_table


@click.command("stats", cls=SectionedCommand)
@click.argument("query", nargs=-1)
@option(
    "--by",
    type=click.Choice(("meeting", "person")),
    default="meeting",
    show_default=True,
    help="Rows of the table of speakers: for each meeting, or for each person over all meetings.",
)
@library_option
@json_option
@message_options
def stats_(query: tuple[str, ...], by: str, location: str | None, as_json: bool) -> None:
    """Compute statistics over the meetings of the library.

    QUERY selects meetings by fields, as for list. Speakers with the same name count as one person; speakers with labels
    such as SPEAKER_00 are counted separately in each meeting. Restricted meetings, and
    meetings whose file is missing, are excluded.
    """
    chosen: By = "speaker" if by == "person" else "meeting"
    settings = load_table("analytics", AnalyticsSettings)
    with opened_library(location) as library:
        result = library_statistics(library, " ".join(query), by=chosen, settings=settings)
    if as_json:
        click.echo(statistics_json(result, TABLES))
    else:
        print_statistics(result)
