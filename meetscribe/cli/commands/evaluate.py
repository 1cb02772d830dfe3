"""`meetscribe evaluate`: how far transcripts lie from their references; nothing is transcribed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from meetscribe.cli.options import talk_flags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meetscribe.cli.pairing import Pair
    from meetscribe.evaluation import EvaluationSettings
    from meetscribe.evaluation.results import Results

EPILOG = """\b
Examples:
  meetscribe evaluate out/standup.json samples/standup.words.jsonl
  meetscribe evaluate out samples --metrics wer,cpwer,der --json
  meetscribe evaluate new samples --against old
  meetscribe evaluate out/standup.json samples/standup.stm --fail-over cpwer=0.12
  meetscribe evaluate out/standup.json samples/standup.words.jsonl --html errors.html --audio samples/standup.flac

\b
Metrics:
  wer, cer         words, or characters, wrong, whoever says them
  cpwer, tcpwer    words wrong or of the wrong speaker; tcpwer: or not said within --time-collar
  orcwer           words wrong, each utterance given to the stream where it fits best
  wder             of the words that are aligned, those with the wrong speaker
  speakers         by how many the speakers found are too many or too few
  der, jer         time missed, invented or given to the wrong speaker; jer: each speaker counts the same
  purity, coverage              speakers that are taken for one, or one taken for several; segment-…: segments
  boundaries, detection         how far off words start and end; words found within --word-collar

Rates of several recordings are sums of errors over sums of lengths. What cannot be told of a recording is said.
"""


@click.command(epilog=EPILOG, context_settings={"max_content_width": 110})
@click.argument("hypothesis", metavar="HYP", type=click.Path())
@click.argument("reference", metavar="REF", type=click.Path())
@click.option("--against", metavar="B", type=click.Path(), help="another HYP, to tell which of the two is better")
@click.option("--metrics", metavar="LIST", help="which, with commas  [default: all]")
@click.option(
    "--normalization",
    type=click.Choice(("none", "basic", "whisper", "cjk")),
    default="basic",
    show_default=True,
    help="which differences are no errors: none; basic: case and punctuation; whisper: English also by numbers and "
    "spelling; cjk: as basic, scripts without spaces by character",
)
@click.option(
    "--collar",
    metavar="S",
    type=float,
    default=0.0,
    show_default=True,
    help="seconds on each side of a turn's start and end that are not scored, as in md-eval (pyannote's collar is both "
    "sides together)",
)
@click.option("--skip-overlap", is_flag=True, help="do not score time in which several speak")
@click.option(
    "--time-collar",
    metavar="S",
    type=float,
    default=5.0,
    show_default=True,
    help="seconds that words of tcpwer may be off",
)
@click.option(
    "--word-collar",
    metavar="S",
    type=float,
    default=0.2,
    show_default=True,
    help="seconds that words of detection may be off",
)
@click.option("--uem", metavar="FILE", type=click.Path(path_type=Path), help="the regions that are scored")
@click.option("--json", "as_json", is_flag=True, help="print all counts as JSON")
@click.option(
    "--fail-over",
    "limits",
    metavar="METRIC=RATE",
    multiple=True,
    help="exit with 1 if a rate is higher; may be repeated",
)
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="write a page that shows both, aligned word by word, with the errors in colour",
)
@click.option(
    "--audio",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="the recording, or their folder, for the page to play",
)
@click.option("--overwrite", is_flag=True, help="replace a page that is there")
@talk_flags
def command(hypothesis: str, reference: str, **given: Any) -> None:
    """Compare the transcript HYP with the reference REF.

    Both are files in any format that meetscribe reads, or folders of them, matched by the names of their files. The
    turns of a reference may lie beside it, as X.rttm beside X.words.jsonl.
    """
    from meetscribe.cli import pairing
    from meetscribe.cli.display import scores

    settings, limits = _settings(given), scores.parse_limits(given["limits"])
    _check(given)
    regions = pairing.regions_of(given["uem"])
    references = pairing.find_recordings(reference, truth=True)
    hypotheses = pairing.find_recordings(hypothesis)
    matched = pairing.read_pairs(references, hypotheses, regions)
    results = _score(matched, settings)
    others: Results | None = None
    if given["against"]:
        rivals = pairing.find_recordings(given["against"])
        others = _score(pairing.read_pairs(references, rivals, regions), settings)
    if given["as_json"]:
        scores.print_json(results, others, settings)
    else:
        click.echo(_heading(hypothesis, reference, given, matched))
        scores.print_tables(results, others, settings)
    if given["page"]:
        _write_page(matched, results, settings, given)
    scores.check_limits(results, limits)
    pairing.check_complete(references, hypotheses, matched)


def _settings(given: Mapping[str, Any]) -> EvaluationSettings:
    """What the flags ask for."""
    from meetscribe.evaluation import EvaluationSettings

    names = tuple(dict.fromkeys(name.strip() for name in (given["metrics"] or "").split(",") if name.strip()))
    return EvaluationSettings(
        metrics=names,
        normalization=given["normalization"],
        collar=given["collar"],
        skip_overlap=given["skip_overlap"],
        time_collar=given["time_collar"],
        word_collar=given["word_collar"],
    )


def _check(given: Mapping[str, Any]) -> None:
    """Raise before any work if the page cannot be as asked for."""
    from meetscribe.errors import OutputError

    if given["audio"] and not given["page"]:
        raise click.UsageError("--audio is for the page: give it a name with --html.")
    if given["page"] and given["page"].exists() and not given["overwrite"]:
        raise OutputError(f"{given['page']} exists already", "Choose another name, or replace it with --overwrite.")


def _score(matched: Sequence[Pair], settings: EvaluationSettings) -> Results:
    """The scores of all pairs."""
    from meetscribe.evaluation import score
    from meetscribe.evaluation.results import Results

    return Results({pair.name: score(pair.reference, pair.hypothesis, settings, pair.within) for pair in matched})


def _heading(hypothesis: str, reference: str, given: Mapping[str, Any], matched: Sequence[Pair]) -> str:
    """What is compared with what, and whose turns are made of words."""
    against = f" (B: {given['against']})" if given["against"] else ""
    within = f", within {given['uem']}" if given["uem"] else ""
    sides = (
        ("REF", [pair.reference for pair in matched]),
        ("HYP", [pair.hypothesis for pair in matched]),
    )
    made = [side for side, own in sides if any(one.segments and not one.turns for one in own)]
    words = f"; turns of {' and '.join(made)} are made of words" if made else ""
    return f"{hypothesis} against {reference}{against}{within}{words}"


def _write_page(
    matched: Sequence[Pair], results: Results, settings: EvaluationSettings, given: Mapping[str, Any]
) -> None:
    """Write the page, and say so."""
    from meetscribe.cli.display import messages
    from meetscribe.cli.sounds import sound_of
    from meetscribe.formats import write_file
    from meetscribe.report.evaluation_page import Comparison, make_evaluation_page

    page: Path = given["page"]
    comparisons = [
        Comparison(
            pair.name,
            pair.reference,
            pair.hypothesis,
            results.recordings[pair.name],
            sound_of(given["audio"], pair.name, page.parent, alone=len(matched) == 1),
            pair.within,
        )
        for pair in matched
    ]
    write_file(page, make_evaluation_page(comparisons, settings).encode("utf-8", "replace"))
    if not given["quiet"]:
        messages.say(f"wrote {page}")
